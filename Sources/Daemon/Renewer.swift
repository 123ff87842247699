import EventLoop
import Model
import Prose

/// Renews tokens before they end: one renewal in flight for each session, however many wait.
@LoopActor final class Renewer {
    /// Renewals ahead of time that run at once against one server: it is not helped by more, and a server that hangs
    /// holds up no other's.
    private static let turnsPerServer = 16
    /// After a renewal none is made by itself for so long, in seconds: whatever a server says of its tokens, it is not
    /// asked without end.
    private static let leastPause = 1.0

    private let registry: Registry
    private let exchange: RecipeExchange
    private let clock: Clock
    private var turns: [String: Turnstile] = [:]
    /// Why no renewal begins: the store is being locked, or is, or the daemon ends.
    private var halted: Failure?
    /// After a renewal: the session, and why there is no new token.
    var onOutcome: (SessionEntry, Failure?) -> Void = { _, _ in }

    private let oauth: OAuthRenewal

    init(registry: Registry, exchange: RecipeExchange, oauth: OAuthRenewal, clock: Clock) {
        self.oauth = oauth
        self.registry = registry
        self.exchange = exchange
        self.clock = clock
    }

    /// Renews, or joins the renewal under way.
    /// - Parameter insisting: a person asks for it: the pause after a failure of the network does not hold them up.
    /// - Throws: why there is no new token.
    func renew(_ entry: SessionEntry, insisting: Bool = false) async throws(Failure) {
        if let underWay = entry.renewal.underWay, !entry.renewal.isQueued { return try await underWay.value.get() }
        try entry.requireThere()
        if let cause = entry.session.needsLogin?.cause {
            throw .needsLogin(entry.session.name, cause, wasAdded: entry.session.wasAdded)
        }
        guard entry.session.renews else {
            throw entry.session.wasAdded ? .wasAdded(entry.session.name) : .cannotRenew(entry.session.name)
        }
        // What only the journal has not taken yet costs the server nothing.
        let pause = entry.renewal.unsaved != nil ? nil : insisting ? entry.renewal.serverPause : entry.renewal.notBefore
        if let pause, pause > clock.boot(), let failure = entry.renewal.lastFailure { throw failure }
        // One that only waits for its turn is overtaken: somebody wants it now.
        try await start(entry, ahead: false).value.get()
    }

    /// Notes that a session is used: from now on it is renewed ahead of its expiry.
    func noteUse(_ entry: SessionEntry) {
        if entry.isInUse { return }
        entry.isInUse = true
        schedule(entry)
    }

    /// Sets the timer for the next renewal by itself.
    func schedule(_ entry: SessionEntry) {
        entry.renewal.timer?.cancel()
        entry.renewal.timer = nil
        entry.renewal.due = nil
        guard mayBegin(entry), var due = nextDue(entry) else { return }
        if let notBefore = entry.renewal.notBefore { due = max(due, notBefore) }
        entry.renewal.due = due
        entry.renewal.timer = Timer(at: due) { [weak self, weak entry] in
            guard let self, let entry, entry.renewal.underWay == nil, self.mayBegin(entry) else { return }
            _ = self.start(entry, ahead: true)
        }
    }

    private func nextDue(_ entry: SessionEntry) -> BootInstant? {
        let jitter = Double.random(in: 0..<1)
        var dues: [BootInstant] = []
        // A server that does not rotate gives no later end, however often it is asked.
        if !entry.renewal.refreshStays, let refresh = entry.session.refresh {
            RenewalTiming.due(refresh, jitter: jitter).map { dues.append($0) }
        }
        if entry.isInUse, let access = entry.session.credential.accessToken {
            RenewalTiming.due(access, jitter: jitter).map { dues.append($0) }
        }
        if entry.isInUse, entry.renewsByCookie, case .at(let end, let lifetime)? = entry.cookieExpiry(clock.wall()) {
            let expiry = Expiry(wall: end, clock: clock)
            dues.append(RenewalTiming.due(expiry, lifetime: Double(lifetime), jitter: jitter))
        }
        return dues.min()
    }

    private func mayBegin(_ entry: SessionEntry) -> Bool {
        halted == nil && !entry.isLeaving && entry.gone == nil && entry.session.renews
    }

