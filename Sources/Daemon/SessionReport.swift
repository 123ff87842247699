import Cookies
import EventLoop
import JOSE
import Model
import Prose
import Recipes

/// Sessions as the protocol tells them.
@LoopActor struct SessionReport {
    let clock: Clock

    init(_ agent: Agent) { clock = agent.clock }

    /// A Session of the interface, as a member.
    func write(_ name: String, _ entry: SessionEntry, _ json: inout JSONWriter) {
        json.object(name) { fields(entry, &$0) }
    }

    /// A Session of the interface, as an element.
    func write(_ entry: SessionEntry, _ json: inout JSONWriter) {
        json.object { fields(entry, &$0) }
    }

    private func fields(_ entry: SessionEntry, _ json: inout JSONWriter) {
        let session = entry.session
        json.member("name", session.name.description)
        json.member("kind", session.credential.kind.rawValue)
        json.member("for", session.space.texts)
        json.member("state", entry.state(clock).rawValue)
        json.member("expires", entry.expiryWall(clock.wall())?.rfc3339)
        json.member("lifetime", session.credential.accessToken?.lifetime.map { Int64($0) })
        json.member("recipe", recipe(session))
        json.member("account", session.account)
        json.member("last_use", session.lastUse?.time.rfc3339)
        var header: String?
        if case .header(let name, _) = session.credential { header = name }
        json.member("header", header)
        json.member("renews", session.renews)
        json.member("since", entry.ended(clock)?.since?.rfc3339)
        json.object("settings") { json in
            json.member("ambient", session.settings.isAmbient)
            json.member("default", session.settings.isDefault)
            json.member("insecure", session.settings.insecure)
            json.member("confirm", session.settings.confirms)
        }
    }

    /// The recipe's name; null for a session made with Add, though a refresh token of it is renewed by one.
    private func recipe(_ session: Session) -> String? {
        session.recipe.flatMap { $0.recipe == Recipe.refreshOnly ? nil : $0.recipe }
    }

    /// The details of Show, as lanyard(1) documents them.
    /// - Parameter agent: knows what the store and the keyring are.
    func writeDetails(_ entry: SessionEntry, reveal: Bool, token: Bool, _ agent: Agent, _ json: inout JSONWriter) {
        let session = entry.session
        json.member("kind_text", Prose.kind(session, recipe: recipe(session)))
        json.member("created", session.created.rfc3339)
        credential(session, reveal, token: reveal || token, &json)
        if let refresh = session.refresh { writeRefresh(refresh, reveal, &json) }
        if case .cookies = session.credential { writeCookies(entry.jar, reveal, &json) }
        json.member("recipe_url", session.oauth?.issuer ?? session.recipe?.url)
        let hosts = agent.exchange.loginHosts(of: session)
        if !hosts.isEmpty { json.member("login_hosts", hosts) }
        if let oauth = session.oauth { write(oauth, &json) }
        if let authorities = session.authorities { json.member("authorities", authorities.count) }
        if let use = session.lastUse {
            json.object("last_use") { json in
                json.member("time", use.time.rfc3339)
                json.member("program", use.program)
                json.member("method", use.method)
                json.member("path", use.path)
            }
        }
        json.object("store") { json in
            json.member("kind", agent.store.kind)
            if let name = agent.keyringName { json.member("keyring", name) }
            if let item = agent.store.itemID(of: session.id) { json.member("item", item) }
        }
        json.member("version", session.version)
        // Below a minute clocks differ by nature.
        if abs(session.skew) > 60 { json.member("skew", session.skew) }
        if let ended = entry.ended(clock) {
            json.object("needs_login") { json in
                json.member("since", ended.since?.rfc3339)
                json.member("cause", Prose.needsLogin(ended.cause))
            }
        }
    }

    private func write(_ use: OAuthUse, _ json: inout JSONWriter) {
        json.object("oauth") { json in
            json.member("issuer", use.issuer)
            json.member("client_id", use.clientID)
            json.member("registered", use.isRegistered)
            json.member("flow", use.flow.rawValue)
            json.member("scope", use.scopes)
            json.member("resource", use.resource)
        }
    }

    private func credential(_ session: Session, _ reveal: Bool, token revealsToken: Bool, _ json: inout JSONWriter) {
        switch session.credential {
        case .token(let token), .jwt(let token):
            json.member("token_scheme", token.scheme)
            // A JWT begins with the same letters for everyone; an opaque token's first letters are part of the secret.
            if case .jwt = session.credential { json.member("token_prefix", token.value.copy(0..<4).exposedText()) }
            json.member("token_bytes", token.value.count)
            if revealsToken { json.member("token", token.value) }
            json.member("expires", token.expiry?.wall.rfc3339)
            if let jwt = JWT.decode(token.value) { json.member("claims", jwt.claims.root) }
        case .basic(let user, let password):
            json.member("user", user)
            if reveal { json.member("password", password) }
        case .header(let name, let value):
            json.member("header", name)
            json.member("value_bytes", value.count)
            if reveal { json.member("value", value) }
        case .cookies(let sessionCookie): json.member("session_cookie", sessionCookie)
        }
    }

    private func writeRefresh(_ refresh: RefreshToken, _ reveal: Bool, _ json: inout JSONWriter) {
        json.object("refresh") { json in
            json.member("rotations", refresh.rotations)
            json.member("last_rotation", refresh.lastRotation?.rfc3339)
            json.member("expires", refresh.expiry?.wall.rfc3339)
            if reveal { json.member("token", refresh.value) }
        }
    }

    private func writeCookies(_ jar: CookieJar, _ reveal: Bool, _ json: inout JSONWriter) {
        json.array("cookies") { json in
            // A jar of 100,000 does not fit a message; people look at the first thousand.
            for cookie in jar.cookies.prefix(1000) {
                json.object { json in
                    json.member("name", cookie.name)
                    json.member("domain", cookie.domain)
                    json.member("path", cookie.path)
                    json.member("expires", cookie.expiry?.rfc3339)
                    json.member("secure", cookie.isSecure)
                    json.member("http_only", cookie.isHTTPOnly)
                    if reveal { json.bytes("value", cookie.value) }
                }
            }
        }
    }
}
