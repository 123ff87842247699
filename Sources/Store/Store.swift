import EventLoop
import Keyring
import Model

/// Where the store's files are.
public struct StoreFolders: Sendable {
    /// The folder of the journal and the key file: `$XDG_DATA_HOME/lanyard`.
    public var data: String
    /// The folder of the record of the backend: `$XDG_STATE_HOME/lanyard`.
    public var state: String

    /// These folders; they are made (0700) where they are missing.
    public init(data: String, state: String) {
        self.data = data
        self.state = state
    }
}

/// What a person has set about the store.
public struct StoreSettings: Sendable {
    /// The backend: `auto`, or the name of one (`LANYARD_STORE`).
    public var kind: String
    /// The file that holds the vault's passphrase (`LANYARD_PASSPHRASE_FILE`); nil where a person is asked.
    public var passphraseFile: String?

    /// These settings.
    public init(kind: String = "auto", passphraseFile: String? = nil) {
        self.kind = kind
        self.passphraseFile = passphraseFile
    }
}

/// The sessions on the disk: a journal of changes, sealed with a key that the backend holds.
///
/// It keeps no session in memory: it gives all of them back when it opens, and from then on is told of changes.
/// Its thread holds the lock and the key until ``close()``, whoever holds this object.
@LoopActor public final class Store {
    /// How the store is.
    public enum State: Equatable, Sendable {
        /// Changes are taken.
        case open
        /// The vault waits for a passphrase, where it is new for the one to make it with; or the keyring is locked.
        case locked(isNew: Bool)
        /// It cannot be used, and why. ``Store/unlock(passphrase:create:)`` tries again.
        case unavailable(StoreFailure)
    }

    /// Why the backend is the one it is.
    public enum Reason: Sendable {
        /// It was chosen at the first store.
        case recorded
        /// The setting names it.
        case asked
        /// There is a keyring with a default collection.
        case keyringIsThere
        /// There is no such keyring.
        case noKeyring
    }

    /// How the store is.
    public internal(set) var state = State.locked(isNew: false)
    /// The name of the backend.
    public var kind: String { backend.rawValue }
    /// Why it is that one.
    public private(set) var reason = Reason.noKeyring
    /// What was lost or wrong when the journal was opened.
    public internal(set) var damage: [Damage] = []
    /// A session as the daemon has it now, for its item in the keyring.
    public var contents: (SessionID) -> StoredSession? {
        get { items.contents }
        set { items.contents = newValue }
    }
    /// The keyring has changed while the store is not open: ``start(staysLocked:)`` may open it now.
    public var onKeyringChange: () -> Void = {}

    private let folders: StoreFolders
    let settings: StoreSettings
    let clock: Clock
    let keyring: Keyring
    let items: ItemFollower
    /// The number of the process that was the keyring when the store was opened with it.
    public internal(set) var keyringProcess: Int32?
    /// What holds the journal's key.
    public internal(set) var backend = Backend.vault
    /// Items of all sessions are being written, which the journal has to know of.
    var isMovingIn = false
    private var thread: StoreThread?

    /// A store of these folders, not yet started; nothing is touched.
    public init(folders: StoreFolders, environment: StoreSettings, clock: Clock, keyring: Keyring = Keyring()) {
        self.folders = folders
        settings = environment
        self.clock = clock
        self.keyring = keyring
        items = ItemFollower(keyring: keyring, clock: clock)
        items.onLost = { [weak self] ids in
            do { try await self?.record(ids.map { .item($0, .gone) }) } catch { return false }
            return true
        }
        keyring.onChange = { [weak self] in self?.keyringHasChanged() }
    }

    /// Takes the store for this process, and opens it where nobody has to be asked: the keyring is open, or a passphrase
    /// file is set (which also makes a new vault). ``state`` says what came of it. To be called again where it is not
    /// open, to try once more.
    /// - Parameter staysLocked: nothing is read, neither the keyring nor the passphrase file.
    /// - Returns: the sessions, by name; none where it is not open.
    public func start(staysLocked: Bool = false) async -> [StoredSession] {
        do throws(StoreFailure) {
            let isFirst = thread == nil
            if thread == nil { thread = try makeThread() }
            let choice = try await choose()
            backend = choice.backend
            reason = choice.reason
            // Until it answers.
            if isFirst, backend == .secretService { state = .unavailable(.keyring(.timedOut)) }
            if backend == .secretService {
                guard !staysLocked else {
                    state = .locked(isNew: false)
                    return []
                }
                return try await openWithKeyring()
            }
            switch try await perform({ files throws(StoreFailure) in try files.startVault(staysLocked: staysLocked) }) {
            case .locked(let isNew): state = .locked(isNew: isNew)
            case .open(let contents): return take(contents)
            }
        } catch {
            state = error == .keyring(.locked) ? .locked(isNew: false) : .unavailable(error)
        }
        return []
    }

