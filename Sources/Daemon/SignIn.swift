import Cookies
import EventLoop
import Model
import Prose
import Recipes
import Store

/// Logs in and out: runs a recipe and keeps, replaces or forgets the session.
@LoopActor final class SignIn {
    /// What a person wants to log in to.
    struct Wish {
        var url: String?
        var session: SessionName?
        var recipe: String?
        var name: SessionName?
        var places: [String] = []
        var user: String?
        var password: SecretBytes?
        /// What the servers are verified against; nil: as the session was, or what the system trusts.
        var authorities: CertificateAuthorities?
        /// Other origins that the login may pass through.
        var loginHosts: [String] = []
        /// The origin that the person was told gets the password; nil for the other origins that are named.
        var asker: String?
        var oauth = OAuthWish()
    }

    /// How a login goes on.
    enum Way {
        /// By a recipe, with what the person is asked for.
        case recipe(Plan)
        /// By OAuth, at the server.
        case oauth(OAuthPlan)
    }

    /// What is known before the person is asked.
    struct Plan {
        var recipe: Recipe
        var url: String
        var account: String?
        var entry: SessionEntry?
        var authorities: CertificateAuthorities?
        /// The other origins that the login may pass through; by none where there are none.
        var loginHosts: [String] = []
        /// Those of them that the person has named; the others are the recipe's.
        var namedHosts: [String] = []
        /// What these have set before, as the session has it.
        var recipeCookies: SecretBytes?
        /// The same.
        var recipeJar: CookieJar { recipeCookies.map(RecipeCookies.decode) ?? CookieJar() }
    }

    let registry: Registry
    private let renewer: Renewer
    let exchange: RecipeExchange
    private let places: PlaceReader
    let clock: Clock
    private let oauth: OAuthLogin.Parts
    /// The OAuth clients that the person knows of.
    var clients = KnownClients()
    /// Those that wait for a person.
    let logins = LoginsUnderWay()

    init(
        registry: Registry, renewer: Renewer, exchange: RecipeExchange, oauth: OAuthLogin.Parts, places: PlaceReader,
        clock: Clock
    ) {
        self.oauth = oauth
        self.registry = registry
        self.renewer = renewer
        self.exchange = exchange
        self.places = places
        self.clock = clock
    }

    /// Finds out how to log in, without a credential.
    /// - Parameter trace: is told each answer on the way.
    func way(_ wish: Wish, trace: ExchangeTrace? = nil) async throws(Failure) -> Way {
        if let name = wish.session {
            let entry = try registry.entry(name)
            let authorities = wish.authorities ?? entry.session.authorities
            let discovery = OAuthDiscovery(oauth.exchange, clients, trusting: authorities, trace: trace)
            if let use = entry.session.oauth {
                return .oauth(try await discovery.plan(again: entry, use, wish.oauth))
            }
            guard let use = entry.session.recipe, !entry.session.wasAdded else { throw .wasAdded(name) }
            let recipe = try exchange.recipes.recipe(of: entry.session, use)
            let hosts = try exchange.loginHosts(use.loginHosts, recipe)
            // They know the account, and nobody else.
            let isSame = wish.user == nil || wish.user == entry.session.account
            let cookies = isSame ? entry.session.recipeCookies : nil
            return .recipe(
                Plan(
                    recipe: recipe, url: use.url, account: entry.session.account, entry: entry,
                    authorities: authorities, loginHosts: hosts, namedHosts: use.loginHosts,
                    recipeCookies: cookies))
        }
        guard let url = wish.url else { throw .badParameter("url") }
        let target = try exchange.target(url)
        let discovery = OAuthDiscovery(oauth.exchange, clients, trusting: wish.authorities, trace: trace)
        try checkTransport(target, try wish.places.map { text throws(Failure) in try places.read(text) })
        if wish.recipe == Recipe.oauth2 || (wish.recipe == nil && wish.oauth.isGiven) {
            guard wish.loginHosts.isEmpty else { throw .oauthPassesNowhere }
            return .oauth(try await discovery.plan(at: target, url, wish.oauth))
        }
        let recipe: Recipe
        if let name = wish.recipe {
            recipe = try exchange.recipes.loginRecipe(name)
        } else if let own = exchange.recipes.recipe(for: target) {
            recipe = own
        } else if !wish.loginHosts.isEmpty, let form = Recipe.named("form") {
            recipe = form
        } else if let known = clients.client(for: target) {
            return .oauth(try await discovery.plan(known, for: url, wish.oauth))
        } else {
            return try await found(url, discovery, wish, trace)
        }
        return .recipe(
            Plan(
                recipe: recipe, url: recipe.loginURL(for: url, syntax: exchange.syntax), authorities: wish.authorities,
                loginHosts: try exchange.loginHosts(wish.loginHosts, recipe),
                namedHosts: wish.loginHosts.compactMap { LoginHost.origin($0, exchange.syntax) }))
    }

