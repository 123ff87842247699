import Cookies
import EventLoop
import JOSE
import Model
import OAuth
import Prose
import Recipes

/// One login by OAuth, from the client's registration to the session.
@LoopActor final class OAuthLogin {
    /// How long the browser may take, in seconds.
    private static let patience = 300.0
    /// How long a server may take to delete the client of a login that failed, in seconds: somebody waits to be told.
    private static let patienceForDeletion = 5.0

    /// What a login needs of the daemon.
    struct Parts {
        let registry: Registry
        let renewer: Renewer
        let exchange: OAuthExchange
        let identities: IDTokenCheck
        let places: PlaceReader
    }

    private let plan: OAuthPlan
    private let wish: SignIn.Wish
    private let flow: OAuthUse.Flow
    private let parts: Parts
    private let say: (LoginStep) -> Void
    private var exchange: OAuthExchange { parts.exchange }
    private var server: AuthorizationServer { plan.server }
    /// The client that this login has registered: it goes if the login fails.
    private var registered: OAuthClient?

    init(_ plan: OAuthPlan, _ wish: SignIn.Wish, _ parts: Parts, say: @escaping (LoginStep) -> Void) throws(Failure) {
        self.plan = plan
        self.wish = wish
        self.parts = parts
        self.say = say
        let offered = plan.flows
        guard let flow = wish.oauth.flow ?? plan.entry?.session.oauth?.flow ?? offered.first, offered.contains(flow)
        else {
            throw .noFlow(wish.oauth.flow?.rawValue ?? "browser", plan.server.issuer, offers: offered.map(\.rawValue))
        }
        self.flow = flow
    }

    /// Whether somebody has to be told of steps.
    var needsPerson: Bool { flow != .clientCredentials }

    /// Logs in, and keeps the session.
    func run() async throws(Failure) -> SessionEntry {
        do {
            switch flow {
            case .browser: return try await browser()
            case .device: return try await device()
            case .clientCredentials: return try await ownCredentials()
            }
        } catch {
            await deleteRegistered()
            throw Task.isCancelled ? .loginGivenUp : error
        }
    }

    private func browser() async throws(Failure) -> SessionEntry {
        let listener = try CallbackListener(at: known(for: .browser)?.port)
        defer { listener.close() }
        // Without a port too: servers have to take any on the loopback interface (RFC 8252, 7.3), and some do only then.
        let places = ["http://127.0.0.1\(CallbackListener.path)", listener.redirectURI]
        let client = try await client(["authorization_code", "refresh_token"], redirectURIs: places)
        let request: AuthorizationRequest
        do throws(OAuthFailure) {
            request = try AuthorizationRequest(
                to: server, of: client, scopes: plan.scopes, resource: plan.resource,
                redirectURI: listener.redirectURI)
        } catch { throw failure(error) }
        say(.open(url: request.url, left: Self.patience))
        let query = await withDeadline(seconds: Self.patience) { await listener.answer() } ?? nil
        guard let query else { throw .loginTooLate(minutes: Int(Self.patience / 60)) }
        do throws(Failure) {
            let tokens = try await tokens(.code(try code(request, query), of: request), client)
            let entry = try await keep(tokens, client, nonce: request.nonce, port: listener.port)
            listener.finish(.done)
            return entry
        } catch {
            listener.finish(.failed)
            throw error
        }
    }

    private func code(_ request: AuthorizationRequest, _ query: SecretBytes) throws(Failure) -> SecretBytes {
        do throws(OAuthFailure) { return try request.code(in: query) } catch { throw failure(error) }
    }

