import Cookies
import EventLoop
import Model
import Prose
import Recipes
import Store

/// One renewal of one session.
///
/// A rotated refresh token is never lost: the intent is in the journal before the exchange, the answer is in the journal
/// before anybody gets the new token. An answer that comes after the session got another refresh token, by a new login,
/// is dropped: whether it did is looked at where nobody else can change it.
@LoopActor struct RenewalAttempt {
    /// A renewed session that the journal has to take.
    struct Unsaved {
        /// The session as it shall be.
        var session: Session
        /// What was shown for it, as ``Session/renewed`` says.
        var spent: SecretBytes
        /// The server gave no new refresh token.
        var refreshStays: Bool
        /// What the answers have changed in its jar.
        var cookies: [JarChange] = []
    }

    private let entry: SessionEntry
    private let registry: Registry
    private let exchange: RecipeExchange
    private let oauth: OAuthRenewal
    private let clock: Clock

    init(
        _ entry: SessionEntry, _ registry: Registry, _ exchange: RecipeExchange, _ oauth: OAuthRenewal, _ clock: Clock
    ) {
        self.oauth = oauth
        self.entry = entry
        self.registry = registry
        self.exchange = exchange
        self.clock = clock
    }

    /// Renews, or gives the journal what an earlier attempt could not.
    func run() async throws(Failure) {
        if let unsaved = entry.renewal.unsaved { return try await save(unsaved) }
        if let use = entry.session.oauth, let shown = entry.session.renewed { return try await renew(use, shown) }
        if let use = entry.session.recipe, let cookies = entry.session.recipeCookies {
            return try await signOn(use, cookies)
        }
        guard let refresh = entry.session.refresh, let use = entry.session.recipe else {
            throw .cannotRenew(entry.session.name)
        }
        let recipe = try exchange.recipes.recipe(of: entry.session, use)
        if recipe.renewal.isEmpty { throw .recipeChanged(recipe.name, session: entry.session.name) }
        let mayBeSpent = entry.session.renewalBegun
        try await registry.noteRenewal(entry)
        let inputs = RecipeInputs(
            user: entry.session.account, password: nil, access: entry.session.credential.accessToken,
            refresh: refresh.value, clientID: use.clientID)
        let outcome = await exchange.trusting(entry.session.authorities).run(
            .renewal, recipe, at: use.url, inputs, jar: entry.jar, session: entry.session)
        try entry.requireThere()
        switch outcome {
        case .success(let grant):
            let renewed = renewed(entry.session, by: grant)
            try await save(
                Unsaved(
                    session: renewed, spent: refresh.value, refreshStays: grant.refresh == nil,
                    cookies: refresh.cookie == nil ? [] : grant.changes))
        case .failure(let failure): try await settle(failure, mayBeSpent: mayBeSpent, refresh.value)
        }
    }

    /// Makes the renewed session durable. Until the journal has it, it is kept in memory and nobody gets the new token.
    func save(_ unsaved: Unsaved) async throws(Failure) {
        guard entry.session.renewed == unsaved.spent else { return }
        entry.renewal.unsaved = unsaved
        let isSaved = try await registry.update(entry, cookies: unsaved.cookies) { session in
            guard session.renewed == unsaved.spent else { return false }
            session.credential = unsaved.session.credential
            session.refresh = unsaved.session.refresh
            session.recipeCookies = unsaved.session.recipeCookies
            // The rest is the client's, which a login may have changed meanwhile.
            session.oauth?.idToken = unsaved.session.oauth?.idToken
            session.skew = unsaved.session.skew
            session.renewalBegun = false
            session.needsLogin = nil
            return true
        }
        entry.renewal.unsaved = nil
        if isSaved { entry.renewal.refreshStays = unsaved.refreshStays }
    }

