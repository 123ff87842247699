import EventLoop
import Model
import OAuth
import Prose
import Recipes

/// What a person says about a login by OAuth; the rest is found out.
struct OAuthWish {
    var flow: OAuthUse.Flow?
    var scopes: [String] = []
    var clientID: String?
    var clientSecret: SecretBytes?

    /// Whether anything was said, so that it has to be OAuth.
    var isGiven: Bool { flow != nil || !scopes.isEmpty || clientID != nil || clientSecret != nil }
}

/// How to log in by OAuth, as found out without a credential.
struct OAuthPlan {
    var server: AuthorizationServer
    /// What the tokens are for; nil where the server is not told.
    var resource: String?
    var scopes: [String]
    /// The address that was asked for.
    var url: String
    /// What is said of it.
    var statement: String
    /// The session that is logged in to again.
    var entry: SessionEntry?
    /// What the servers are verified against; nil for what the system trusts.
    var authorities: CertificateAuthorities?
    /// The client that the person's own table names for the server.
    var knownClient: String?

    /// The flows that the server offers.
    var flows: [OAuthUse.Flow] {
        OAuthUse.Flow.allCases.filter { flow in
            switch flow {
            case .browser: server.authorizationEndpoint != nil && server.takes("authorization_code")
            case .device: server.deviceAuthorizationEndpoint != nil
            case .clientCredentials: server.takes("client_credentials")
            }
        }
    }
}

/// Finds the authorization server of an address (design: "Login by discovery").
@LoopActor struct OAuthDiscovery {
    private let exchange: OAuthExchange
    private let clients: KnownClients
    private let authorities: CertificateAuthorities?

    init(
        _ exchange: OAuthExchange, _ clients: KnownClients, trusting authorities: CertificateAuthorities?,
        trace: ExchangeTrace?
    ) {
        self.clients = clients
        self.exchange = exchange.trusting(authorities, trace: trace)
        self.authorities = authorities
    }

    /// The plan for a session that was made by OAuth: its server may have moved its endpoints.
    func plan(again entry: SessionEntry, _ use: OAuthUse, _ wish: OAuthWish) async throws(Failure) -> OAuthPlan {
        let known = clients.client(at: use.issuer)
        let server = try await server(use.issuer, known)
        // More scopes are more, and not others: what the person has agreed to stays (step-up).
        let scopes = use.scopes + wish.scopes.filter { !use.scopes.contains($0) }
        return OAuthPlan(
            server: server, resource: use.resource, scopes: scopes, url: entry.session.recipe?.url ?? use.issuer,
            statement: Prose.logInAgainAt(use.issuer), entry: entry, authorities: authorities,
            knownClient: known?.clientID)
    }

    /// The plan for an address that the person's table names a client for.
    func plan(_ known: KnownClient, for url: String, _ wish: OAuthWish) async throws(Failure) -> OAuthPlan {
        let server = try await server(known.issuer, known)
        return OAuthPlan(
            server: server, resource: nil, scopes: wish.scopes.isEmpty ? known.scopes : wish.scopes, url: url,
            statement: Prose.clientIsKnown(known.issuer), authorities: authorities,
            knownClient: known.clientID)
    }

    /// What the server says of itself, or what the table says of one that says nothing.
    private func server(_ issuer: String, _ known: KnownClient?) async throws(Failure) -> AuthorizationServer {
        guard let endpoints = known?.endpoints else {
            return try await run(.issuer(issuer), at: issuer).get(or: issuer).server
        }
        var server = AuthorizationServer(issuer: issuer)
        server.authorizationEndpoint = endpoints.authorization
        server.tokenEndpoint = endpoints.token
        server.deviceAuthorizationEndpoint = endpoints.device
        server.revocationEndpoint = endpoints.revocation
        return server
    }

    /// The plan for a resource whose challenge named its metadata.
    func plan(_ hint: Discovery.Resource, for url: String, _ wish: OAuthWish) async throws(Failure) -> OAuthPlan {
        let found = try await run(.resourceMetadata(hint.metadata, of: hint.url), at: url).get(or: url)
        return plan(found, for: url, challenge: hint.scopes, wish)
    }

