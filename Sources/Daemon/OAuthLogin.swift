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
    static let patienceForDeletion = 5.0

    /// What a login needs of the daemon.
    struct Parts {
        let registry: Registry
        let renewer: Renewer
        let exchange: OAuthExchange
        let identities: IDTokenCheck
        let places: PlaceReader
        let clientsInUse: ClientsInUse

        /// Whether the client of `use` has to stay: a session other than `entry` has it, or a login under way.
        @LoopActor func isNeeded(_ use: OAuthUse, beside entry: SessionEntry? = nil) -> Bool {
            clientsInUse.has(use)
                || registry.all.contains { other in
                    guard other !== entry, let theirs = other.session.oauth else { return false }
                    return theirs.issuer == use.issuer && theirs.clientID == use.clientID
                }
        }
    }

    let plan: OAuthPlan
    let wish: SignIn.Wish
    let flow: OAuthUse.Flow
    let parts: Parts
    let exchange: OAuthExchange
    private let say: (LoginStep) -> Void
    var server: AuthorizationServer { plan.server }
    /// The client that this login has registered: it goes if the login fails.
    private(set) var registered: OAuthClient?
    /// What sessions here know of the client that this login uses; nil where it is none of theirs.
    private(set) var held: OAuthUse?
    /// The client of sessions here that the server refused, as one does that has forgotten it.
    private(set) var forgotten: String?
    private var clientIsRefused = false

    init(_ plan: OAuthPlan, _ wish: SignIn.Wish, _ parts: Parts, say: @escaping (LoginStep) -> Void) throws(Failure) {
        self.plan = plan
        self.wish = wish
        self.parts = parts
        self.say = say
        exchange = parts.exchange.trusting(plan.authorities)
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
        defer { letGo() }
        do throws(Failure) {
            do throws(Failure) { return try await runFlow() } catch {
                guard givesUpClient() else { throw error }
            }
            return try await runFlow()
        } catch {
            await deleteClient()
            throw Task.isCancelled ? .loginGivenUp : error
        }
    }

    private func runFlow() async throws(Failure) -> SessionEntry {
        switch flow {
        case .browser: try await browser()
        case .device: try await device()
        case .clientCredentials: try await ownCredentials()
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
                redirectURI: listener.redirectURI, account: account)
        } catch { throw failure(error) }
        listener.isAnswer = request.isAnswered
        say(.open(url: request.url, end: exchange.clock.boot() + Self.patience))
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
        case .failure(let failed): throw noted(failed)
        }
    }

    private func failure(_ failure: OAuthFailure) -> Failure {
        noted(RecipeExchange.Failed(failure, server.issuer, plan.entry?.session))
    }

    private func noted(_ failed: RecipeExchange.Failed) -> Failure {
        if failed.refusedClient { clientIsRefused = true }
        return failed.failure
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
        if let use = known(for: flow), let client = OAuthClient(use) {
            held = use
            parts.clientsInUse.enter(use)
            return await widened(client, use, grantTypes, redirectURIs)
        }
        guard !grantTypes.isEmpty else { throw .needsClientSecret }
        if let id = plan.knownClient { return OAuthClient(id: id) }
        guard server.registrationEndpoint != nil else { throw .needsClient(server.issuer) }
        let wanted = RegistrationRun.Wish(redirectURIs: redirectURIs, grantTypes: grantTypes, scopes: plan.scopes)
        let client = try await run(RegistrationRun(at: server, wanted, syntax: exchange.syntax))
        registered = client
        say(.say(Prose.registered(isPublic: client.authentication.secret == nil)))
        return client
    }

    /// A client that was registered for fewer scopes is registered for more: with the same id, so that what the person has
    /// agreed to stays. A server that does not do that may give the scopes all the same.
    private func widened(
        _ client: OAuthClient, _ use: OAuthUse, _ grantTypes: [String], _ redirectURIs: [String]
    ) async -> OAuthClient {
        guard let management = client.management else { return client }
        // Other sessions of the client keep theirs.
        var scopes = sessions(of: client.id).reduce(into: use.scopes) { all, other in
            all += (other.session.oauth?.scopes ?? []).filter { !all.contains($0) }
        }
        let more = plan.scopes.filter { !scopes.contains($0) }
        if more.isEmpty { return client }
        scopes += more
        let wanted = RegistrationRun.Wish(redirectURIs: redirectURIs, grantTypes: grantTypes, scopes: scopes)
        let run = RegistrationRun(changing: client, at: management, of: server, wanted, syntax: exchange.syntax)
        guard case .success(let changed) = await exchange.run(run, at: server.issuer) else { return client }
        // At once: the server no longer takes what there was, whatever becomes of this login.
        held?.registrationURI = changed.management?.uri
        held?.registrationToken = changed.management?.token
        await share(changed)
        return changed
    }

    /// Whether the login failed because the server has forgotten a client that was registered there: another is, once.
    private func givesUpClient() -> Bool {
        guard clientIsRefused, forgotten == nil, let held, held.isRegistered, server.registrationEndpoint != nil,
            !Task.isCancelled
        else { return false }
        forgotten = held.clientID
        letGo()
        say(.say(Prose.clientForgotten))
        return true
    }

    private func letGo() {
        if let held { parts.clientsInUse.leave(held) }
        held = nil
    }

    /// Has the client's sessions know what a change of it has brought (RFC 7592, 2.2): a new secret, a new token.
    /// Where that cannot be written, they find out at the server.
    private func share(_ client: OAuthClient) async {
        for entry in sessions(of: client.id) {
            _ = try? await parts.registry.update(entry, items: .atOnce) { session in
                session.oauth?.authentication = client.authentication.name
                session.oauth?.clientSecret = client.authentication.secret
                session.oauth?.registrationURI = client.management?.uri
                session.oauth?.registrationToken = client.management?.token
                return session.oauth != nil
            }
        }
    }

    /// The sessions of a client of this server's.
    func sessions(of clientID: String) -> [SessionEntry] {
        parts.registry.all.filter { isOfThisServer($0.session) && $0.session.oauth?.clientID == clientID }
    }

    /// Whether a session is of this server, vouched for by the same authorities: one that only another authority vouches
    /// for may be somebody else, to whom a client's secret is not shown.
    func isOfThisServer(_ session: Session) -> Bool {
        session.oauth?.issuer == server.issuer && session.authorities == plan.authorities
    }

    /// What a session here knows of a client that fits: a registered one is registered for one flow.
    func known(for flow: OAuthUse.Flow) -> OAuthUse? {
        let uses = [plan.entry].compactMap(\.self) + parts.registry.all
        return uses.lazy.filter { [self] in isOfThisServer($0.session) }.compactMap(\.session.oauth).first {
            [self] use in use.flow == flow && use.clientID != forgotten
        }
    }

    /// Deletes the client of a login that failed: the one it registered, or one whose last session has gone meanwhile. In
    /// a task of its own, as the login's may have been cancelled; a server that hangs is not waited for.
    private func deleteClient() async {
        var client = registered
        if client == nil, let use = held, use.isRegistered {
            letGo()
            if !parts.isNeeded(use) { client = OAuthClient(use) }
        }
        guard let management = client?.management else { return }
        registered = nil
        let deletion = EventLoop.task { [exchange, server] in
            _ = await withDeadline(seconds: Self.patienceForDeletion) {
                _ = await exchange.run(DeletionRun(management), at: server.issuer)
            }
        }
        await deletion.value
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
