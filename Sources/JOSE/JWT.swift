import Model

/// A JSON Web Token (RFC 7519) taken apart.
///
/// **Where it comes from ``decode(_:)`` its signature is not checked.** What it says is then what the server that gave the
/// token says about it: good for knowing when to renew and for showing, never for deciding who someone is. One that
/// ``VerifiedJWS/claims()`` gives is its issuer's.
public struct JWT: Sendable {
    /// Most bytes of a token that are looked into; a larger one does not fit into a header field either.
    public static let longest = 65_536

    /// The JOSE header (RFC 7515, 4); an object.
    public let header: JSONDocument
    /// The claims (RFC 7519, 4); an object.
    public let claims: JSONDocument

    /// Takes a token apart: three parts in base64url, the first two JSON objects (RFC 7515, 3.1; RFC 7519, 7.2).
    /// - Returns: nil where it is no such token: opaque, encrypted, longer than ``longest``. It may still be sent.
    public static func decode(_ token: SecretBytes) -> JWT? {
        guard token.count <= longest else { return nil }
        let parts = token.withBytes { bytes -> (header: SecretBytes, claims: SecretBytes)? in
            let dots = bytes.indices.filter { bytes[$0] == UInt8(ascii: ".") }
            guard dots.count == 2, let header = Base64.decode(bytes.extracting(0..<dots[0]), .url),
                let claims = Base64.decode(bytes.extracting((dots[0] + 1)..<dots[1]), .url),
                Base64.decode(bytes.extracting((dots[1] + 1)..<bytes.count), .url) != nil
            else { return nil }
            return (header, claims)
        }
        guard let parts, let header = try? JSONDocument(parts.header), let claims = try? JSONDocument(parts.claims),
            header.root.members != nil, claims.root.members != nil, header.root["alg"]?.string != nil
        else { return nil }
        return JWT(header: header, claims: claims)
    }

    /// The algorithm the header names (RFC 7515, 4.1.1).
    public var algorithm: String { header.root["alg"]?.string ?? "none" }

    /// Who made it (RFC 7519, 4.1.1).
    public var issuer: String? { claims.root["iss"]?.string }

    /// Whom it is about (RFC 7519, 4.1.2).
    public var subject: String? { claims.root["sub"]?.string }

    /// Whom it is for (RFC 7519, 4.1.3): a text, or an array of them; empty where it does not say, or not in texts alone.
    public var audiences: [String] {
        guard let audience = claims.root["aud"] else { return [] }
        if let one = audience.string { return [one] }
        let elements = audience.elements ?? []
        let texts = elements.compactMap(\.string)
        return texts.count == elements.count ? texts : []
    }

    /// When it ends, by the server's clock (RFC 7519, 4.1.4).
    public var expires: WallInstant? { date("exp") }

    /// From when it is good, by the server's clock (RFC 7519, 4.1.5).
    public var notBefore: WallInstant? { date("nbf") }

    /// When it was made, by the server's clock (RFC 7519, 4.1.6).
    public var issued: WallInstant? { date("iat") }

    /// How many seconds it lives: `exp − iat`, which no clock's error changes; nil where one is missing or it ends before
    /// it begins.
    public var lifetime: Int64? {
        guard let expires, let issued, expires > issued else { return nil }
        return expires - issued
    }

    /// A NumericDate (RFC 7519, 2): seconds, a fraction is dropped; nil for what no calendar holds.
    private func date(_ claim: String) -> WallInstant? {
        guard let seconds = claims.root[claim]?.number, seconds.magnitude < 253_402_300_800 else { return nil }
        return WallInstant(seconds: Int64(seconds.rounded(.down)))
    }
}