    /// Forgets what is known of a session's renewal: it has been logged in anew.
    func reset(_ entry: SessionEntry) {
        entry.renewal.timer?.cancel()
        // An answer still on its way is about the old refresh token, and is dropped when it comes.
        entry.renewal = SessionEntry.Renewal(serial: entry.renewal.serial + 1)
        entry.isInUse = false
        schedule(entry)
    }

    /// Waits until no renewal of the session is under way; none begins by itself before ``schedule(_:)``.
    func settle(_ entry: SessionEntry) async {
        entry.renewal.timer?.cancel()
        entry.renewal.timer = nil
        entry.renewal.due = nil
        if entry.renewal.isQueued { dequeue(entry) }
        if let underWay = entry.renewal.underWay { _ = await underWay.value }
    }

    /// Begins no more renewals until ``resume()``, and says `why`. Waits for those under way, gives up what has not ended
    /// in `patience` seconds, and gives the journal what it has not taken so far.
    func halt(_ why: Failure, patience: Double) async {
        halted = why
        let entries = registry.all
        _ = await withDeadline(seconds: patience) { [self] in
            for entry in entries { await settle(entry) }
        }
        for entry in entries {
            entry.renewal.underWay?.cancel()
            await settle(entry)
            if let unsaved = entry.renewal.unsaved {
                try? await RenewalAttempt(entry, registry, exchange, oauth, clock).save(unsaved)
            }
        }
    }

    /// Lets renewals begin again.
    func resume() { halted = nil }

    /// The renewals to come, the next first.
    func upcoming() -> [(session: SessionName, at: BootInstant, isIdle: Bool)] {
        registry.all.compactMap { entry in entry.renewal.due.map { (entry.session.name, $0, !entry.isInUse) } }
            .sorted { $0.at < $1.at }
    }

    /// - Parameter ahead: nobody waits for it yet, so that it may wait for its turn.
    private func start(_ entry: SessionEntry, ahead: Bool) -> Task<Result<Void, Failure>, Never> {
        entry.renewal.serial += 1
        entry.renewal.isQueued = ahead
        let serial = entry.renewal.serial
        let turnstile = ahead ? turnstile(entry) : nil
        let task = EventLoop.task { [self] () async -> Result<Void, Failure> in
            await turnstile?.enter()
            defer { turnstile?.leave() }
            guard entry.renewal.serial == serial else { return .success(()) }
            entry.renewal.isQueued = false
            let result = await attempt(entry)
            if entry.renewal.serial == serial { finish(entry, result) }
            return result
        }
        entry.renewal.underWay = task
        return task
    }

    private func turnstile(_ entry: SessionEntry) -> Turnstile {
        let server = exchange.site(of: entry.session.oauth?.tokenEndpoint ?? entry.session.recipe?.url ?? "")
        if let turnstile = turns[server] { return turnstile }
        let turnstile = Turnstile(width: Self.turnsPerServer)
        turns[server] = turnstile
        return turnstile
    }

    private func dequeue(_ entry: SessionEntry) {
        entry.renewal.serial += 1
        entry.renewal.isQueued = false
        entry.renewal.underWay = nil
    }

    private func attempt(_ entry: SessionEntry) async -> Result<Void, Failure> {
        if let halted { return .failure(halted) }
        if entry.isLeaving || entry.gone != nil { return .failure(.removedMeanwhile(entry.session.name)) }
        do throws(Failure) {
            try await RenewalAttempt(entry, registry, exchange, oauth, clock).run()
            return .success(())
        } catch {
            return .failure(error)
        }
    }

    private func finish(_ entry: SessionEntry, _ result: Result<Void, Failure>) {
        entry.renewal.underWay = nil
        // Not begun, or given up: the next daemon or the next `unlock` begins anew.
        if halted != nil, case .failure = result { return }
        let now = clock.boot()
        switch result {
        case .success:
            entry.renewal.failures = 0
            entry.renewal.notBefore = now + Self.leastPause
            entry.renewal.serverPause = nil
            entry.renewal.lastFailure = nil
            // Whoever asked for this renewal is its first use; the next one ahead of time takes another.
            entry.isInUse = false
            onOutcome(entry, nil)
        case .failure(let failure):
            entry.renewal.failures += 1
            entry.renewal.lastFailure = failure
            let pause = RenewalTiming.backoff(failures: entry.renewal.failures, jitter: Double.random(in: 0..<1))
            entry.renewal.notBefore = max(now + pause, entry.renewal.serverPause ?? now)
            onOutcome(entry, failure)
        }
        schedule(entry)
    }
}
