import Model
import Prose

/// What `lanyard set` was told to change: words like `ambient=true` and `for+=https://api.example.com`.
public struct SettingsRequest: Sendable, Equatable {
    /// How such a word begins, for completion.
    public static let keys = [
        "ambient=true", "ambient=false", "default=true", "default=false", "insecure=true", "insecure=false",
        "confirm=true", "confirm=false", "for=", "for+=", "for-=",
    ]

    private var flags: [String: Bool] = [:]
    private var places: [String] = []
    private var added: [String] = []
    private var removed: [String] = []

    /// Reads the words, at least one. Several `for=` together are the new protection space.
    /// - Throws: a ``Failure`` with the code `usage` for a word that sets nothing.
    public init(_ words: [String]) throws(Failure) {
        for word in words {
            guard let equals = word.firstIndex(of: "=") else { throw CommandProse.noSetting(word) }
            let value = String(word[word.index(after: equals)...])
            switch word[..<equals] {
            case "for": places.append(value)
            case "for+": added.append(value)
            case "for-": removed.append(value)
            case "ambient", "default", "insecure", "confirm":
                flags[String(word[..<equals])] = try Self.flag(word, equals, value)
            default: throw CommandProse.noSetting(word)
            }
        }
    }

    private static func flag(_ word: String, _ equals: String.Index, _ value: String) throws(Failure) -> Bool {
        switch value {
        case "true": return true
        case "false": return false
        default: throw CommandProse.noSettingValue(String(word[..<equals]), value)
        }
    }

    /// Writes the parameters of Set but the session.
    public func write(_ json: inout JSONWriter) {
        for (name, value) in flags.sorted(by: { $0.key < $1.key }) { json.member(name, value) }
        if !places.isEmpty { json.member("for", places) }
        json.member("for_added", added)
        json.member("for_removed", removed)
    }
}
