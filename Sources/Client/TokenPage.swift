import Model
import Prose

/// The page of `lanyard jwt`: what a JWT says. Its signature, which is what makes it a secret, is not on it.
public struct TokenPage {
    /// What the signature was checked with.
    public struct Signer {
        /// The key's `kid`.
        public let key: String?
        /// Whose keys: an issuer or a file.
        public let source: String

        /// A key of a source.
        public init(key: String?, source: String) {
            self.key = key
            self.source = source
        }
    }

    private let header: JSONValue
    private let claims: JSONValue?
    private let signer: Signer?
    private let time: TimePhrase

    /// The page of a token's header and claims, both of them objects.
    /// - Parameters:
    ///   - claims: nil for a message that is no JWT.
    ///   - signer: nil where the signature was not checked.
    public init(
        header: JSONValue, claims: JSONValue?, signer: Signer? = nil, now: WallInstant = Clock.system.wall()
    ) {
        self.header = header
        self.claims = claims
        self.signer = signer
        time = TimePhrase(now: now)
    }

    /// The page for people.
    public func text(_ style: Style) -> SecretBytes {
        let labels = ((header.members ?? []) + (claims?.members ?? [])).map { columns(of: shown($0.name)) }
        var page = PageText(indent: 2, longest: labels.max() ?? 0)
        page.line(style.paint(CommandProse.jwtHeader, .bold))
        for (name, value) in header.members ?? [] {
            page.row(shown(name), CommandProse.claim(name, value, time, relative: false))
        }
        if claims != nil { page.line(style.paint(CommandProse.jwtClaims, .bold)) }
        for (name, value) in claims?.members ?? [] {
            page.row(shown(name), CommandProse.claim(name, value, time, relative: true))
        }
        page.line(style.paint(CommandProse.jwtSignature, .bold))
        let algorithm = header["alg"]?.string ?? "none"
        page.line(
            "  "
                + (signer.map { CommandProse.checked(algorithm: algorithm, key: $0.key, of: $0.source) }
                    ?? CommandProse.unchecked(algorithm: algorithm)))
        return page.finish()
    }

    /// The object of `lanyard jwt --json`.
    public func json() -> SecretBytes {
        var json = JSONWriter()
        json.object { json in
            json.member("header", header)
            if let claims { json.member("claims", claims) }
            json.member("signature_checked", signer != nil)
        }
        return json.finish()
    }
}
