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
            session.oauth = withClientNow(use)
            session.credential = tokens.isJWT ? .jwt(tokens.access) : .token(tokens.access)
            session.refresh = tokens.refresh
            session.authorities = plan.authorities
            session.created = exchange.clock.wall()
            session.skew = tokens.skew ?? 0
            session.needsLogin = nil
            session.renewalBegun = false
        }
        if let entry = plan.entry ?? sameLogin(use, account, space) {
            let before = entry.renewal.unsaved?.session ?? entry.session
            try await parts.registry.replace(entry, jar: CookieJar()) { fill(&$0) }
            parts.renewer.reset(entry)
            await end(before, replacedBy: use)
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

    /// Revokes what the login before had as another client, and deletes that one where it has no use now: later nobody
    /// could. What the server does not do then it does not do.
    private func end(_ before: Session, replacedBy new: OAuthUse) async {
        guard var use = before.oauth, use.issuer != new.issuer || use.clientID != new.clientID else { return }
        // The provider's own session may be the one of the new login.
        use.endSessionEndpoint = nil
        let logout = OAuthLogout(before, use, parts.exchange.trusting(before.authorities)) { [parts, use] in
            parts.isNeeded(use)
        }
        _ = await withDeadline(seconds: Self.patienceForDeletion) { _ = try? await logout.run() }
    }

    /// Another login may have changed the client since this one began (RFC 7592, 2.2): what its sessions know now holds.
    private func withClientNow(_ use: OAuthUse) -> OAuthUse {
        guard held != nil, let now = sessions(of: use.clientID).lazy.compactMap(\.session.oauth).first else {
            return use
        }
        var use = use
        use.authentication = now.authentication
        use.clientSecret = now.clientSecret
        use.registrationURI = now.registrationURI
        use.registrationToken = now.registrationToken
        return use
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
        let before = held ?? known(for: flow).flatMap { $0.clientID == client.id ? $0 : nil }
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

    /// The session of the same account at the same server for the same place. Two of whom nobody knows whose they are
    /// need not be the same account's; a client's own is the client's.
    private func sameLogin(_ use: OAuthUse, _ account: String?, _ space: ProtectionSpace) -> SessionEntry? {
        guard use.subject != nil || account != nil || use.flow == .clientCredentials else { return nil }
        return parts.registry.all.first { entry in
            guard isOfThisServer(entry.session), let other = entry.session.oauth else { return false }
            return other.subject == use.subject && entry.session.account == account
                && other.flow == use.flow && [use.clientID, forgotten].contains(other.clientID)
                && entry.session.space == space
                && (wish.name.map { $0 == entry.session.name } ?? true)
        }
    }

    private func target(_ url: String) throws(Failure) -> RequestTarget {
        guard let target = exchange.syntax.parse(url) else { throw .badURL(url) }
        return target
    }
}
