import Model
import Prose

/// A server's word that a token may do too little for a request (RFC 6750, 3.1: `insufficient_scope`).
struct ScopeChallenge {
    /// A longer list is not what a person would type.
    private static let longest = 512

    /// The scopes that the request needs; empty where the server does not say, or says what cannot stand in a command.
    let scopes: [String]

    /// What the values of WWW-Authenticate fields say; nil where it is not that.
    init?(_ values: [SecretBytes]) {
        let found = HTTPChallenge.parse(values).first { challenge in
            // DPoP's challenges are like Bearer's (RFC 9449, 7.1).
            (challenge.scheme.equalsIgnoringCase("bearer") || challenge.scheme.equalsIgnoringCase("dpop"))
                && challenge.parameters["error"] == "insufficient_scope"
        }
        guard let found else { return nil }
        let text = found.parameters["scope"] ?? ""
        let scopes = text.split(separator: " ").map(String.init)
        // It is shown in a command that a person copies into a shell.
        let isPlain =
            text.utf8.count <= Self.longest
            && scopes.allSatisfy { scope in
                scope.utf8.allSatisfy { (0x21..<0x7F).contains($0) && ![0x22, 0x27, 0x5C].contains($0) }
            }
        self.scopes = isPlain ? scopes : []
    }

    /// What a person is told; nothing where the session was not made by a login that could ask for more.
    func notice(for session: Session) -> [String] {
        guard let use = session.oauth else { return [] }
        let missing = scopes.filter { !use.scopes.contains($0) }
        return [Prose.lacksScope(session.name, missing.isEmpty ? scopes : missing)]
    }
}
