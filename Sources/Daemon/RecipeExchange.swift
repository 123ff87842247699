import Cookies
import EventLoop
import Model
import Prose
import Recipes
import Transfer

/// Joins a recipe's pure steps to Transfer: sends each request the machine asks for and hands it the answer.
@LoopActor final class RecipeExchange {
    /// How a run ended badly.
    struct Failed: Error {
        /// For people.
        var failure: Failure
        /// The server no longer takes the refresh token.
        var refusedRefresh = false
        /// An OAuth server does not know the client, or no longer lets it do this.
        var refusedClient = false
        /// The server may have acted on a request.
        var reachedServer = false
        /// The origin whose form asks for a password that was not given.
        var asker: String?
        /// What the hosts that a login passes through have set, where it got so far.
        var recipeJar: CookieJar?
        /// What was looked for is not there.
        var foundNothing = false
        /// Seconds the server asked to wait.
        var retryAfter: Double?
    }

    private let transfer: Transfer
    let syntax: URLSyntax
    private let clock: Clock
    private let authorities: CertificateAuthorities?
    private let trace: ExchangeTrace?
    /// The recipes there are.
    var recipes = RecipeBook()

    init(
        transfer: Transfer, syntax: URLSyntax, clock: Clock, trusting authorities: CertificateAuthorities? = nil,
        trace: ExchangeTrace? = nil
    ) {
        self.trace = trace
        self.authorities = authorities
        self.transfer = transfer
        self.syntax = syntax
        self.clock = clock
    }

    /// The same with the recipes there are now, and with servers verified against `authorities`.
    func trusting(_ authorities: CertificateAuthorities?, trace: ExchangeTrace? = nil) -> RecipeExchange {
        let exchange = RecipeExchange(
            transfer: transfer, syntax: syntax, clock: clock, trusting: authorities, trace: trace)
        exchange.recipes = recipes
        return exchange
    }

    /// Runs one phase of a recipe to its end.
    /// - Parameter session: the session it is for, for messages; nil before there is one.
    func run(
        _ phase: RecipePhase, _ recipe: Recipe, at url: String, _ inputs: RecipeInputs, jar: CookieJar = CookieJar(),
        session: Session? = nil
    ) async -> Result<Grant, Failed> {
        var run = RecipeRun(phase, of: recipe, at: url, inputs: inputs, jar: jar, syntax: syntax, clock: clock)
        return await drive(&run, inputs, session)
    }

    /// Logs in, or renews, through other hosts.
    /// - Parameter session: the session it is for, for messages; nil before there is one.
    func signOn(
        _ recipe: Recipe, at url: String, _ means: SignOnRun.Means, session: Session? = nil
    ) async -> Result<Grant, Failed> {
        var run = SignOnRun(of: recipe, at: url, means, syntax: syntax, clock: clock)
        let result = await drive(&run, means.inputs, session)
        guard case .failure(var failed) = result else { return result }
        if means.inputs.password == nil { failed.asker = run.asker }
        failed.recipeJar = run.recipeJar
        return .failure(failed)
    }

    private func drive(
        _ run: inout some RecipeSteps, _ inputs: RecipeInputs, _ session: Session?
    ) async -> Result<Grant, Failed> {
        var step = run.begin()
        while true {
            switch step {
            case .finished(let grant): return .success(grant)
            case .failed(let failure):
                return .failure(Failed(failure, site(of: run.place), inputs, session, mend: mend(failure, run)))
            case .request(let request):
                do {
                    let answer = try await transfer.send(request, trusting: authorities)
                    trace?(answer.told(after: request.method))
                    step = run.receive(answer)
                } catch {
                    return .failure(Failed(error, site(of: request.url), session))
                }
            }
        }
    }

    /// The command for a login that leads to where it may not go.
    private func mend(_ failure: RecipeFailure, _ run: some RecipeSteps) -> String? {
        guard case .leftOrigin(let origin) = failure, let hosts = run.passesThrough,
            let named = LoginHost.origin(origin, syntax)
        else { return nil }
        return Prose.mendVia(run.url, hosts + [named])
    }

