/// Scopes as servers write them (RFC 6749, 3.3).
public enum Scopes {
    /// The most that are taken of a server: they are asked for in an address, kept and shown.
    public static let most = 100
    /// The most bytes of them.
    public static let mostBytes = 4 << 10
    /// What is asked for besides what an address needs, where the server tells of it: who it is, and a refresh token.
    public static let ofLogin = ["openid", "email", "offline_access"]

    /// Whether a text is a scope-token: printable ASCII without blanks, quotes and backslashes.
    public static func isScope(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x21..<0x7F).contains($0) && $0 != 0x22 && $0 != 0x5C }
    }

    /// The scopes in what a server says, each once: without what is none, and up to ``most`` and ``mostBytes``.
    public static func read(_ texts: [some StringProtocol]) -> [String] {
        var (scopes, bytes): ([String], Int) = ([], 0)
        for text in texts.lazy.map({ String($0) }) where isScope(text) && !scopes.contains(text) {
            bytes += text.utf8.count + 1
            if scopes.count == most || bytes > mostBytes { break }
            scopes.append(text)
        }
        return scopes
    }
}
