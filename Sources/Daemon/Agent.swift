import Cookies
import EventLoop
import Model
import Prose
import Recipes
import Store
import Transfer

/// Everything the daemon is made of, put together once.
@LoopActor final class Agent {
    let clock: Clock
    let store: Store
    let registry: Registry
    let exchange: RecipeExchange
    let renewer: Renewer
    let attacher: Attacher
    let signIn: SignIn
    let tokens: TokenIssue
    let places: PlaceReader
    let syntax: URLSyntax
    let socketPath: String
    let started: WallInstant
    /// The calls being carried out.
    let calls = CallsUnderWay()
    /// No more calls are taken that would have to be waited for.
    private(set) var isStopping = false
    /// The person has locked the store, and has not unlocked it yet.
    private(set) var isLockedByHand = false
    private let mark: LockMark
    private let program = RunningProgram()
    /// Opening, locking and closing: one after the other.
    private let doors = Turnstile()
    /// Ends the process.
    var onStop: () async -> Void = {}
    /// Before and after what a reload does.
    var onReload: (_ isDone: Bool) -> Void = { _ in }
    /// After the store was opened or locked.
    var onDoors: () -> Void = {}
    /// Lets go of answers that have not been taken.
    var dropUnsent: () -> Void = {}
    /// Takes a line for the log.
    var log: (String) -> Void = { _ in }
    /// As long as a lock waits for renewals under way, in seconds: an attach waits as long for one.
    private static let renewalPatience = 10.0

    init(store: Store, socketPath: String, clock: Clock) throws(TransferFailure) {
        self.clock = clock
        self.store = store
        self.socketPath = socketPath
        started = clock.wall()
        mark = LockMark(besides: socketPath)
        syntax = URLSyntax.libcurl
        registry = Registry(store: store, clock: clock)
        exchange = RecipeExchange(transfer: try Transfer(), syntax: syntax, clock: clock)
        renewer = Renewer(registry: registry, exchange: exchange, clock: clock)
        attacher = Attacher(registry: registry, renewer: renewer, clock: clock)
        places = PlaceReader(syntax: syntax)
        signIn = SignIn(registry: registry, renewer: renewer, exchange: exchange, places: places, clock: clock)
        tokens = TokenIssue(renewer: renewer, clock: clock)
        store.contents = { [registry] id in registry.stored(id) }
        store.onOpened = { [weak self] sessions in self?.take(sessions) }
    }

    /// Opens the store where it can be opened without asking, and the person has not locked it.
    func start() async {
        isLockedByHand = mark.isSet
        take(await store.start(staysLocked: isLockedByHand))
    }

    /// What the store is opened with.
    enum Opening {
        /// Nothing: only where nobody needs to be asked.
        case byItself
        /// The vault's passphrase.
        case passphrase(SecretBytes)
        /// The path of a file of the caller's that holds it.
        case file(String)
    }

    /// Opens the store, or makes a vault.
    func unlock(_ opening: Opening, create: Bool) async throws(Failure) {
        await doors.enter()
        defer { doors.leave() }
        if isStopping { throw .stopping }
        let stored: [StoredSession]
        switch opening {
        case .passphrase(let passphrase):
            do { stored = try await store.unlock(passphrase: passphrase, create: create) } catch {
                throw Failure(error)
            }
        case _ where store.state == .open: return
        case .file(let path):
            do { stored = try await store.unlock(passphraseFile: path, create: create) } catch { throw Failure(error) }
        case .byItself:
            stored = await store.start()
            if let storeFailure { throw storeFailure }
        }
        isLockedByHand = false
        mark.remove()
        renewer.resume()
        take(stored)
        log(Prose.unlocked)
        onDoors()
    }

    /// Saves what is not saved yet, and forgets every secret and key until ``unlock(_:create:)``. Renewals under way come
    /// to their end first, for a while; calls that wait for anything else are ended.
    func lock() async {
        await doors.enter()
        defer { doors.leave() }
        // From here on nobody gets a secret any more.
        isLockedByHand = true
        if let failure = mark.set() { log(failure) }
        calls.cancel()
        await renewer.halt(.lockedByHand, patience: Self.renewalPatience)
        await calls.end()
        await registry.saveUses()
        registry.forget(.lockedByHand)
        dropUnsent()
        await store.lock()
        log(Prose.locked)
        onDoors()
    }

    /// Looks whether another program is installed by now: whoever asked then stops this one and starts that.
    func reload() throws(Failure) -> Bool {
        onReload(false)
        defer { onReload(true) }
        return try program.hasChanged()
    }

    /// Finishes what is under way, for at most `patience` seconds, and closes the store.
    func close(patience: Double) async {
        isStopping = true
        _ = await withDeadline(seconds: patience) { [self] in
            await doors.enter()
            defer { doors.leave() }
            await renewer.halt(.stopping, patience: patience)
            await calls.end()
            await registry.saveUses()
        }
        await store.close()
    }

    /// The session that a name or a URL means.
    func entry(_ text: String) throws(Failure) -> SessionEntry {
        guard text.contains("://") else {
            guard let name = SessionName(text) else { throw .badName }
            return try registry.entry(name)
        }
        do {
            return try attacher.select(AttachQuestion(about: try exchange.target(text))).entry
        } catch let nothing as NotAttached {
            throw .notAttached(nothing)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw .badURL(text)
        }
    }

    /// Why the store is not open; nil where it is.
    private var storeFailure: Failure? {
        switch store.state {
        case .open: nil
        case .locked(let isNew): isNew ? .vaultNew : .vaultLocked
        case .unavailable(let failure): Failure(failure)
        }
    }

    /// The same, where it is being locked too.
    private var whyClosed: Failure? { isLockedByHand ? .lockedByHand : storeFailure }

    /// Why nothing is attached while the store is not open; nil where it is.
    var closedReason: AttachReason? { whyClosed.map { $0.code == .storeLocked ? .locked : .unavailable } }

    /// Fails where the store is not open, or is being locked.
    func requireOpen() throws(Failure) {
        if let whyClosed { throw whyClosed }
    }

    /// The store's state in the protocol's words.
    var storeState: String {
        switch closedReason {
        case nil: "open"
        case .locked: "locked"
        default: "unavailable"
        }
    }

    /// Why this store, or why it cannot be used.
    var storeReason: String {
        if isLockedByHand { return Prose.storeLockedByHand }
        if case .unavailable(let failure) = store.state { return Failure(failure).message }
        return switch store.reason {
        case .recorded: Prose.storeRecorded
        case .asked: Prose.storeAsked
        case .keyringIsThere: Prose.storeKeyringIsThere
        case .noKeyring: Prose.storeNoKeyring
        }
    }

    /// What a person should know of the store.
    var storeWarnings: [String] { store.damage.map(Self.words) }

    /// What a person should know.
    var warnings: [String] {
        var warnings = storeWarnings
        if !SecretBytes.memoryIsLocked { warnings.append(Prose.memoryNotLocked) }
        return warnings
    }

    private static func words(_ damage: Damage) -> String {
        let what =
            switch damage.what {
            case .header: Prose.damagedHeader
            case .records(let range): Prose.damagedRecords(range.count)
            case .strayBytes(let count): Prose.strayBytes(count)
            case .outOfPlace: Prose.outOfPlace
            case .notUnderstood: Prose.notUnderstood
            case .noJournal: Prose.noJournal
            case .noKey: Prose.noKey
            }
        return damage.keptAt.map { Prose.kept(what, $0) } ?? what
    }

    private func take(_ stored: [StoredSession]) {
        registry.load(stored)
        for entry in registry.all { renewer.schedule(entry) }
    }
}