    /// What the site itself says. One that says nothing may still be an OAuth server.
    private func found(
        _ url: String, _ discovery: OAuthDiscovery, _ wish: Wish, _ trace: ExchangeTrace?
    ) async throws(Failure) -> Way {
        switch try await exchange.trusting(wish.authorities, trace: trace).discover(url) {
        case .recipe(let found):
            return .recipe(Plan(recipe: found.recipe, url: found.loginURL, authorities: wish.authorities))
        case .resource(let hint): return .oauth(try await discovery.plan(hint, for: url, wish.oauth))
        case .nothing(let failure):
            guard let plan = try await discovery.planIfKnown(url, wish.oauth) else { throw failure }
            return .oauth(plan)
        }
    }

    /// Logs in and keeps the session.
    /// - Parameter listener: takes what a person has to know or to do meanwhile; nil where nobody can be told.
    func logIn(_ wish: Wish, _ listener: LoginsUnderWay.Listener?) async throws(Failure) -> SessionEntry {
        let plan: Plan
        switch try await way(wish) {
        case .recipe(let found): plan = found
        case .oauth(let found): return try await logIn(found, wish, listener)
        }
        guard let user = wish.user ?? plan.account else { throw .needsInput(Prose.userName) }
        let grant = try await grant(plan, RecipeInputs(user: user, password: wish.password), asker: wish.asker)
        let entry = try await keep(grant, plan, wish, user: user)
        renewer.reset(entry)
        return entry
    }

    private func grant(_ plan: Plan, _ inputs: RecipeInputs, asker: String?) async throws(Failure) -> Grant {
        // Whether other hosts ask for a password is seen there.
        if !plan.loginHosts.isEmpty { return try await signOn(plan, inputs, asker: asker) }
        guard inputs.password != nil else { throw .needsInput(Prose.password) }
        let exchange = exchange.trusting(plan.authorities)
        switch await exchange.run(.login, plan.recipe, at: plan.url, inputs, session: plan.entry?.session) {
        case .success(let grant): return grant
        case .failure(let failed): throw failed.failure
        }
    }

    private func logIn(
        _ plan: OAuthPlan, _ wish: Wish, _ listener: LoginsUnderWay.Listener?
    ) async throws(Failure) -> SessionEntry {
        guard let listener else {
            let login = try OAuthLogin(plan, wish, oauth, say: { _ in })
            guard !login.needsPerson else { throw .loginNeedsSteps }
            return try await login.run()
        }
        // The same login is one of the same session, or of the same address with all that was said of it.
        let told = wish.oauth
        let key = [
            plan.entry?.session.id.description ?? plan.url, told.flow?.rawValue ?? "", told.clientID ?? "",
            told.scopes.joined(separator: " "), wish.name?.description ?? "", wish.places.joined(separator: " "),
            wish.user ?? "", plan.authorities?.pem ?? "",
        ]
        return try await logins.run(key.joined(separator: "\n"), listener) { [oauth] say throws(Failure) in
            try await OAuthLogin(plan, wish, oauth, say: say).run()
        }
    }

    /// Ends the session at the server and forgets it.
    /// - Returns: what was done, a line each.
    func logOut(_ entry: SessionEntry) async throws(Failure) -> [String] {
        try entry.requireThere()
        guard !entry.isLeaving else { throw .removedMeanwhile(entry.session.name) }
        // From here on no renewal begins: it would bring a token that nobody revokes.
        entry.isLeaving = true
        do throws(Failure) {
            await renewer.settle(entry)
            let told = try await tellServer(entry) + signOnStays(entry.session)
            try await registry.remove(entry)
            return told + [Prose.forgot(entry.session.name)]
        } catch {
            entry.isLeaving = false
            renewer.schedule(entry)
            throw error
        }
    }

