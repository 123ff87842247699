import Cookies
import EventLoop
import Model
import Prose
import Recipes
import Store
import Transfer
import Varlink

/// Everything the daemon is made of, put together once.
@LoopActor final class Agent {
    let clock: Clock
    let store: Store
    let registry: Registry
    let exchange: RecipeExchange
    let renewer: Renewer
    let attacher: Attacher
    let consents: Consents
    /// How many questions about consent the desktop shows.
    var consentsShown = 0
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
    var isLockedByHand = false
    let mark: LockMark
    private let program = RunningProgram()
    /// Opening, locking, moving and closing: one after the other.
    let doors = Turnstile()
    /// Tries to open a store that cannot be used now.
    let opener = StoreOpener()
    /// The process that is the keyring.
    var keyring: Caller?
    /// What was decided lately, for `why`.
    let decisions = Decisions()
    /// The `.lanyard` files that the person trusts.
    let trusted: TrustedFiles
    /// Ends the process.
    var onStop: () async -> Void = {}
    /// Before and after what a reload does.
    var onReload: (_ isDone: Bool) -> Void = { _ in }
    /// After the store was opened or locked.
    var onDoors: () -> Void = {}
    /// Lets go of answers that have not been taken, and of cookie files that have come in part.
    var dropUnsentAndUnfinishedImports: () -> Void = {}
    /// Takes a line for the log.
    var log: (String) -> Void = { _ in }
    /// What the person has set.
    private(set) var settings = Settings()
    /// Why the last reload changed nothing; nil where it did what it should.
    private(set) var reloadFailure: Failure?
    /// Says what happens to sessions.
    let announcer: Announcer
    /// Hears of answers by which sites say that a session has ended.
    let hearing: SessionHearing

    init(store: Store, socketPath: String, clock: Clock) throws(TransferFailure) {
        self.clock = clock
        self.store = store
        self.socketPath = socketPath
        trusted = TrustedFiles(
            path: store.isInMemory ? nil : Environment.folder("XDG_STATE_HOME", orHome: ".local/state") + "/trusted")
        started = clock.wall()
        mark = LockMark(besides: socketPath)
        syntax = URLSyntax.libcurl
        registry = Registry(store: store, clock: clock)
        let transfer = try Transfer()
        exchange = RecipeExchange(transfer: transfer, syntax: syntax, clock: clock)
        let oauth = OAuthExchange(transfer: transfer, syntax: syntax, clock: clock)
        let identities = IDTokenCheck(exchange: oauth)
        renewer = Renewer(
            registry: registry, exchange: exchange, oauth: OAuthRenewal(oauth, identities), clock: clock)
        consents = Consents(clock: clock)
        attacher = Attacher(registry: registry, renewer: renewer, clock: clock, consents: consents)
        places = PlaceReader(syntax: syntax)
        signIn = SignIn(
            registry: registry, renewer: renewer, exchange: exchange,
            oauth: OAuthLogin.Parts(
                registry: registry, renewer: renewer, exchange: oauth, identities: identities, places: places,
                clientsInUse: ClientsInUse()),
            places: places, clock: clock)
        tokens = TokenIssue(renewer: renewer, clock: clock)
        announcer = Announcer(clock: clock)
        hearing = SessionHearing(registry: registry, renewer: renewer, exchange: exchange, clock: clock)
        registry.onChange = { [announcer] entry, isNew in announcer.look(at: entry, isNew: isNew) }
        consents.onWish = { [weak self] wish in self?.show(wish) }
        store.contents = { [registry] id in registry.stored(id) }
        store.onKeyringChange = { [weak self] in
            EventLoop.task { [weak self] in await self?.reopen() }
        }
    }

    /// Takes over settings and recipes.
    func use(_ configuration: Configuration) {
        settings = configuration.settings
        announcer.settings = configuration.settings
        exchange.recipes = configuration.recipes
        attacher.recipes = configuration.recipes
        signIn.clients = configuration.clients
    }

    /// Reads settings and recipes again; with a mistake in any of them, all stay as they were. Looks whether another
    /// program is installed by now, or the store is set to be opened otherwise: whoever asked then stops this one and
    /// starts another.
    func reload() throws(Failure) -> Bool {
        onReload(false)
        defer { onReload(true) }
        let configuration: Configuration
        do throws(Failure) {
            configuration = try Configuration.read()
            if let spoiled = configuration.recipes.spoiled.first {
                throw .recipeSpoiled(spoiled.path, spoiled.mistake, session: nil)
            }
            reloadFailure = nil
        } catch {
            reloadFailure = error
            throw error
        }
        let opensStore = settings.opensStore(as: configuration.settings)
        use(configuration)
        return try program.hasChanged() || !opensStore
    }

    /// Finishes what is under way, for at most `patience` seconds, and closes the store.
    func close(patience: Double) async {
        isStopping = true
        opener.cancel()
        // What waits for a person may wait for minutes.
        signIn.logins.cancel()
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
    /// - Parameters:
    ///   - names: the sessions that a URL's is chosen among; empty for all.
    ///   - parameters: those of the call; its files limit a URL's, too.
    func entry(_ text: String, among names: [String], _ parameters: JSONValue) throws(Failure) -> SessionEntry {
        guard text.contains("://") else {
            guard let name = SessionName(text) else { throw .badName }
            return try registry.entry(name)
        }
        do {
            var question = AttachQuestion(about: try exchange.target(text), sessions: names)
            try limit(&question, by: parameters)
            return try attacher.select(question).entry
        } catch let nothing as NotAttached {
            throw .notAttached(nothing)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw .badURL(text)
        }
    }
}
