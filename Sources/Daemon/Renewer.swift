import EventLoop
import Model
import Prose
import Recipes

/// Renews tokens before they end: one renewal in flight for each session, however many wait.
///
/// A rotated refresh token is never lost: the intent is in the journal before the exchange, the answer is in the journal
/// before anybody gets the new token, and an answer that comes after the session was changed by someone else is dropped.
@LoopActor final class Renewer {
    private let registry: Registry
    private let exchange: RecipeExchange
    private let clock: Clock
    /// Renewals ahead of time that run at once: a server that gives many tokens at a time is not helped by more.
    private let turns = Turnstile(width: 16)
    /// After a renewal: the session's name and what came of it, for the log.
    var onOutcome: (SessionName, Failure?) -> Void = { _, _ in }
    /// The store is being locked, or is: no renewal begins.
    private(set) var isHalted = false

    init(registry: Registry, exchange: RecipeExchange, clock: Clock) {
        self.registry = registry
        self.exchange = exchange
        self.clock = clock
    }

    /// Renews, or joins the renewal under way.
    /// - Throws: why there is no new token.
    func renew(_ entry: SessionEntry) async throws(Failure) {
        if let underWay = entry.renewal.underWay { return try await underWay.value.get() }
        if let cause = entry.session.needsLogin?.cause { throw .needsLogin(entry.session.name, cause) }
        guard entry.session.renews else {
            throw entry.session.recipe == nil ? .wasAdded(entry.session.name) : .cannotRenew(entry.session.name)
        }
        try entry.requireThere()
        guard !entry.isLeaving else { throw .removedMeanwhile(entry.session.name) }
        if isHalted { throw .lockedByHand }
        if let pause = entry.renewal.serverPause, pause > clock.boot(), let failure = entry.renewal.lastFailure {
            throw failure
        }
        try await start(entry).value.get()
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
        guard entry.session.renews, !entry.isLeaving, entry.gone == nil, !isHalted else { return }
        let jitter = Double.random(in: 0..<1)
        var dues = [entry.session.refresh.flatMap { RenewalTiming.due($0, jitter: jitter) }]
        if entry.isInUse {
            dues.append(entry.session.credential.accessToken.flatMap { RenewalTiming.due($0, jitter: jitter) })
        }
        guard var due = dues.compactMap({ $0 }).min() else { return }
        if let notBefore = entry.renewal.notBefore { due = max(due, notBefore) }
        entry.renewal.due = due
        entry.renewal.timer = Timer(at: due) { [weak self, weak entry] in
            guard let self, let entry, entry.renewal.underWay == nil, !self.isHalted else { return }
            _ = self.start(entry, ahead: true)
        }
    }

    /// Forgets what is known of a session's renewal: it has been logged in anew.
    func reset(_ entry: SessionEntry) {
        entry.renewal.timer?.cancel()
        // An answer still on its way is about the old refresh token, and is dropped when it comes.
        entry.renewal = SessionEntry.Renewal(serial: entry.renewal.serial + 1)
        entry.isInUse = false
        schedule(entry)
    }

    /// The renewals to come, the next first.
    func upcoming() -> [(session: SessionName, at: BootInstant)] {
        registry.all.compactMap { entry in entry.renewal.due.map { (entry.session.name, $0) } }.sorted { $0.at < $1.at }
    }

    /// Waits until the renewals under way have ended, at most `patience` seconds.
    /// - Parameter halting: none begins any more, until ``resume()``; what has not ended then is given up.
    func settle(within patience: Double, halting: Bool) async {
        if halting { isHalted = true }
        let underWay = registry.all.compactMap(\.renewal.underWay)
        _ = await withDeadline(seconds: patience) {
            for renewal in underWay { _ = await renewal.value }
        }
        guard halting else { return }
        for renewal in underWay { renewal.cancel() }
        for renewal in underWay { _ = await renewal.value }
    }

    /// Lets renewals begin again.
    func resume() { isHalted = false }

    /// - Parameter ahead: nobody waits for it yet, so that it may wait for its turn.
    private func start(_ entry: SessionEntry, ahead: Bool = false) -> Task<Result<Void, Failure>, Never> {
        entry.renewal.serial += 1
        let serial = entry.renewal.serial
        let task = EventLoop.task { [self] in
            if ahead { await turns.enter() }
            defer { if ahead { turns.leave() } }
            let result: Result<Void, Failure>
            do throws(Failure) {
                try await attempt(entry)
                result = .success(())
            } catch {
                result = .failure(error)
            }
            if entry.renewal.serial == serial { finish(entry, result) }
            return result
        }
        entry.renewal.underWay = task
        return task
    }