    private func tellServer(_ entry: SessionEntry) async throws(Failure) -> [String] {
        // A renewed token that the journal has not taken yet is the one that lives at the server.
        let session = entry.renewal.unsaved?.session ?? entry.session
        if let use = session.oauth {
            let exchange = oauth.exchange.trusting(session.authorities)
            let logout = OAuthLogout(session, use, exchange) { [oauth] in oauth.isNeeded(use, beside: entry) }
            return try await logout.run()
        }
        guard let use = session.recipe, !session.wasAdded else { return [Prose.wasAdded(session.name)] }
        let recipe = try recipe(of: session, use)
        let inputs = RecipeInputs(
            user: session.account, password: nil, access: session.credential.accessToken,
            refresh: session.refresh?.value, clientID: use.clientID)
        let exchange = exchange.trusting(session.authorities)
        switch await exchange.run(.logout, recipe, at: use.url, inputs, jar: entry.jar, session: session) {
        case .success(let grant): return lines(grant, site: exchange.site(of: use.url), session)
        case .failure(let failed): throw .notLoggedOut(failed.failure, session.name)
        }
    }

    private func recipe(of session: Session, _ use: Session.RecipeUse) throws(Failure) -> Recipe {
        do throws(Failure) { return try exchange.recipes.recipe(of: session, use) } catch {
            throw .noWayOut(error, session.name)
        }
    }

    private func lines(_ grant: Grant, site: String, _ session: Session) -> [String] {
        let isJWT = session.credential.kind == .jwt
        switch grant.told {
        case .done:
            return [isJWT ? Prose.toldToRevoke(site) : Prose.toldToEnd(site)]
                + (isJWT ? [Prose.jwtStays] : [])
        case .alreadyOut: return [Prose.wasOut(site)]
        case .refused: return [Prose.logoutRefused(site)]
        case .noSuchLogout, .notOffered, nil: return [Prose.notTold(site)]
        }
    }

    /// Keeps what a login brought: in the session it was for, in the same account's session, or in a new one.
    private func keep(_ grant: Grant, _ plan: Plan, _ wish: Wish, user: String) async throws(Failure) -> SessionEntry {
        let account = grant.account ?? user
        let target = try exchange.target(plan.url)
        var asked = [Place(originOf: target)]
        if let url = wish.url { asked[0] = Place(originOf: try exchange.target(url)) }
        for text in wish.places { asked.append(try places.read(text)) }
        let space = ProtectionSpace(asked.reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
        // Where the login was after its redirects: renewal and logout start from there.
        let use = Session.RecipeUse(
            recipe: grant.recipe ?? plan.recipe.name, url: grant.loginURL ?? plan.url, loginHosts: plan.namedHosts)
        let recipeJar = grant.recipeJar
        let recipeCookies = recipeJar.count == 0 ? nil : RecipeCookies.encode(recipeJar, now: clock.wall())
        func fill(_ session: inout Session) {
            session.account = account
            session.recipe = use
            session.credential = Self.credential(grant)
            session.refresh = grant.refresh
            session.recipeCookies = recipeCookies
            session.authorities = plan.authorities
            session.created = clock.wall()
            session.skew = grant.skew ?? 0
            session.needsLogin = nil
            session.renewalBegun = false
        }
        if let entry = plan.entry ?? sameAccount(use, account, named: wish.name) {
            try await registry.replace(entry, jar: grant.jar) { session in
                fill(&session)
                if plan.entry == nil { session.space = space }
            }
            return entry
        }
        var session = Session(
            name: wish.name ?? SessionName(host: target.host), space: space, credential: Self.credential(grant),
            created: clock.wall())
        fill(&session)
        return try await registry.add(session, grant.jar, renaming: true)
    }

    private func sameAccount(_ use: Session.RecipeUse, _ account: String, named name: SessionName?) -> SessionEntry? {
        registry.all.first { entry in
            entry.session.recipe?.recipe == use.recipe && entry.session.recipe?.url == use.url
                && entry.session.account == account
                && (name.map { $0 == entry.session.name } ?? true)
        }
    }

    private static func credential(_ grant: Grant) -> Credential {
        guard let access = grant.access else { return .cookies(sessionCookie: grant.sessionCookie) }
        return grant.isJWT ? .jwt(access) : .token(access)
    }

    /// A password goes over plain HTTP only to this machine, or where the person wrote `http://` for it in full.
    private func checkTransport(_ target: RequestTarget, _ places: [Place]) throws(Failure) {
        guard target.scheme == .http, !LoopbackAddress.isName(target.host) else { return }
        if places.contains(where: { $0.match(target) != nil }) { return }
        throw .plainHTTP(target.origin)
    }
}
