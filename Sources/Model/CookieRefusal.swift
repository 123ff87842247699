/// Why a cookie is not taken (RFC 6265bis, 5.6 and 5.7); the words are those of the protocol.
public enum CookieRefusal: String, Error, Sendable, CaseIterable {
    /// Neither a name nor a value.
    case empty
    /// A control character.
    case controlCharacter = "control-character"
    /// A `;` in name or value, or a `=` in the name, of a cookie that a person brought.
    case delimiter
    /// Name and value are longer than 4,096 bytes.
    case tooLong = "too-long"
    /// Name or path is not UTF-8.
    case notUTF8 = "not-utf8"
    /// A domain that no host has.
    case badDomain = "bad-domain"
    /// A domain under which anyone can have a host: `com`, `co.uk`.
    case publicSuffix = "public-suffix"
    /// A domain that the host is not in.
    case foreignDomain = "foreign-domain"
    /// Secure, but not set over https.
    case insecureOrigin = "insecure-origin"
    /// A `__Secure-`, `__Host-`, `__Http-` or `__Host-Http-` name without what it promises.
    case prefix
    /// Partitioned, but not Secure.
    case partition
}