    private func device() async throws(Failure) -> SessionEntry {
        let client = try await client(
            ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"], redirectURIs: [])
        let begin = DeviceAuthorizationRun(
            at: server, of: client, scopes: plan.scopes, resource: plan.resource, syntax: exchange.syntax)
        let authorization = try await run(begin)
        say(
            .code(
                authorization.userCode, at: authorization.verificationURI, complete: authorization.completeURI,
                end: authorization.end))
        let tokens = try await run(
            DevicePollRun(authorization, at: server, of: client, resource: plan.resource, clock: exchange.clock))
        return try await keep(tokens, client, nonce: nil, port: nil)
    }

    private func ownCredentials() async throws(Failure) -> SessionEntry {
        let client = try await client([], redirectURIs: [])
        guard client.authentication.secret != nil else { throw .needsClientSecret }
        let tokens = try await tokens(.clientCredentials(scopes: plan.scopes), client)
        return try await keep(tokens, client, nonce: nil, port: nil)
    }

    private func tokens(_ grant: AuthorizationGrant, _ client: OAuthClient) async throws(Failure) -> Tokens {
        try await run(
            TokenRun(
                at: server.tokenEndpoint, grant, of: client, resource: plan.resource, clock: exchange.clock))
    }

    private func run<Run: OAuthRun>(_ run: Run) async throws(Failure) -> Run.Outcome {
        switch await exchange.run(run, at: server.issuer, session: plan.entry?.session) {
        case .success(let outcome): return outcome
        case .failure(let failed): throw failed.failure
        }
    }

    private func failure(_ failure: OAuthFailure) -> Failure {
        RecipeExchange.Failed(failure, server.issuer, plan.entry?.session).failure
    }
}

/// The client.
extension OAuthLogin {
    /// The client that the person names, that the session has, or that was registered there before; else a new one.
    private func client(_ grantTypes: [String], redirectURIs: [String]) async throws(Failure) -> OAuthClient {
        if let id = wish.oauth.clientID {
            let method = wish.oauth.clientSecret.map { ClientAuthentication.method(for: $0, at: server) }
            return OAuthClient(id: id, authentication: method ?? .none)
        }
        if let use = known(for: flow), let client = OAuthClient(use) { return client }
        guard !grantTypes.isEmpty else { throw .needsClientSecret }
        guard server.registrationEndpoint != nil else { throw .needsClient(server.issuer) }
        let wanted = RegistrationRun.Wish(redirectURIs: redirectURIs, grantTypes: grantTypes, scopes: plan.scopes)
        let client = try await run(RegistrationRun(at: server, wanted, syntax: exchange.syntax))
        registered = client
        say(.say(Prose.registered(isPublic: client.authentication.secret == nil)))
        return client
    }

    /// What a session here knows of a client that fits: a registered one is registered for one flow.
    private func known(for flow: OAuthUse.Flow) -> OAuthUse? {
        let uses = [plan.entry].compactMap(\.self) + parts.registry.all
        return uses.lazy.compactMap(\.session.oauth).first { use in
            use.issuer == server.issuer && use.flow == flow
        }
    }

