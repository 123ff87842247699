/// What holds the journal's key: chosen at the first store, written down, and never another by itself.
public enum Backend: String, Sendable {
    /// A key file wrapped with a passphrase.
    case vault
    /// An item in the person's keyring; the sessions are items too.
    case secretService = "secret-service"
}

/// The record of the choice: a file with the backend's name in the state folder.
struct BackendRecord {
    private static let fileName = "store"
    /// The setting that leaves the choice to us.
    private static let automatic = "auto"
    /// A name and a newline are less, in bytes.
    private static let largest = 256
    private let folder: Folder

    /// The record in the state folder.
    init(in folder: Folder) { self.folder = folder }

    /// The backend that was recorded; nil where none was.
    func read() throws(StoreFailure) -> String? {
        guard let file = try folder.open(Self.fileName) else { return nil }
        let text = String(decoding: try file.read(limit: Self.largest), as: UTF8.self)
        return text.split(whereSeparator: \.isWhitespace).first.map(String.init)
    }

    /// Records the choice, if it is not.
    func write(_ backend: Backend) throws(StoreFailure) {
        if try read() != nil { return }
        _ = try folder.replace(Self.fileName, with: Array("\(backend.rawValue)\n".utf8))
        try folder.sync()
    }

    /// Records another backend than before: the store has moved.
    func change(to backend: Backend) throws(StoreFailure) {
        _ = try folder.replace(Self.fileName, with: Array("\(backend.rawValue)\n".utf8))
        try folder.sync()
    }

    /// The backend where `asked` is the setting, and why it is that one; nil where it has to be found out whether there
    /// is a keyring.
    /// - Throws: ``StoreFailure/otherBackend(recorded:asked:)`` where another one is recorded.
    func choice(asked: String) throws(StoreFailure) -> Choice? {
        let recorded = try read()
        if let recorded, Backend(rawValue: recorded) == nil {
            throw .recordDamaged(path: folder.path(of: Self.fileName))
        }
        if asked != Self.automatic, Backend(rawValue: asked) == nil { throw .unknownBackend(asked) }
        if asked != Self.automatic, let recorded, recorded != asked {
            throw .otherBackend(recorded: recorded, asked: asked)
        }
        if let recorded { return try Choice(named: recorded, asked == Self.automatic ? .recorded : .asked) }
        return asked == Self.automatic ? nil : try Choice(named: asked, .asked)
    }

    /// A choice of backend.
    struct Choice {
        var backend: Backend
        var reason: Store.Reason

        init(_ backend: Backend, _ reason: Store.Reason) {
            self.backend = backend
            self.reason = reason
        }

        fileprivate init(named name: String, _ reason: Store.Reason) throws(StoreFailure) {
            guard let backend = Backend(rawValue: name) else { throw .unknownBackend(name) }
            self.init(backend, reason)
        }
    }
}
