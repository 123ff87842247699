import Cookies
import EventLoop
import Model

/// A session as the daemon holds it: what is in the journal, and what only matters while it runs.
///
/// Belongs to the registry's actor; nothing here is kept across an await without a look at `session.version`.
final class SessionEntry {
    /// The session as it is in the journal, or will be once the change under way is durable.
    var session: Session
    /// The cookies of a cookie session.
    var jar: CookieJar
    /// Serialises changes, so that each starts from the one before.
    let changes = Turnstile()
    /// How its renewal stands.
    var renewal = Renewal()
    /// Attached or asked for since it was last renewed: such sessions are renewed ahead of expiry.
    var isInUse = false
    /// It was used since it was last written.
    var hasUnsavedUse = false
    /// It is being logged out: a renewal now would bring a token that nobody revokes.
    var isLeaving = false
    /// Its state when it was last looked at, and the timer for the next look, at its end.
    var announced = Announcer.Mark()
    /// When an answer last made the daemon ask the server about it.
    var lastAsked: BootInstant?
    /// An answer makes the daemon ask the server about a session once in so long, in seconds: a page that always says
    /// the same is no reason to ask without end.
    private static let rest = 60.0
    /// The server has said that what would be sent now is over, and a renewal is under way: requests wait for it.
    var isSaidToBeOver = false
    /// Why it is no longer one of the registry's; whoever still holds the entry must not write it again.
    private(set) var gone: Failure?

    init(session: Session, jar: CookieJar) {
        self.session = session
        self.jar = jar
    }

    /// Whether an answer may make the daemon ask the server about it.
    func mayBeAskedAbout(at now: BootInstant) -> Bool { lastAsked.map { now - $0 >= Self.rest } ?? true }

    /// Whether a refusal of the token now brings another: a request that is sent again would else carry the same.
    func answersRefusal(at now: BootInstant) -> Bool {
        session.renews && (renewal.underWay != nil || mayBeAskedAbout(at: now))
    }

    /// Fails where the registry has let go of it.
    func requireThere() throws(Failure) {
        if let gone { throw gone }
    }

    /// Lets go of its secrets and its timer, for good.
    @LoopActor func end(_ why: Failure) {
        gone = why
        renewal.timer?.cancel()
        renewal.timer = nil
        renewal.due = nil
        renewal.unsaved = nil
        announced.timer?.cancel()
        announced.timer = nil
        // Nothing that could be sent is left, whoever still holds the entry.
        session.credential = .cookies(sessionCookie: nil)
        session.refresh = nil
        session.recipeCookies = nil
        jar = CookieJar()
    }

    /// The state of a session's renewal.
    struct Renewal {
        /// Tells attempts apart: one that began before a new login has nothing to say about what is there now.
        var serial = 0
        /// It waits for its turn at the server; nothing has been sent.
        var isQueued = false
        /// The server gave no new refresh token last time: renewing does not put off its end.
        var refreshStays = false
        /// The renewal under way, shared by all who wait.
        var underWay: Task<Result<Void, Failure>, Never>?
        /// How many attempts have failed in a row.
        var failures = 0
        /// Before this moment no attempt is made, but where a person insists.
        var notBefore: BootInstant?
        /// The server asked for this pause (Retry-After), which binds attempts on demand as well.
        var serverPause: BootInstant?
        /// Why the last attempt failed.
        var lastFailure: Failure?
        /// A renewed session that the journal has not taken yet.
        var unsaved: RenewalAttempt.Unsaved?
        /// Fires when it is due.
        var timer: Timer?
        /// When that is.
        var due: BootInstant?
    }
}

extension SessionEntry {
    /// When what would be sent now ends; nil where that is not known.
    var expiry: Expiry? { session.credential.accessToken?.expiry }

    /// When the session's cookies end; nil for another credential.
    func cookieExpiry(_ now: WallInstant) -> CookieExpiry? {
        guard case .cookies(let sessionCookie) = session.credential else { return nil }
        return jar.expiry(of: sessionCookie, now: now)
    }

    /// Whether cookies, of its jar or the recipe's own, bring it a new one that is its session.
    var renewsByCookie: Bool { session.renews && (session.refresh?.cookie != nil || session.recipeCookies != nil) }

    /// The Cookie field of a request, as ``CookieJar/cookieLine(for:now:partition:excluding:)`` has it, without the cookie
    /// that is a refresh token: that is the recipe's.
    func cookieLine(
        for target: RequestTarget, now: WallInstant, partition: String? = nil, excluding: Set<String> = []
    ) -> CookieLine {
        jar.cookieLine(
            for: target, now: now, partition: partition,
            excluding: session.refresh?.cookie.map { excluding.union([$0]) } ?? excluding)
    }

    /// When what would be sent now ends, on the wall clock: a cookie's expiry is one.
    func expiryWall(_ now: WallInstant) -> WallInstant? {
        if case .at(let end, _)? = cookieExpiry(now) { return end }
        return expiry?.wall
    }

    /// Since when only a person can go on, and why; nil while that is not so.
    func ended(_ clock: Clock) -> (since: WallInstant?, cause: Session.NeedsLogin.Cause)? {
        if let needsLogin = session.needsLogin { return (needsLogin.since, needsLogin.cause) }
        guard state(clock) == .needsLogin else { return nil }
        if let end = session.cookieEnd { return (end.since, end.cause) }
        // Where nothing else has happened, its time has come.
        return (expiryWall(clock.wall()) ?? lastExpiry, .expired)
    }

    /// How the session has ended where `jar` takes the place of its jar; nil where it has not.
    /// - Parameter cause: what has happened to the cookie, unless its time had come.
    func cookieEnd(
        in jar: CookieJar, _ cause: Session.NeedsLogin.Cause, now: WallInstant
    ) -> Session.NeedsLogin? {
        guard case .cookies(let name) = session.credential, jar.expiry(of: name, now: now) == .missing else {
            return nil
        }
        if let end = session.cookieEnd { return end }
        if cookieExpiry(now) != .missing { return Session.NeedsLogin(since: now, cause: cause) }
        // What has ended is about to be forgotten, and its time with it.
        return lastExpiry.map { Session.NeedsLogin(since: $0, cause: .expired) }
    }

    /// When the last of the cookies ended that are the session: one that has ended is there, until the jar changes.
    private var lastExpiry: WallInstant? {
        guard case .cookies(let name) = session.credential else { return nil }
        return jar.cookies.filter { cookie in name.map { cookie.name.hasSameBytes(as: $0) } ?? true }
            .compactMap(\.expiry).max()
    }

    private var isUnfilledJar: Bool {
        if case .cookies(sessionCookie: nil) = session.credential { return jar.count == 0 }
        return false
    }

    /// The state at this moment.
    func state(_ clock: Clock) -> SessionState {
        var expiry = expiry
        var lifetime = session.credential.accessToken?.lifetime
        switch cookieExpiry(clock.wall()) {
        // An empty jar that no session cookie is known of waits to be filled.
        case .missing? where renewsByCookie: expiry = Expiry(wall: clock.wall(), clock: clock)
        case .missing?: if !isUnfilledJar { return .needsLogin }
        case .at(let end, let seconds)?: (expiry, lifetime) = (Expiry(wall: end, clock: clock), Double(seconds))
        case .open?, nil: break
        }
        return session.state(
            at: clock.boot(), expiry: expiry, lifetime: lifetime, renewalIsFailing: renewal.failures > 0)
    }
}
