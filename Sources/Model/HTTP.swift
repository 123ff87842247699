/// A header field (RFC 9110, 5). The value is a secret, because any of them may be one.
public struct HTTPHeader: Sendable, Equatable {
    /// The field's name as written; compared without case.
    public var name: String
    /// The field's value, without surrounding white space.
    public var value: SecretBytes

    /// A field with a value that may be a secret.
    public init(name: String, value: SecretBytes) {
        self.name = name
        self.value = value
    }

    /// A field whose value is no secret.
    public init(_ name: String, _ value: String) { self.init(name: name, value: SecretBytes(value)) }

    /// Whether the field has this name.
    public func isNamed(_ other: String) -> Bool { name.equalsIgnoringCase(other) }
}

/// A request that the daemon itself makes: a login, a renewal, a logout.
public struct HTTPRequest: Sendable {
    /// The method, upper case.
    public var method: String
    /// The absolute URL.
    public var url: String
    /// The header fields beside those libcurl writes.
    public var headers: [HTTPHeader]
    /// The body; nil for none.
    public var body: SecretBytes?

    /// A request.
    public init(method: String, url: String, headers: [HTTPHeader] = [], body: SecretBytes? = nil) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// The answer to an ``HTTPRequest``; redirects are not followed.
public struct HTTPResponse: Sendable {
    /// The status code, 100–599.
    public var status: Int
    /// The header fields in the order received.
    public var headers: [HTTPHeader]
    /// The body.
    public var body: SecretBytes
    /// The URL that was asked.
    public var url: String
    /// When the request was started: lifetimes the server tells count from here, the safe side.
    public var started: BootInstant

    /// An answer.
    public init(status: Int, headers: [HTTPHeader], body: SecretBytes, url: String, started: BootInstant) {
        self.status = status
        self.headers = headers
        self.body = body
        self.url = url
        self.started = started
    }

    /// The values of all fields of this name, in order.
    public func values(of name: String) -> [SecretBytes] {
        headers.lazy.filter { $0.isNamed(name) }.map(\.value)
    }

    /// The first value of this name as text; nil where there is none, or it is not UTF-8.
    public func text(of name: String) -> String? { values(of: name).first?.exposedText() }
}

/// One URL as libcurl's parser took it apart: what protection spaces are matched against.
public struct RequestTarget: Hashable, Sendable {
    /// `http` or `https`.
    public var scheme: Scheme
    /// Lower case, punycode; IPv6 without brackets.
    public var host: String
    /// The port, filled in where the URL leaves it out.
    public var port: UInt16
    /// The path as it is sent, beginning with `/`, without query and fragment.
    public var path: String

    /// A target of these parts.
    public init(scheme: Scheme, host: String, port: UInt16, path: String) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
    }

    /// The origin as text, the default port left out: `https://api.example.com`.
    public var origin: String { scheme.origin(host: host, port: port) }
}

/// The schemes that sessions are sent over.
public enum Scheme: String, Hashable, Sendable {
    /// Plain HTTP.
    case http
    /// HTTP over TLS.
    case https

    /// The port where a URL names none (RFC 9110, 4.2).
    public var defaultPort: UInt16 { self == .https ? 443 : 80 }

    /// An origin of this scheme as text.
    public func origin(host: String, port: UInt16) -> String {
        let bracketed = host.contains(":") ? "[\(host)]" : host
        return "\(rawValue)://\(bracketed)" + (port == defaultPort ? "" : ":\(port)")
    }
}

extension String {
    /// Whether two strings are the same but for the case of ASCII letters (RFC 9110, 5.1; RFC 4343).
    public func equalsIgnoringCase(_ other: String) -> Bool {
        utf8.count == other.utf8.count && zip(utf8, other.utf8).allSatisfy { $0.asciiLowercased == $1.asciiLowercased }
    }

    /// Whether two strings are the same bytes, as servers compare them; `==` takes composed and decomposed letters for
    /// the same.
    public func hasSameBytes(as other: String) -> Bool {
        // `==` is quick and never wrong where it says no.
        self == other && utf8.elementsEqual(other.utf8)
    }

    /// Whether the string's bytes end with those of `suffix`.
    public func hasSuffixBytes(_ suffix: String) -> Bool {
        utf8.count >= suffix.utf8.count && utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
    }
}

extension UInt8 {
    /// The byte, with `A`–`Z` made lower case.
    public var asciiLowercased: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }
}
