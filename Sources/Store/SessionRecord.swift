import Model

/// A session as a member of a JSON object, with all its fields but its cookies.
///
/// Members that are not known are passed over when reading: a newer Lanyard may have added some.
enum SessionRecord {
    static func write(_ session: Session, _ name: String, _ json: inout JSONWriter) {
        json.object(name) { json in
            json.member("id", session.id.description)
            json.member("version", session.version)
            json.member("name", session.name.description)
            if let account = session.account { json.member("account", account) }
            json.array("space") { json in
                for place in session.space.places { write(place, &json) }
            }
            if let recipe = session.recipe { write(recipe, &json) }
            if let oauth = session.oauth { OAuthRecord.write(oauth, &json) }
            json.object("credential") { write(session.credential, &$0) }
            if let refresh = session.refresh { write(refresh, &json) }
            if let cookies = session.recipeCookies { json.secret("recipeCookies", cookies) }
            if let authorities = session.authorities { json.member("authorities", authorities.pem) }
            json.object("settings") { json in
                json.member("default", session.settings.isDefault)
                json.member("insecure", session.settings.insecure)
                json.member("ambient", session.settings.isAmbient)
                json.member("confirm", session.settings.confirms)
            }
            json.time("created", session.created)
            if let use = session.lastUse { write(use, &json) }
            if let needsLogin = session.needsLogin { write(needsLogin, "needsLogin", &json) }
            if let end = session.cookieEnd { write(end, "cookieEnd", &json) }
            json.member("renewalBegun", session.renewalBegun)
            json.member("skew", session.skew)
        }
    }

    private static func write(_ place: Place, _ json: inout JSONWriter) {
        json.object { json in
            json.member("scheme", place.scheme.rawValue)
            switch place.host {
            case .exactly(let host): json.member("host", host)
            case .below(let host): json.member("below", host)
            }
            json.member("port", place.port)
            json.member("path", place.path)
        }
    }

    private static func write(_ recipe: Session.RecipeUse, _ json: inout JSONWriter) {
        json.object("recipe") { json in
            json.member("name", recipe.recipe)
            json.member("url", recipe.url)
            if let client = recipe.clientID { json.member("client", client) }
            if !recipe.loginHosts.isEmpty { json.member("loginHosts", recipe.loginHosts) }
        }
    }

    private static func write(_ credential: Credential, _ json: inout JSONWriter) {
        json.member("kind", credential.kind.rawValue)
        switch credential {
        case .cookies(let sessionCookie): if let sessionCookie { json.member("cookie", sessionCookie) }
        case .token(let token), .jwt(let token):
            json.member("scheme", token.scheme)
            json.secret("value", token.value)
            write(token.expiry, token.lifetime, &json)
        case .basic(let user, let password):
            json.member("user", user)
            json.secret("value", password)
        case .header(let name, let value):
            json.member("name", name)
            json.secret("value", value)
        }
    }

    private static func write(_ token: RefreshToken, _ json: inout JSONWriter) {
        json.object("refresh") { json in
            json.secret("value", token.value)
            write(token.expiry, token.lifetime, &json)
            json.member("rotations", token.rotations)
            if let rotation = token.lastRotation { json.time("rotated", rotation) }
            if let cookie = token.cookie { json.member("cookie", cookie) }
        }
    }

    private static func write(_ expiry: Expiry?, _ lifetime: Double?, _ json: inout JSONWriter) {
        if let expiry { json.time("expiry", expiry.wall) }
        if let lifetime { json.duration("lifetime", lifetime) }
    }

    private static func write(_ use: Session.LastUse, _ json: inout JSONWriter) {
        json.object("lastUse") { json in
            json.time("time", use.time)
            json.member("program", use.program)
            json.member("method", use.method)
            json.member("path", use.path)
        }
    }

    private static func write(_ needsLogin: Session.NeedsLogin, _ name: String, _ json: inout JSONWriter) {
        json.object(name) { json in
            json.time("since", needsLogin.since)
            json.member("cause", needsLogin.cause.rawValue)
        }
    }
}

