import Model

/// The origins beside its own that a login may pass through: named by a person, never guessed.
public enum LoginHost {
    /// Most of one login: more is no way to log in.
    public static let most = 16

    /// Whether `text` is an origin that can be one: https, or http to this machine.
    public static func isOrigin(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3 || (parts.count == 4 && parts[3].isEmpty), parts[1].isEmpty else { return false }
        guard let host = HostPattern(String(parts[2])), !host.text.hasPrefix("*") else { return false }
        return parts[0] == "https:" || (parts[0] == "http:" && LoopbackAddress.isName(host.hostName))
    }

    /// The origin that `text` names, as ``RequestTarget/origin`` writes it; nil where it can be none.
    public static func origin(_ text: String, _ syntax: URLSyntax) -> String? {
        guard isOrigin(text), let target = syntax.parse(text) else { return nil }
        return target.origin
    }
}