    /// The other origins that a login by `recipe` may pass through, as the recipe and `told` name them.
    /// - Throws: a ``Failure`` where one of them cannot be that, or where the recipe does not go anywhere else.
    func loginHosts(_ told: [String], _ recipe: Recipe) throws(Failure) -> [String] {
        var hosts: [String] = []
        for text in recipe.loginHosts + told {
            guard let origin = LoginHost.origin(text, syntax) else { throw .badLoginHost(text) }
            if !hosts.contains(origin) { hosts.append(origin) }
        }
        guard hosts.isEmpty || recipe.canSignOn else { throw .cannotSignOn(recipe.name) }
        guard hosts.count <= LoginHost.most else { throw .tooManyLoginHosts(LoginHost.most) }
        return hosts
    }

    /// The other origins that logins of a session may pass through now: a recipe's file may have changed.
    func loginHosts(of session: Session) -> [String] {
        guard let use = session.recipe, let recipe = try? recipes.recipe(of: session, use) else { return [] }
        return (try? loginHosts(use.loginHosts, recipe)) ?? []
    }

    /// What a site says of itself.
    enum Found {
        /// It wants this recipe.
        case recipe(Discovery)
        /// It names an authorization server.
        case resource(Discovery.Resource)
        /// It does not say; what a person is told then.
        case nothing(Failure)
    }

    /// Sends one request of the daemon's own; nil where no answer comes.
    func ask(_ request: HTTPRequest) async -> HTTPResponse? { try? await transfer.send(request, trusting: authorities) }

    /// Finds out how the site at `url` logs in.
    func discover(_ url: String) async throws(Failure) -> Found {
        var run = DiscoveryRun(at: url, syntax: syntax)
        var step = run.begin()
        while true {
            switch step {
            case .found(let discovery): return .recipe(discovery)
            case .resource(let resource): return .resource(resource)
            case .notFound(let seen):
                return .nothing(
                    .noWayToLogIn(
                        site(of: url), seen: seen.compactMap(Self.words), mend: mend(seen, url)))
            case .failed: throw .badURL(url)
            case .request(let request):
                do {
                    let answer = try await transfer.send(request, trusting: authorities)
                    trace?(answer.told(after: request.method))
                    step = run.receive(answer)
                } catch {
                    throw Failed(error, site(of: request.url), nil).failure
                }
            }
        }
    }

    private static func words(_ sighting: Sighting) -> String? {
        switch sighting.finding {
        case .nothing, .page: nil
        case .passwordInURL: Prose.sawFormForURL(at: sighting.url)
        case .scriptedLogin: Prose.sawScriptedLogin(at: sighting.url)
        case .challenge(let scheme): Prose.sawChallenge(scheme, at: sighting.url)
        case .redirect(let origin): Prose.sawRedirect(to: origin)
        }
    }

    /// The next step, by what says most.
    private func mend(_ seen: [Sighting], _ url: String) -> String {
        for sighting in seen {
            switch sighting.finding {
            case .scriptedLogin: return Prose.mendScriptedLogin
            case .redirect(let origin):
                guard let origin = LoginHost.origin(origin, syntax) else { continue }
                // What a person typed may have a query.
                let isTyped = syntax.parse(url) == syntax.parse(sighting.url)
                return Prose.mendVia(isTyped ? url : sighting.url, [origin])
            case .challenge(let scheme) where scheme.equalsIgnoringCase("basic"): return Prose.mendBasic
            case .challenge, .passwordInURL, .nothing, .page: break
            }
        }
        return Prose.mendUnknownLogin(recipes.loginNames)
    }

    /// Gets a document that everybody may read.
    func document(at url: String, limit: Int) async throws(Failure) -> HTTPResponse {
        let request = HTTPRequest(method: "GET", url: url, headers: [HTTPHeader("Accept", "application/json")])
        do { return try await transfer.send(request, limit: limit) } catch {
            throw Failed(error, site(of: url), nil).failure
        }
    }

    /// The parts of a URL that a person gave.
    func target(_ url: String) throws(Failure) -> RequestTarget {
        guard let target = syntax.parse(url) else { throw .badURL(url) }
        return target
    }

    /// The site of a URL as people call it.
    func site(of url: String) -> String {
        guard let target = syntax.parse(url) else { return Prose.printable(url) }
        let host = target.host.contains(":") ? "[\(target.host)]" : target.host
        return target.port == target.scheme.defaultPort ? host : "\(host):\(target.port)"
    }
}
