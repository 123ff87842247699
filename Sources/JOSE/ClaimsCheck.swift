import Model

/// Why a JWT is not valid although its signature is right (RFC 7519, 4.1).
public enum ClaimFailure: Error, Equatable, Sendable {
    /// A claim that is there is not what its standard says: `exp` a text, say; its name.
    case malformed(String)
    /// `iss` is another.
    case issuer
    /// `aud` does not name the audience.
    case audience
    /// `exp` is past.
    case expired(WallInstant)
    /// `nbf` is yet to come.
    case notYet(WallInstant)
}

extension JWT {
    /// Seconds that the clocks of server and machine may differ.
    public static let leeway: Int64 = 60

    /// Checks the registered claims that are there (RFC 7519, 4.1): none of them has to be, but for those asked for.
    /// - Parameters:
    ///   - issuer: what `iss` has to be, exactly; nil for any.
    ///   - audience: what has to be among `aud`; nil for any.
    ///   - now: by this machine's clock.
    /// - Throws: ``ClaimFailure``.
    public func check(issuer: String?, audience: String?, now: WallInstant) throws(ClaimFailure) {
        for (name, date) in [("exp", expires), ("nbf", notBefore), ("iat", issued)] where date == nil {
            guard claims.root[name] == nil else { throw .malformed(name) }
        }
        if let issuer, self.issuer != issuer { throw .issuer }
        if let audience, !audiences.contains(audience) { throw .audience }
        if let expires, now >= expires + Self.leeway { throw .expired(expires) }
        if let notBefore, notBefore > now + Self.leeway { throw .notYet(notBefore) }
    }
}
