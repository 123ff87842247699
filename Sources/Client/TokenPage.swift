import Model
import Prose

/// The page of `lanyard jwt decode`: what a JWT says. Its signature, which is what makes it a secret, is not on it.
public struct TokenPage {
    private let header: JSONValue
    private let claims: JSONValue
    private let time: TimePhrase

    /// The page of a token's header and claims, both of them objects.
    public init(header: JSONValue, claims: JSONValue, now: WallInstant = Clock.system.wall()) {
        self.header = header
        self.claims = claims
        time = TimePhrase(now: now)
    }

    /// The page for people.
    public func text(_ style: Style) -> SecretBytes {
        let labels = ((header.members ?? []) + (claims.members ?? [])).map { columns(of: shown($0.name)) }
        var page = PageText(indent: 2, longest: labels.max() ?? 0)
        page.line(style.paint(CommandProse.jwtHeader, .bold))
        for (name, value) in header.members ?? [] {
            page.row(shown(name), CommandProse.claim(name, value, time, relative: false))
        }
        page.line(style.paint(CommandProse.jwtClaims, .bold))
        for (name, value) in claims.members ?? [] {
            page.row(shown(name), CommandProse.claim(name, value, time, relative: true))
        }
        page.line(style.paint(CommandProse.jwtSignature, .bold))
        page.line("  " + CommandProse.unchecked(algorithm: header["alg"]?.string ?? "none"))
        return page.finish()
    }

    /// The object of `lanyard jwt decode --json`.
    public func json() -> SecretBytes {
        var json = JSONWriter()
        json.object { json in
            json.member("header", header)
            json.member("claims", claims)
            json.member("signature_checked", false)
        }
        return json.finish()
    }
}