    /// Logs in again by what the hosts know that the login passes through. What these give in its place is kept, whatever
    /// came of the login.
    private func signOn(_ use: Session.RecipeUse, _ shown: SecretBytes) async throws(Failure) {
        let recipe = try exchange.recipes.recipe(of: entry.session, use)
        guard recipe.canSignOn else { throw .recipeChanged(recipe.name, session: entry.session.name) }
        let means = SignOnRun.Means(
            hosts: try exchange.loginHosts(use.loginHosts, recipe), inputs: RecipeInputs(user: entry.session.account),
            recipeJar: RecipeCookies.decode(shown), sessionCookie: Self.sessionCookie(of: entry.session),
            isRenewal: true)
        let outcome = await exchange.trusting(entry.session.authorities).signOn(
            recipe, at: use.url, means, session: entry.session)
        try entry.requireThere()
        switch outcome {
        case .success(let grant):
            var renewed = renewed(entry.session, by: grant)
            renewed.recipeCookies = RecipeCookies.encode(grant.recipeJar, now: clock.wall())
            try await save(
                Unsaved(session: renewed, spent: shown, refreshStays: false, cookies: grant.changes))
        case .failure(let failure):
            try await settle(failure, mayBeSpent: false, try await keep(failure.recipeJar, for: shown))
        }
    }

    private static func sessionCookie(of session: Session) -> String? {
        guard case .cookies(let name) = session.credential else { return nil }
        return name
    }

    /// - Returns: what the session has of those hosts now.
    private func keep(_ jar: CookieJar?, for shown: SecretBytes) async throws(Failure) -> SecretBytes {
        guard let jar, jar.count > 0 else { return shown }
        let kept = RecipeCookies.encode(jar, now: clock.wall())
        guard kept != shown else { return shown }
        let isKept = try await registry.update(entry) { session in
            guard session.renewed == shown else { return false }
            session.recipeCookies = kept
            return true
        }
        return isKept ? kept : shown
    }

    /// Renews by OAuth.
    private func renew(_ use: OAuthUse, _ shown: SecretBytes) async throws(Failure) {
        let mayBeSpent = entry.session.renewalBegun && entry.session.refresh != nil
        try await registry.noteRenewal(entry)
        let outcome = await oauth.run(entry.session, use)
        try entry.requireThere()
        switch outcome {
        case .renewed(let session, let refreshStays):
            try await save(Unsaved(session: session, spent: shown, refreshStays: refreshStays))
        case .failed(let failure): try await settle(failure, mayBeSpent: mayBeSpent, shown)
        case .wrongIdentity(let failure):
            try await registry.update(entry) { session in
                guard session.renewed == shown else { return false }
                session.needsLogin = Session.NeedsLogin(since: clock.wall(), cause: .wrongIdentity)
                session.renewalBegun = false
                return true
            }
            throw failure
        }
    }

    private func renewed(_ session: Session, by grant: Grant) -> Session {
        var renewed = session
        if let access = grant.access {
            renewed.credential = grant.isJWT ? .jwt(access) : .token(access)
        } else if let cookie = grant.sessionCookie {
            renewed.credential = .cookies(sessionCookie: cookie)
        }
        if var refresh = grant.refresh {
            refresh.rotations = (session.refresh?.rotations ?? 0) + 1
            refresh.lastRotation = clock.wall()
            renewed.refresh = refresh
        }
        renewed.skew = grant.skew ?? session.skew
        return renewed
    }

    private func settle(
        _ failure: RecipeExchange.Failed, mayBeSpent: Bool, _ spent: SecretBytes
    ) async throws(Failure) {
        if let pause = failure.retryAfter {
            entry.renewal.serverPause = clock.boot() + min(pause, RenewalTiming.longestServerPause)
        }
        // A client that the server has forgotten gets nothing there any more: a login registers another.
        if failure.refusedRefresh || failure.refusedClient {
            let isLost = mayBeSpent && failure.refusedRefresh
            let refused: Session.NeedsLogin.Cause = entry.session.recipeCookies == nil ? .refreshRefused : .signOnEnded
            let cause = isLost ? .renewalLost : refused
            let isRefused = try await registry.update(entry) { session in
                guard session.renewed == spent else { return false }
                session.needsLogin = Session.NeedsLogin(since: clock.wall(), cause: cause)
                session.renewalBegun = false
                return true
            }
            if isRefused { throw .needsLogin(entry.session.name, cause, wasAdded: entry.session.wasAdded) }
            return
        }
        // Whether the server has spent the token is certain only where it was never asked.
        if !failure.reachedServer, !mayBeSpent, entry.session.renewed == spent {
            entry.session.renewalBegun = false
        }
        throw failure.failure
    }
}
