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
    let calls = CallsUnderWay()
    /// The person has locked the store, and has not unlocked it yet.
    private(set) var isLockedByHand = false
    private let mark: LockMark
    private let program = RunningProgram()
    /// Opening and locking: one after the other.
    private let doors = Turnstile()
    /// Ends the process once what is under way is done.
    var onStop: () async -> Void = {}
    /// Before and after what a reload does.
    var onReload: (_ isDone: Bool) -> Void = { _ in }
    /// After the store was opened or locked.
    var onDoors: () -> Void = {}
    /// Lets go of answers that have not been taken.
    var dropUnsent: () -> Void = {}
    /// Takes a line for the log.
    var log: (String) -> Void = { _ in }
    /// As long as a lock or a stop waits for renewals under way, in seconds: an attach waits as long for one.
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
    }

    /// Opens the store where it can be opened without asking, and the person has not locked it.
    func start() async {
        isLockedByHand = mark.isSet
        take(await store.start(staysLocked: isLockedByHand))
    }

    /// Opens the store: with a passphrase the vault, or makes one; without, where that needs nobody to be asked.
    func unlock(_ passphrase: SecretBytes?, create: Bool) async throws(Failure) {
        await doors.enter()
        defer { doors.leave() }
        if passphrase == nil, store.state == .open { return }
        let stored: [StoredSession]
        if let passphrase {
            do { stored = try await store.unlock(passphrase: passphrase, create: create) } catch {
                throw Failure(error)
            }
        } else {
            stored = await store.start()
            try requireStoreOpen()
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
        await renewer.settle(within: Self.renewalPatience, halting: true)
        await calls.end()
        await registry.saveUses()
        registry.forget(.lockedByHand)
        dropUnsent()
        await store.lock()
        log(Prose.locked)
        onDoors()
    }

    /// Waits for the renewals under way, and saves what is not saved yet.
    func settle() async {
        await renewer.settle(within: Self.renewalPatience, halting: false)
        await registry.saveUses()
    }

    /// Looks whether another program is installed by now: whoever asked then stops this one and starts that.
    func reload() throws(Failure) -> Bool {
        onReload(false)
        defer { onReload(true) }
        return try program.hasChanged()
    }

    /// Finishes what is under way, closes the store and ends.
    func stop() async { await onStop() }

    /// The session that a name or a URL means.
    func entry(_ text: String) throws(Failure) -> SessionEntry {
        guard text.contains("://") else {
            guard let name = SessionName(text) else { throw .badName }
            return try registry.entry(name)
        }
        do {
            return try attacher.select(AttachQuestion(about: try exchange.target(text), sessions: [])).entry
        } catch let nothing as NotAttached {
            throw .notAttached(nothing)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw .badURL(text)
        }
    }

    /// Why nothing is attached while the store is not open; nil where it is.
    var closedReason: AttachReason? {
        if isLockedByHand { return .locked }
        return switch store.state {
        case .open: nil
        case .locked: .locked
        case .unavailable: .unavailable
        }
    }

    /// Fails where the store is not open, or is being locked.
    func requireOpen() throws(Failure) {
        if isLockedByHand { throw .lockedByHand }
        try requireStoreOpen()
    }

    private func requireStoreOpen() throws(Failure) {
        switch store.state {
        case .open: return
        case .locked(let isNew): throw isNew ? .vaultNew : .vaultLocked
        case .unavailable(let failure): throw Failure(failure)
        }
    }

    /// The store's state in the protocol's words.
    var storeState: String {
        if isLockedByHand { return "locked" }
        return switch store.state {
        case .open: "open"
        case .locked: "locked"
        case .unavailable: "unavailable"
        }
    }

    /// Why this store, or why it cannot be used.
    var storeReason: String {
        if isLockedByHand { return Prose.storeLockedByHand }
        if case .unavailable(let failure) = store.state { return Failure(failure).message }
        return switch store.reason {
        case .recorded: Prose.storeRecorded
        case .asked: Prose.storeAsked
        case .onlyOne: Prose.storeOnlyOne
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
            }
        return damage.keptAt.map { Prose.kept(what, $0) } ?? what
    }

    private func take(_ stored: [StoredSession]) {
        registry.load(stored)
        for entry in registry.all { renewer.schedule(entry) }
    }
}
