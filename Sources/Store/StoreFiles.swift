import Model

/// The store's folders and what is open in them: owned by the store's thread, gone with it.
final class StoreFiles {
    private let folders: StoreFolders
    private let settings: StoreSettings
    private let clock: Clock
    private var data: Folder?
    /// Open and locked as long as this is there.
    private var lock: File?
    private var record: BackendRecord?
    private var journal: Journal?
    /// What the journal is sealed with.
    private var key: SecretBytes?

    init(folders: StoreFolders, settings: StoreSettings, clock: Clock) {
        self.folders = folders
        self.settings = settings
        self.clock = clock
    }

    /// Which backend is recorded or asked for; nil where that is still to be chosen.
    func choice() throws(StoreFailure) -> BackendRecord.Choice? {
        if let choice = try backendRecord().choice(asked: settings.kind) { return choice }
        // The record is gone, and there is a vault.
        return try VaultKey(in: dataFolder()).exists() ? BackendRecord.Choice(.vault, .recorded) : nil
    }

    /// Takes the lock, and opens the vault where a file holds the passphrase, unless it is to stay locked.
    func startVault(staysLocked: Bool) throws(StoreFailure) -> Started {
        let isNew = try prepareVault()
        guard !staysLocked, let path = settings.passphraseFile else { return .locked(isNew: isNew) }
        return .open(try openVault(passphrase: try PassphraseFile.read(path), create: isNew))
    }

    /// What a start leads to.
    enum Started {
        case locked(isNew: Bool)
        case open(Journal.Contents)
    }

    /// Opens the vault with its passphrase, or makes it, and then the journal.
    func openVault(passphrase: SecretBytes, create: Bool) throws(StoreFailure) -> Journal.Contents {
        if journal != nil { throw .alreadyOpen }
        let isNew = try prepareVault()
        if create, !isNew { throw .vaultExists }
        if !create, isNew { throw .noVault }
        let vault = VaultKey(in: try dataFolder())
        return try openJournal(create ? vault.make(passphrase: passphrase) : vault.open(passphrase: passphrase), .vault)
    }

    /// Opens the journal with the one of these keys that it was sealed with, a new journal with the first.
    /// - Returns: also which key that was.
    func openJournal(
        _ keys: [SecretBytes], _ backend: Backend
    ) throws(StoreFailure) -> (Journal.Contents, key: Int) {
        for (index, key) in keys.enumerated() {
            do throws(StoreFailure) { return (try openJournal(key, backend), index) } catch {
                guard case .journalOfOtherKey = error, index + 1 < keys.count else { throw error }
            }
        }
        throw .locked
    }

    /// Opens the journal with a key that a backend holds, and records that backend.
    func openJournal(_ key: SecretBytes, _ backend: Backend) throws(StoreFailure) -> Journal.Contents {
        if journal != nil { throw .alreadyOpen }
        try takeLock()
        let data = try dataFolder()
        let record = try backendRecord()
        // Written last of all: where there is a record, there was a journal.
        let wasUsed = try record.read() != nil
        let hasJournal = try data.exists(Journal.fileName)
        var (opened, contents) = try Journal.open(in: data, key: key, clock: clock)
        if wasUsed, !hasJournal { contents.damage.append(Damage(what: .noJournal, keptAt: nil)) }
        try record.write(backend)
        journal = opened
        self.key = key
        return contents
    }

    /// Lets go of the journal and its key; the lock stays.
    func closeJournal() {
        journal = nil
        key = nil
    }

    /// The key of the open journal.
    func journalKey() throws(StoreFailure) -> SecretBytes {
        guard let key else { throw .locked }
        return key
    }

    /// Puts a journal that no key opens aside, under a name of its own.
    /// - Returns: its path; nil where there is none.
    func setJournalAside() throws(StoreFailure) -> String? {
        try takeLock()
        let data = try dataFolder()
        guard try data.exists(Journal.fileName) else { return nil }
        return try data.setAside(Journal.fileName, as: "\(Journal.fileName).keyless-\(clock.wall().rfc3339)")
    }

    /// Whether there is the key file of a vault.
    func hasVaultKey() throws(StoreFailure) -> Bool { try VaultKey(in: dataFolder()).exists() }

    /// Removes the key file of the vault that the store has moved from.
    func removeVaultKey() throws(StoreFailure) { try dataFolder().remove(VaultKey.fileName) }

    /// Records that the store has moved.
    func recordMove(to backend: Backend) throws(StoreFailure) { try backendRecord().change(to: backend) }

    /// Makes a vault of the open journal's key, and shows that the passphrase opens the journal as it is on the disk.
    /// - Returns: what is in it.
    func makeVault(passphrase: SecretBytes) throws(StoreFailure) -> [StoredSession] {
        guard let journal else { throw .locked }
        let vault = VaultKey(in: try dataFolder())
        try vault.wrap(journalKey(), passphrase: passphrase)
        return try journal.sessions(with: try vault.open(passphrase: passphrase))
    }

    /// Checks all that can be checked without a passphrase; whether there is no vault yet.
    private func prepareVault() throws(StoreFailure) -> Bool {
        try takeLock()
        let data = try dataFolder()
        let hasKey = try VaultKey(in: data).exists()
        if !hasKey, try data.exists(Journal.fileName) {
            throw .keyFileMissing(path: data.path(of: VaultKey.fileName))
        }
        return !hasKey
    }

    private func takeLock() throws(StoreFailure) {
        if lock == nil, let file = try dataFolder().create("lock") {
            try file.lock()
            lock = file
        }
    }

    private func dataFolder() throws(StoreFailure) -> Folder {
        if let data { return data }
        let folder = try Folder(folders.data)
        data = folder
        return folder
    }

    private func backendRecord() throws(StoreFailure) -> BackendRecord {
        if let record { return record }
        let opened = BackendRecord(in: try Folder(folders.state))
        record = opened
        return opened
    }
}

/// Writing.
extension StoreFiles {
    /// Appends these batches together and says how it went.
    func append(_ group: [(changes: [Change], done: @Sendable (StoreFailure?) -> Void)]) {
        guard !group.isEmpty else { return }
        guard let journal else {
            for (_, done) in group { done(.locked) }
            return
        }
        var batches: [Journal.Batch] = []
        var waiting: [@Sendable (StoreFailure?) -> Void] = []
        for (changes, done) in group {
            do throws(StoreFailure) {
                batches.append(try journal.batch(changes))
                waiting.append(done)
            } catch {
                // One that is too large is refused alone.
                done(error)
            }
        }
        var failure: StoreFailure?
        do throws(StoreFailure) { try journal.append(batches) } catch { failure = error }
        for done in waiting { done(failure) }
    }

    /// Compacts the journal if it has grown enough.
    func compactIfGrown() { journal?.compactIfGrown() }
}
