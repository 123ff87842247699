import Cookies
import EventLoop
import JOSE
import Model
import OAuth
import Prose
import Recipes

/// The session.
extension OAuthLogin {
    func keep(
        _ tokens: Tokens, _ client: OAuthClient, nonce: String?, port: UInt16?
    ) async throws(Failure) -> SessionEntry {
        var use = use(client, port)
        use.scopes = tokens.granted(of: plan.scopes)
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
            session.authorities = plan.authorities
            session.created = exchange.clock.wall()
            session.skew = tokens.skew ?? 0
            session.needsLogin = nil
            session.renewalBegun = false
        }
        if let entry = plan.entry ?? sameLogin(use, account, space) {
            try await parts.registry.replace(entry, jar: CookieJar()) { fill(&$0) }
            parts.renewer.reset(entry)
            await share(use, but: entry)
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

    /// Has the client's other sessions know what a change of it has brought (RFC 7592, 2.2): a new secret, a new token.
    /// Where that cannot be written, they find out at the server.
    private func share(_ use: OAuthUse, but entry: SessionEntry) async {
        for other in sessions(of: use.clientID) where other !== entry {
            _ = try? await parts.registry.update(other) { session in
                guard let theirs = session.oauth,
                    theirs.registrationToken != use.registrationToken || theirs.clientSecret != use.clientSecret
                else { return false }
                session.oauth?.registrationToken = use.registrationToken
                session.oauth?.clientSecret = use.clientSecret
                return true
            }
        }
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

    /// The account that is logged in to, as far as it is known before: the server is told, and what comes back has to be it.
    var account: String? { wish.user ?? plan.entry?.session.account }

    /// Verifies the ID token and asks who it is.
    /// - Returns: the account's name; what the person says where the server does not say.
    private func identify(
        _ tokens: Tokens, _ use: inout OAuthUse, nonce: String?
    ) async throws(Failure) -> String? {
        guard let token = tokens.idToken else { return account }
        let name = plan.entry?.session.name
        let identity: IDToken
        do throws(IDTokenCheck.Refusal) {
            identity = try await parts.identities.verify(
                token, of: use, nonce: nonce, accessToken: tokens.access.value, trusting: plan.authorities)
        } catch { throw Failure(error, server.issuer, session: name) }
        if let before = plan.entry?.session.oauth?.subject, let name, before != identity.subject {
            throw .otherAccount(name)
        }
        use.idToken = token
        use.subject = identity.subject
        var names = AccountNames(identity.token.claims.root)
        // A session's own account is known by its subject, which does not change.
        let wanted = plan.entry == nil ? wish.user : nil
        let isWanted = { (names: AccountNames) in wanted.map { names.has($0) || $0 == identity.subject } ?? true }
        if names.best == nil || !isWanted(names) { names.add(try await userinfo(tokens, identity.subject)) }
        guard let found = names.best else { return account }
        if !isWanted(names) { throw .notThatAccount(found, wanted: wanted ?? "") }
        return found
    }

    /// What the server says of the account beside the ID token; none where it does not say.
    private func userinfo(_ tokens: Tokens, _ subject: String) async throws(Failure) -> AccountNames {
        guard let url = server.userinfoEndpoint else { return AccountNames() }
        let run = UserinfoRun(at: url, tokens.access, subject: subject)
        switch await exchange.run(run, at: server.issuer, session: plan.entry?.session) {
        case .success(let names): return names
        // Somebody else's claims are an attack; none are no harm: a token for a resource need not be one for these.
        case .failure(let failed):
            if failed.failure.code == .refused { throw failed.failure }
            return AccountNames()
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