    /// The plan for an address that a person says is one of OAuth's: a resource whose challenge or whose well-known place
    /// leads on, or an issuer.
    func plan(at target: RequestTarget, _ url: String, _ wish: OAuthWish) async throws(Failure) -> OAuthPlan {
        if let known = clients.client(for: target) { return try await plan(known, for: url, wish) }
        if let hint = Discovery.Resource(try await exchange.get(url)) { return try await plan(hint, for: url, wish) }
        if let plan = try await planIfKnown(url, wish) { return plan }
        throw RecipeExchange.Failed(.noMetadata(url), exchange.syntax.parse(url)?.origin ?? url, nil).failure
    }

    /// The same for an address that says nothing of OAuth by itself; nil where nothing is found.
    func planIfKnown(_ url: String, _ wish: OAuthWish) async throws(Failure) -> OAuthPlan? {
        // By plain http nobody is asked: what answers could be anybody.
        guard let target = exchange.syntax.parse(url), target.scheme == .https || LoopbackAddress.isName(target.host)
        else { return nil }
        let origin = target.origin
        var starts = [MetadataRun.Start.resource(url), .issuer(url)]
        if !AuthorizationPath.isBare(url, exchange.syntax) { starts.append(.issuer(origin)) }
        for start in starts {
            switch await run(start, at: url) {
            case .found(let found): return plan(found, for: url, challenge: [], wish)
            case .failed(let failed): throw failed.failure
            case .nothing: continue
            }
        }
        return nil
    }

    /// What was found at a place.
    private enum Found {
        case found(MetadataRun.Outcome)
        /// There is no such document.
        case nothing
        case failed(RecipeExchange.Failed)

        func get(or url: String) throws(Failure) -> MetadataRun.Outcome {
            switch self {
            case .found(let outcome): return outcome
            case .failed(let failed): throw failed.failure
            case .nothing: throw RecipeExchange.Failed(.noMetadata(url), url, nil).failure
            }
        }
    }

    private func run(_ start: MetadataRun.Start, at url: String) async -> Found {
        switch await exchange.run(MetadataRun(start, syntax: exchange.syntax), at: site(url)) {
        case .success(let outcome): return .found(outcome)
        case .failure(let failed): return failed.foundNothing ? .nothing : .failed(failed)
        }
    }

    private func plan(
        _ found: MetadataRun.Outcome, for url: String, challenge: [String], _ wish: OAuthWish
    ) -> OAuthPlan {
        var scopes = wish.scopes
        if scopes.isEmpty {
            // What the challenge asks for is what this very address needs (RFC 6750, 3); else what the resource knows.
            scopes = Scopes.read(challenge.isEmpty ? found.resource?.scopes ?? [] : challenge)
            for extra in Scopes.ofLogin
            where found.server.tells(of: extra) && !scopes.contains(extra) {
                scopes.append(extra)
            }
        }
        let issuer = found.server.issuer
        let statement =
            found.resource == nil
            ? Prose.isIssuer(issuer, by: "RFC 8414") : Prose.logInAt(site(url), issuer, by: "RFC 9728")
        return OAuthPlan(
            server: found.server, resource: found.resource?.resource, scopes: scopes, url: url, statement: statement,
            authorities: authorities, knownClient: clients.client(at: issuer)?.clientID)
    }

    private func site(_ url: String) -> String {
        exchange.syntax.parse(url).map { String($0.origin.drop { $0 != "/" }.dropFirst(2)) } ?? Prose.printable(url)
    }
}

/// The path of an address.
private enum AuthorizationPath {
    /// Whether the address is an origin and no more.
    static func isBare(_ url: String, _ syntax: URLSyntax) -> Bool { syntax.parse(url)?.path == "/" }
}

extension AuthorizationServer {
    /// Whether it knows this scope. One that signs ID tokens knows openid, also where it lists no scopes (OpenID Connect
    /// Discovery, 3).
    fileprivate func tells(of scope: String) -> Bool {
        scopes.contains(scope) || (scope == "openid" && scopes.isEmpty && idTokenAlgorithms != nil)
    }
}
