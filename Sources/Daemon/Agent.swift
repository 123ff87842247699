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
    let work = WorkCount()
    /// No more calls are taken that would have to be waited for.
    private(set) var isStopping = false
    /// Ends the process.
    var onStop: () async -> Void = {}

    init(store: Store, socketPath: String, clock: Clock) throws(TransferFailure) {
        self.clock = clock
        self.store = store
        self.socketPath = socketPath
        started = clock.wall()
        syntax = URLSyntax.libcurl
        registry = Registry(store: store, clock: clock)
        exchange = RecipeExchange(transfer: try Transfer(), syntax: syntax, clock: clock)
        renewer = Renewer(registry: registry, exchange: exchange, clock: clock)
        attacher = Attacher(registry: registry, renewer: renewer, clock: clock)
        places = PlaceReader(syntax: syntax)
        signIn = SignIn(registry: registry, renewer: renewer, exchange: exchange, places: places, clock: clock)
        tokens = TokenIssue(renewer: renewer, clock: clock)
    }

    /// Opens the store where it can be opened without asking.
    func start() async { take(await store.start()) }

    /// Opens the vault, or makes one.
    func unlock(_ passphrase: SecretBytes, create: Bool) async throws(Failure) {
        do { take(try await store.unlock(passphrase: passphrase, create: create)) } catch { throw Failure(error) }
    }

    /// Finishes what is under way, for at most `patience` seconds, and closes the store.
    func close(patience: Double) async {
        isStopping = true
        _ = await withDeadline(seconds: patience) { [self] in
            await renewer.close()
            await work.untilNone()
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

    /// Why nothing is attached while the store is not open; nil where it is.
    var closedReason: AttachReason? {
        switch store.state {
        case .open: nil
        case .locked: .locked
        case .unavailable: .unavailable
        }
    }

    /// Fails where the store is not open.
    func requireOpen() throws(Failure) {
        switch store.state {
        case .open: return
        case .locked(let isNew): throw isNew ? .vaultNew : .vaultLocked
        case .unavailable(let failure): throw Failure(failure)
        }
    }

    /// The store's state in the protocol's words.
    var storeState: String {
        switch store.state {
        case .open: "open"
        case .locked: "locked"
        case .unavailable: "unavailable"
        }
    }

    /// Why this store, or why it cannot be used.
    var storeReason: String {
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
