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

    init(folders: StoreFolders, settings: StoreSettings, clock: Clock) {
        self.folders = folders
        self.settings = settings
        self.clock = clock
    }

    /// Which backend is recorded or asked for; nil where that is still to be chosen.
    func choice() throws(StoreFailure) -> BackendRecord.Choice? {
        try backendRecord().choice(asked: settings.kind)
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
        return contents
    }

    /// Lets go of the journal and its key; the lock stays.
    func closeJournal() { journal = nil }

    /// Puts a journal that no key opens aside, under a name of its own.
    /// - Returns: its path; nil where there is none.
    func setJournalAside() throws(StoreFailure) -> String? {
        try takeLock()
        let data = try dataFolder()
        guard try data.exists(Journal.fileName) else { return nil }
        return try data.setAside(Journal.fileName, as: "\(Journal.fileName).keyless-\(clock.wall().rfc3339)")
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
