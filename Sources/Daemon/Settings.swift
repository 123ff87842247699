import Model
import Prose
import TOML
import Varlink

/// What a person has set for the daemon, as lanyard.toml(5) has it: in `config.toml`, and in environment variables, which
/// win.
struct Settings: Equatable {
    /// The backend: `auto`, or the name of one.
    var store = "auto"
    /// The absolute path of the file that holds the vault's passphrase.
    var passphraseFile: String?
    /// Whether the desktop says when a session needs a login.
    var notifies = true
    /// The command that is run when a session needs a login: its words, none for no command.
    var onNeedsLogin: [String] = []
    /// The command that is run when a session was renewed.
    var onRenewed: [String] = []

    private static let keys = ["store", "passphrase-file", "notify", "on-needs-login", "on-renewed"]
    private static let stores = ["auto", "secret-service", "vault"]
    /// A command of more words is none that a person wrote.
    private static let mostWords = 64

    /// Nothing set.
    init() {}

    /// What the file says.
    init(_ bytes: [UInt8]) throws(FileMistake) {
        let root = try TOMLDocument(bytes).root
        try root.allow(Self.keys)
        if let store = try root.text("store", .choice(Self.stores), where: Self.stores.contains) { self.store = store }
        passphraseFile = try root.text("passphrase-file", .absolutePath, where: Self.isPath).map(Self.path)
        if let notifies = try root.flag("notify") { self.notifies = notifies }
        onNeedsLogin = try Self.command("on-needs-login", root)
        onRenewed = try Self.command("on-renewed", root)
    }

    private static func command(_ key: String, _ root: TOMLTable) throws(FileMistake) -> [String] {
        guard let words = try root.texts(key, .words) else { return [] }
        guard words.count <= mostWords, words.allSatisfy({ !$0.contains("\0") }) else {
            throw FileMistake(.value(key, expected: .words), line: root[key]?.line ?? 0)
        }
        return words
    }

    private static func isPath(_ text: String) -> Bool {
        (text.hasPrefix("/") || text.hasPrefix("~/")) && !text.contains("\0")
    }

    private static func path(_ text: String) -> String {
        text.hasPrefix("~/") ? (Environment.value("HOME") ?? "") + text.dropFirst() : text
    }

    /// Lets environment variables win.
    /// - Parameter variable: a variable's value; nil where it is unset or empty.
    mutating func override(by variable: (String) -> String?) throws(Failure) {
        if let value = variable("LANYARD_STORE") { store = value }
        if let value = variable("LANYARD_PASSPHRASE_FILE") { passphraseFile = value }
        switch variable("LANYARD_NOTIFY") {
        case nil: break
        case "true"?: notifies = true
        case "false"?: notifies = false
        case let other?: throw .badVariable("LANYARD_NOTIFY", other, Prose.expected(.flag))
        }
        // Words between spaces: what has spaces in a word is for the file.
        if let value = variable("LANYARD_ON_NEEDS_LOGIN") {
            onNeedsLogin = value.split(separator: " ").map(String.init)
        }
        if let value = variable("LANYARD_ON_RENEWED") { onRenewed = value.split(separator: " ").map(String.init) }
    }

    /// Whether a store opened by these settings is opened by others just so.
    func opensStore(as other: Settings) -> Bool { store == other.store && passphraseFile == other.passphraseFile }
}
