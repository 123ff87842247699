/// What holds the journal's key: chosen at the first store, written down, and never another by itself.
enum Backend: String {
    /// A key file wrapped with a passphrase.
    case vault
}

/// The record of the choice: a file with the backend's name in the state folder.
struct BackendRecord {
    private static let fileName = "store"
    /// The setting that leaves the choice to us.
    private static let automatic = "auto"
    /// A name and a newline are less, in bytes.
    private static let largest = 256
    /// Backends of the design that this version does not have: a record or a setting may name one all the same.
    fileprivate static let notHere: Set<String> = ["secret-service"]

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

    /// The backend's name where `asked` is the setting, and why it is that one.
    /// - Throws: ``StoreFailure/otherBackend(recorded:asked:)`` where another one is recorded.
    func choice(asked: String) throws(StoreFailure) -> Choice {
        let recorded = try read()
        if let recorded, Backend(rawValue: recorded) == nil, !Self.notHere.contains(recorded) {
            throw .recordDamaged(path: folder.path(of: Self.fileName))
        }
        if asked != Self.automatic, let recorded, recorded != asked {
            throw .otherBackend(recorded: recorded, asked: asked)
        }
        if let recorded { return Choice(name: recorded, reason: .recorded) }
        if asked != Self.automatic { return Choice(name: asked, reason: .asked) }
        return Choice(name: Backend.vault.rawValue, reason: .onlyOne)
    }

    /// A choice of backend, perhaps of one that is not here.
    struct Choice {
        var name: String
        var reason: Store.Reason

        /// The backend.
        /// - Throws: ``StoreFailure`` where this version has none of that name.
        func backend() throws(StoreFailure) -> Backend {
            if let backend = Backend(rawValue: name) { return backend }
            throw BackendRecord.notHere.contains(name) ? .backendNotHere(name) : .unknownBackend(name)
        }
    }
}
