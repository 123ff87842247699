import Model

/// Who may set which cookie (5.7).
extension Cookie {
    /// The cookie that a Set-Cookie field of an answer from `target` sets.
    ///
    /// What a jar has already, and may forbid it, is not asked here: ``CookieJar/store(setCookie:from:now:)`` does.
    /// - Parameters:
    ///   - setCookie: the field's value.
    ///   - target: the request that was answered.
    ///   - now: the time the answer came.
    ///   - partition: the key of a Partitioned cookie, ``CookiePartition/key(of:)`` of the URL the script named; nil where
    ///     that was the target.
    /// - Throws: ``CookieRefusal`` where it is not to be taken.
    public static func parse(
        setCookie: SecretBytes, from target: RequestTarget, now: WallInstant, partition: String? = nil
    ) throws(CookieRefusal) -> Cookie {
        let fields = try SetCookie(setCookie, now: now)
        guard let name = fields.name.exposedText() else { throw .notUTF8 }
        let domain = try domain(fields.domain, host: target.host)
        let cookie = Cookie(
            name: name, value: fields.value, domain: domain ?? target.host, isHostOnly: domain == nil,
            path: try path(fields.path, requested: target.path), isSecure: fields.isSecure,
            isHTTPOnly: fields.isHTTPOnly, sameSite: fields.sameSite, expiry: fields.expiry, creation: now,
            partition: fields.isPartitioned ? partition ?? CookiePartition.key(of: target) : nil)
        try cookie.checkSecure(target.scheme)
        try cookie.checkPartition()
        try cookie.checkPrefix(namesPath: fields.path != nil)
        return cookie
    }

    /// Steps 7 to 10: the domain a server may name; nil for the host alone.
    private static func domain(_ named: [UInt8]?, host: String) throws(CookieRefusal) -> String? {
        guard let named, !named.isEmpty else { return nil }
        guard named.allSatisfy({ $0 < 0x80 }) else { throw .badDomain }
        let domain = String(decoding: named, as: UTF8.self)
        // An address is its own host and nobody's domain; a public suffix may be a host too.
        if domain == host, Host.isAddress(host) || PublicSuffix.isSuffix(domain) { return nil }
        if !Host.isAddress(domain), PublicSuffix.isSuffix(domain) { throw .publicSuffix }
        guard Host.domainMatches(host, domain) else { throw .foreignDomain }
        return domain
    }

    /// Step 11: the path named, or the default.
    private static func path(_ named: [UInt8]??, requested: String) throws(CookieRefusal) -> String {
        guard let named, let named else { return Host.defaultPath(of: requested) }
        guard let path = String(validating: named, as: UTF8.self) else { throw .notUTF8 }
        return path
    }

    /// Steps 12 and 13: only https can set a Secure cookie. "Secure" is https and nothing else, no loopback address
    /// either, as the text of the standard has it.
    private func checkSecure(_ scheme: Scheme) throws(CookieRefusal) {
        if isSecure, scheme != .https { throw .insecureOrigin }
    }
}