    /// The backend: recorded, asked for, or the keyring where there is one to keep things in.
    private func choose() async throws(StoreFailure) -> BackendRecord.Choice {
        if let choice = try await perform({ files throws(StoreFailure) in try files.choice() }) { return choice }
        // Until it answers.
        state = .unavailable(.keyring(.timedOut))
        switch await keyring.state() {
        case .open, .locked: return BackendRecord.Choice(.secretService, .keyringIsThere)
        // There is one, and it may have a collection.
        case .unavailable(.timedOut): throw .keyring(.timedOut)
        case .unavailable: return BackendRecord.Choice(.vault, .noKeyring)
        }
    }

    /// Opens the store with the vault's passphrase, or makes a vault with it; that takes about a second, on another
    /// thread. The passphrase is let go of then.
    /// - Returns: the sessions, by name.
    /// - Throws: ``StoreFailure``; ``state`` then says what can be done, and another try is free.
    public func unlock(passphrase: SecretBytes, create: Bool) async throws(StoreFailure) -> [StoredSession] {
        do throws(StoreFailure) {
            return take(
                try await perform { files throws(StoreFailure) in
                    try files.openVault(passphrase: passphrase, create: create)
                })
        } catch {
            switch error {
            case .wrongPassphrase, .emptyPassphrase, .noVault, .vaultExists, .alreadyOpen, .locked: break
            default: state = .unavailable(error)
            }
            throw error
        }
    }

    /// The same with the passphrase in a file of the person's own, which is checked like that of the settings.
    /// - Throws: also ``StoreFailure/passphraseFile(path:_:)``, or `io` where it cannot be read: ``state`` is as it was.
    public func unlock(passphraseFile path: String, create: Bool) async throws(StoreFailure) -> [StoredSession] {
        try await unlock(passphrase: try await passphrase(in: path), create: create)
    }

    /// The passphrase in a file of the person's own.
    /// - Throws: ``StoreFailure/passphraseFile(path:_:)``, or `io` where it cannot be read.
    public func passphrase(in path: String) async throws(StoreFailure) -> SecretBytes {
        try await perform { _ throws(StoreFailure) in try PassphraseFile.read(path) }
    }

    /// Writes changes down, all or none; they outlast a crash when this returns. What is called first is first in the
    /// journal; what is called while the disk is busy is written together.
    /// - Parameter items: when the keyring's items follow.
    /// - Throws: ``StoreFailure/io(path:errno:)`` where the disk is full or failing: nothing of the batch was kept, and
    ///   the next may succeed. ``StoreFailure/locked`` or why it is unavailable, where the store is not open.
    public func apply(_ batch: [Change], items urgency: ItemUrgency = .inTime) async throws(StoreFailure) {
        if case .unavailable(let failure) = state { throw failure }
        guard state == .open else { throw .locked }
        try await record(batch + (backend == .secretService || isMovingIn ? notes(for: batch, urgency) : []))
        // It may have moved meanwhile.
        if backend == .secretService { follow(batch, urgency) }
    }

    /// Writes changes into the journal, which the keyring's items need not follow.
    func record(_ batch: [Change]) async throws(StoreFailure) {
        guard let thread else { throw .locked }
        if batch.isEmpty { return }
        let failure = await withCheckedContinuation { continuation in
            thread.enqueue(.append(batch) { failure in continuation.resume(returning: failure) })
        }
        if let failure { throw failure }
    }

    /// Finishes what has been handed over and forgets the key; this process stays the only one that may write.
    /// ``start(staysLocked:)`` or ``unlock(passphrase:create:)`` opens it again.
    public func lock() async {
        guard state == .open else { return }
        if backend == .secretService {
            await items.flush(seconds: Self.lastWrites)
            keyring.disconnect()
            await items.forget()
        }
        state = .locked(isNew: false)
        damage = []
        // It fails only where the thread has ended: then there is no key either.
        try? await perform { files throws(StoreFailure) in files.closeJournal() }
    }

    /// Finishes what has been handed over, forgets the key, and gives the store up for other processes.
    public func close() async {
        if backend == .secretService, state == .open { await items.flush(seconds: Self.lastWrites) }
        keyring.close()
        guard let thread else { return }
        self.thread = nil
        state = .locked(isNew: false)
        damage = []
        await withCheckedContinuation { continuation in
            thread.enqueue(.end { continuation.resume() })
        }
    }

    /// How long a lock or a clean stop waits for the keyring, in seconds: one call's deadline.
    private static let lastWrites = 5.0

    func take(_ contents: Journal.Contents) -> [StoredSession] {
        state = .open
        damage = contents.damage
        return contents.sessions
    }

    private func makeThread() throws(StoreFailure) -> StoreThread {
        let (folders, settings, clock) = (folders, settings, clock)
        return try StoreThread(path: folders.data) {
            StoreFiles(folders: folders, settings: settings, clock: clock)
        }
    }

    func perform<Answer: Sendable>(
        _ body: @escaping @Sendable (StoreFiles) throws(StoreFailure) -> Answer
    ) async throws(StoreFailure) -> Answer {
        guard let thread else { throw .locked }
        let result = await withCheckedContinuation { continuation in
            thread.enqueue(
                .perform { files in
                    continuation.resume(returning: Result { () throws(StoreFailure) in try body(files) })
                })
        }
        return try result.get()
    }
}