    /// In a task of its own, as the login's may have been cancelled; a server that hangs is not waited for.
    private func deleteRegistered() async {
        guard let management = registered?.management else { return }
        registered = nil
        let deletion = EventLoop.task { [exchange, server] in
            _ = await withDeadline(seconds: Self.patienceForDeletion) {
                _ = await exchange.run(DeletionRun(management), at: server.issuer)
            }
        }
        await deletion.value
    }
}

/// The session.
extension OAuthLogin {
    private func keep(
        _ tokens: Tokens, _ client: OAuthClient, nonce: String?, port: UInt16?
    ) async throws(Failure) -> SessionEntry {
        var use = use(client, port)
        let account = try await identify(tokens, &use, nonce: nonce)
        let target = try target(plan.url)
        var asked = [Place(originOf: target)]
        for text in wish.places { asked.append(try parts.places.read(text)) }
        let space = ProtectionSpace(asked.reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
        func fill(_ session: inout Session) {
            session.account = account
            session.recipe = Session.RecipeUse(recipe: Recipe.oauth2, url: plan.url, clientID: client.id)
            session.oauth = use
            session.credential = tokens.isJWT ? .jwt(tokens.access) : .token(tokens.access)
            session.refresh = tokens.refresh
            session.created = exchange.clock.wall()
            session.skew = tokens.skew ?? 0
            session.needsLogin = nil
            session.renewalBegun = false
        }
        if let entry = plan.entry ?? sameLogin(use, account, space) {
            try await parts.registry.replace(entry, jar: CookieJar()) { fill(&$0) }
            parts.renewer.reset(entry)
            return entry
        }
        var session = Session(
            name: wish.name ?? SessionName(host: target.host), space: space, credential: .cookies(sessionCookie: nil),
            created: exchange.clock.wall())
        fill(&session)
        let entry = try await parts.registry.add(session, CookieJar(), renaming: true)
        parts.renewer.reset(entry)
        return entry
    }

    private func use(_ client: OAuthClient, _ port: UInt16?) -> OAuthUse {
        var use = OAuthUse(
            issuer: server.issuer, tokenEndpoint: server.tokenEndpoint ?? "", clientID: client.id,
            authentication: client.authentication.name, clientSecret: client.authentication.secret, flow: flow,
            scopes: plan.scopes, resource: plan.resource)
        use.revocationEndpoint = server.revocationEndpoint
        use.endSessionEndpoint = server.endSessionEndpoint
        use.jwksURI = server.jwksURI
        use.idTokenAlgorithms = server.idTokenAlgorithms
        use.registrationURI = client.management?.uri
        use.registrationToken = client.management?.token
        let before = known(for: flow).flatMap { $0.clientID == client.id ? $0 : nil }
        use.isRegistered = registered != nil || before?.isRegistered ?? false
        // The port that the client was registered with.
        use.port = before?.port ?? port
        return use
    }

    /// Verifies the ID token and asks who it is.
    private func identify(
        _ tokens: Tokens, _ use: inout OAuthUse, nonce: String?
    ) async throws(Failure) -> String? {
        guard let token = tokens.idToken else { return plan.entry?.session.account }
        let name = plan.entry?.session.name
        let identity: IDToken
        do throws(IDTokenCheck.Refusal) {
            identity = try await parts.identities.verify(token, of: use, nonce: nonce, accessToken: tokens.access.value)
        } catch { throw Failure(error, server.issuer, session: name) }
        if let before = plan.entry?.session.oauth?.subject, let name, before != identity.subject {
            throw .otherAccount(name)
        }
        use.idToken = token
        use.subject = identity.subject
        if let account = AccountName.of(identity.token.claims.root) { return account }
        guard let url = server.userinfoEndpoint else { return nil }
        let userinfo = UserinfoRun(at: url, tokens.access, subject: identity.subject)
        switch await exchange.run(userinfo, at: server.issuer, session: plan.entry?.session) {
        case .success(let account): return account
        // Somebody else's claims are an attack; none are no harm: a token for a resource need not be one for these.
        case .failure(let failed):
            if failed.failure.code == .refused { throw failed.failure }
            return nil
        }
    }

    /// The session of the same account at the same server for the same place.
    private func sameLogin(_ use: OAuthUse, _ account: String?, _ space: ProtectionSpace) -> SessionEntry? {
        parts.registry.all.first { entry in
            guard let other = entry.session.oauth else { return false }
            return other.issuer == use.issuer && other.subject == use.subject && entry.session.account == account
                && other.flow == use.flow && other.clientID == use.clientID && entry.session.space == space
                && (wish.name.map { $0 == entry.session.name } ?? true)
        }
    }

    private func target(_ url: String) throws(Failure) -> RequestTarget {
        guard let target = exchange.syntax.parse(url) else { throw .badURL(url) }
        return target
    }
}

extension OAuthClient {
    /// The client of a session.
    init?(_ use: OAuthUse) {
        guard let method = ClientAuthentication(name: use.authentication, secret: use.clientSecret) else { return nil }
        var management: Management?
        if let uri = use.registrationURI, let token = use.registrationToken {
            management = Management(uri: uri, token: token)
        }
        self.init(id: use.clientID, authentication: method, management: management)
    }
}