    private func finish(_ entry: SessionEntry, _ result: Result<Void, Failure>) {
        entry.renewal.underWay = nil
        // Not begun, or given up: the next daemon or the next `unlock` begins anew.
        if isHalted, case .failure = result { return }
        switch result {
        case .success:
            entry.renewal.failures = 0
            entry.renewal.notBefore = nil
            entry.renewal.serverPause = nil
            entry.renewal.lastFailure = nil
            // Whoever asked for this renewal is its first use; the next one ahead of time takes another.
            entry.isInUse = false
            onOutcome(entry.session.name, nil)
        case .failure(let failure):
            entry.renewal.failures += 1
            entry.renewal.lastFailure = failure
            let pause = RenewalTiming.backoff(failures: entry.renewal.failures, jitter: Double.random(in: 0..<1))
            entry.renewal.notBefore = max(clock.boot() + pause, entry.renewal.serverPause ?? clock.boot())
            onOutcome(entry.session.name, failure)
        }
        schedule(entry)
    }

    private func attempt(_ entry: SessionEntry) async throws(Failure) {
        if isHalted { throw .lockedByHand }
        if let unsaved = entry.renewal.unsaved { return try await save(unsaved, entry) }
        guard let refresh = entry.session.refresh, let use = entry.session.recipe, let recipe = Recipe.named(use.recipe)
        else { throw .cannotRenew(entry.session.name) }
        let mayBeSpent = entry.session.renewalBegun
        try await registry.noteRenewal(entry)
        let inputs = RecipeInputs(
            user: entry.session.account, password: nil, access: entry.session.credential.accessToken,
            refresh: refresh.value, clientID: use.clientID)
        let outcome = await exchange.run(.renewal, recipe, at: use.url, inputs, jar: entry.jar, session: entry.session)
        // The session may have been logged in again or removed meanwhile: then this answer is about a token of the past.
        try entry.requireThere()
        guard entry.session.refresh?.value == refresh.value else { return }
        switch outcome {
        case .success(let grant): try await save(renewed(entry.session, by: grant), entry)
        case .failure(let failure): try await settle(failure, entry, mayBeSpent: mayBeSpent, refresh.value)
        }
    }

    private func renewed(_ session: Session, by grant: Grant) -> Session {
        var renewed = session
        if let access = grant.access { renewed.credential = grant.isJWT ? .jwt(access) : .token(access) }
        if var refresh = grant.refresh {
            refresh.rotations = (session.refresh?.rotations ?? 0) + 1
            refresh.lastRotation = clock.wall()
            renewed.refresh = refresh
        }
        renewed.skew = grant.skew ?? session.skew
        return renewed
    }

    /// Makes the renewed session durable. Until the journal has it, it is kept in memory and nobody gets the new token.
    private func save(_ renewed: Session, _ entry: SessionEntry) async throws(Failure) {
        entry.renewal.unsaved = renewed
        try await registry.update(entry) { session in
            session.credential = renewed.credential
            session.refresh = renewed.refresh
            session.skew = renewed.skew
            session.renewalBegun = false
            session.needsLogin = nil
            return true
        }
        entry.renewal.unsaved = nil
    }

    private func settle(
        _ failure: RecipeExchange.Failed, _ entry: SessionEntry, mayBeSpent: Bool, _ spent: SecretBytes
    ) async throws(Failure) {
        if let pause = failure.retryAfter {
            entry.renewal.serverPause = clock.boot() + min(pause, RenewalTiming.longestServerPause)
        }
        if failure.refusedRefresh {
            let cause: Session.NeedsLogin.Cause = mayBeSpent ? .renewalLost : .refreshRefused
            try await registry.update(entry) { session in
                guard session.refresh?.value == spent else { return false }
                session.needsLogin = Session.NeedsLogin(since: clock.wall(), cause: cause)
                session.renewalBegun = false
                return true
            }
            throw .needsLogin(entry.session.name, cause)
        }
        // Whether the server has spent the token is known only where it was never asked.
        if failure.reachedServer { entry.session.renewalBegun = true }
        throw failure.failure
    }
}