/// Reading.
extension SessionRecord {
    static func read(_ json: JSONValue, _ clock: Clock) throws(JSONFailure) -> Session {
        guard let id = SessionID(try json.text("id")) else { throw .member("id") }
        guard let name = SessionName(try json.text("name")) else { throw .member("name") }
        guard let version = json["version"]?.integer, version >= 0 else { throw .member("version") }
        guard let credential = json["credential"] else { throw .member("credential") }
        var session = Session(
            id: id, name: name, space: try readSpace(json), credential: try readCredential(credential, clock),
            created: try json.time("created"))
        session.version = UInt64(version)
        session.account = try json.optionalText("account", limit: .max)
        session.recipe = try readRecipe(json["recipe"])
        session.oauth = try OAuthRecord.read(json["oauth"])
        session.refresh = try readRefresh(json["refresh"], clock)
        if json["recipeCookies"] != nil { session.recipeCookies = try json.storedSecret("recipeCookies") }
        session.authorities = try readAuthorities(json)
        session.settings.isDefault = try json["settings"]?.flag("default") ?? false
        session.settings.insecure = try json["settings"]?.flag("insecure") ?? false
        session.settings.isAmbient = try json["settings"]?.flag("ambient") ?? false
        session.settings.confirms = try json["settings"]?.flag("confirm") ?? false
        session.lastUse = try readUse(json["lastUse"])
        session.needsLogin = try readNeedsLogin(json["needsLogin"])
        session.cookieEnd = try readNeedsLogin(json["cookieEnd"])
        session.renewalBegun = try json.flag("renewalBegun")
        session.skew = try json.optionalInteger("skew") ?? 0
        return session
    }

    private static func readSpace(_ json: JSONValue) throws(JSONFailure) -> ProtectionSpace {
        guard let elements = json["space"]?.elements else { throw .member("space") }
        var places: [Place] = []
        for element in elements {
            guard let scheme = Scheme(rawValue: try element.text("scheme")) else { throw .member("scheme") }
            guard let port = element["port"]?.integer.flatMap(UInt16.init(exactly:)) else { throw .member("port") }
            let path = try element.text("path", limit: .max)
            places.append(Place(scheme: scheme, host: try readHost(element), port: port, path: path))
        }
        return ProtectionSpace(places)
    }

    private static func readHost(_ json: JSONValue) throws(JSONFailure) -> Place.Host {
        if let below = try json.optionalText("below", limit: .max) { return .below(below) }
        return .exactly(try json.text("host", limit: .max))
    }

    private static func readRecipe(_ json: JSONValue?) throws(JSONFailure) -> Session.RecipeUse? {
        guard let json else { return nil }
        return Session.RecipeUse(
            recipe: try json.text("name", limit: .max), url: try json.text("url", limit: .max),
            clientID: try json.optionalText("client", limit: .max),
            loginHosts: try json.texts("loginHosts"))
    }

    private static func readCredential(_ json: JSONValue, _ clock: Clock) throws(JSONFailure) -> Credential {
        guard let kind = Credential.Kind(rawValue: try json.text("kind")) else { throw .member("kind") }
        switch kind {
        case .cookie: return .cookies(sessionCookie: try json.optionalText("cookie", limit: .max))
        case .token: return .token(try readToken(json, clock))
        case .jwt: return .jwt(try readToken(json, clock))
        case .basic:
            return .basic(user: try json.text("user", limit: .max), password: try json.storedSecret("value"))
        case .header:
            return .header(name: try json.text("name", limit: .max), value: try json.storedSecret("value"))
        }
    }

    private static func readToken(_ json: JSONValue, _ clock: Clock) throws(JSONFailure) -> AccessToken {
        AccessToken(
            scheme: try json.text("scheme", limit: .max), value: try json.storedSecret("value"),
            expiry: try json.optionalTime("expiry").map { Expiry(wall: $0, clock: clock) },
            lifetime: try json.optionalDuration("lifetime"))
    }

    /// Ones that are not understood are no reason to trust others.
    private static func readAuthorities(_ json: JSONValue) throws(JSONFailure) -> CertificateAuthorities? {
        guard let text = try json.optionalText("authorities", limit: .max) else { return nil }
        guard let authorities = CertificateAuthorities(text) else { throw .member("authorities") }
        return authorities
    }

    private static func readRefresh(_ json: JSONValue?, _ clock: Clock) throws(JSONFailure) -> RefreshToken? {
        guard let json else { return nil }
        var token = RefreshToken(
            value: try json.storedSecret("value"),
            expiry: try json.optionalTime("expiry").map { Expiry(wall: $0, clock: clock) },
            lifetime: try json.optionalDuration("lifetime"))
        token.rotations = Int(try json.optionalInteger("rotations") ?? 0)
        token.lastRotation = try json.optionalTime("rotated")
        token.cookie = try json.optionalText("cookie", limit: .max)
        return token
    }

    private static func readUse(_ json: JSONValue?) throws(JSONFailure) -> Session.LastUse? {
        guard let json else { return nil }
        return Session.LastUse(
            time: try json.time("time"), program: try json.text("program", limit: .max),
            method: try json.text("method", limit: .max), path: try json.text("path", limit: .max))
    }

    private static func readNeedsLogin(_ json: JSONValue?) throws(JSONFailure) -> Session.NeedsLogin? {
        guard let json else { return nil }
        guard let cause = Session.NeedsLogin.Cause(rawValue: try json.text("cause")) else { throw .member("cause") }
        return Session.NeedsLogin(since: try json.time("since"), cause: cause)
    }
}
