import Model

/// The origins beside its own that a login may pass through: named by a person, never guessed.
public enum LoginHost {
    /// Most of one login: more is no way to log in.
    public static let most = 16

    /// Whether `text` has the form of an origin that can be one: https, or http to this machine.
    public static func isOrigin(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3 || (parts.count == 4 && parts[3].isEmpty), parts[1].isEmpty, !parts[2].isEmpty,
            !parts[2].utf8.contains(where: { "*@?#\\ ".utf8.contains($0) })
        else { return false }
        let bracketed = parts[2].split(separator: "]").first.map { $0.dropFirst() } ?? ""
        let host = parts[2].hasPrefix("[") ? bracketed : parts[2].prefix { $0 != ":" }
        let scheme = parts[0].lowercased()
        return scheme == "https:" || (scheme == "http:" && LoopbackAddress.isName(host.lowercased()))
    }

    /// The origin that `text` names, as ``RequestTarget/origin`` writes it; nil where it can be none.
    public static func origin(_ text: String, _ syntax: URLSyntax) -> String? {
        isOrigin(text) ? syntax.parse(text)?.origin : nil
    }
}
