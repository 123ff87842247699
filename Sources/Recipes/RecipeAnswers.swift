import Cookies
import JOSE
import Model

/// What answers mean, and what is taken of them.
extension RecipeRun {
    /// The longest wait that is believed, in seconds: a day.
    private static let longestWait = 86_400.0

    /// Whether a rule fits an answer.
    func applies(_ rule: AnswerRule, to answer: HTTPResponse, _ change: JarChange) -> Bool {
        guard rule.statuses.contains(answer.status) else { return false }
        switch rule.test {
        case .always:
            return true
        case .emptyBody:
            return answer.body.count == 0
        case .body(let text):
            return answer.body.hasText(text)
        case .member(let name, let texts):
            let document = try? JSONDocument(answer.body)
            return document?.root.member(name)?.string.map(texts.contains) ?? false
        case .passwordForm:
            return HTMLForms(answer.body).login != nil
        case .setsSessionCookie:
            return recipe.cookies?.session(in: change) != nil
        case .redirectsToPage:
            guard let target = location(of: answer).flatMap(syntax.parse) else { return false }
            return target == syntax.parse(page)
        case .redirects(let reference):
            guard let target = location(of: answer).flatMap(syntax.parse) else { return false }
            return target == syntax.resolve(reference, url).flatMap(syntax.parse)
        }
    }

    /// Takes what the captures say.
    mutating func take(
        _ captures: [Capture], of answer: HTTPResponse, _ change: JarChange
    ) throws(RecipeFailure) {
        for capture in captures {
            switch capture {
            case .access(let members, let scheme):
                taken.access = try token(members, of: try object(answer))
                taken.scheme = scheme
            case .accessOrCookie(let members, let scheme):
                try takeAccessOrCookie(members, scheme, of: answer, change)
            case .asOne(let recipes):
                try takeAsOne(of: recipes, answer, change)
            case .refreshCookie(let name, let isRequired):
                taken.refreshCookie = refreshCookie(name, in: change)
                if isRequired, taken.refreshCookie == nil { throw .noSessionCookie(shown(answer.url)) }
            case .refresh(let member, let isRequired):
                let object = try object(answer)
                guard isRequired || object.member(member).map({ !$0.isNull }) ?? false else { continue }
                taken.refresh = try token([member], of: object)
            case .lifetime(let member):
                taken.expiresIn = Lifetime.seconds(try object(answer).member(member))
            case .bearerOnly(let member):
                guard let type = try object(answer).member(member), !type.isNull else { continue }
                guard type.string?.equalsIgnoringCase("bearer") == true else { throw .unsupportedTokenType }
            case .loginForm:
                form = try loginForm(answer)
            case .csrf(let places, let isRequired):
                taken.csrf = places.lazy.compactMap { Self.csrf(in: $0, of: answer) }.first
                if isRequired, taken.csrf == nil { throw .noCSRFToken(shown(answer.url)) }
            case .sessionCookie:
                guard let name = cookies?.session(in: change, or: jar, but: taken.refreshCookie) else {
                    throw .noSessionCookie(shown(answer.url))
                }
                taken.sessionCookie = name
            }
        }
    }

    private mutating func takeAccessOrCookie(
        _ members: [String], _ scheme: String, of answer: HTTPResponse, _ change: JarChange
    ) throws(RecipeFailure) {
        let object = try? JSONDocument(answer.body).root
        if let object, members.contains(where: { object.member($0)?.secret != nil }) {
            try take([.access(members: members, scheme: scheme)], of: answer, change)
        } else if recipe.cookies?.session(in: change) != nil {
            try take([.sessionCookie], of: answer, change)
        } else {
            throw object == nil ? .notJSON(shown(answer.url)) : .missingMember(members.first ?? "")
        }
    }

    /// The cookies of the recipe whose the session is.
    private var cookies: Recipe.SessionCookies? { taken.recipe.flatMap(Recipe.named)?.cookies ?? recipe.cookies }

    private func refreshCookie(_ name: String?, in change: JarChange) -> String? {
        let found = change.set.first { cookie in
            if let name { return cookie.name == name }
            return cookie.isHTTPOnly && JWT.decode(cookie.value)?.claims.root["token_type"]?.string == "refresh"
        }
        return found?.name
    }

    private mutating func takeAsOne(
        of recipes: [String], _ answer: HTTPResponse, _ change: JarChange
    ) throws(RecipeFailure) {
        var last = RecipeFailure.notOffered
        for recipe in recipes.lazy.compactMap(Recipe.named) {
            let before = taken
            taken.recipe = recipe.name
            do {
                return try take(recipe.login.last?.captures ?? [], of: answer, change)
            } catch {
                taken = before
                last = error
            }
        }
        throw last
    }

    private static func csrf(in place: CSRFPlace, of answer: HTTPResponse) -> SecretBytes? {
        let found: SecretBytes?
        switch place {
        case .meta(let name): found = HTMLForms(answer.body).metas[name]
        case .field(let name): found = HTMLForms(answer.body).value(of: name)
        case .header(let name): found = answer.values(of: name).first
        case .member(let name): found = (try? JSONDocument(answer.body))?.root.member(name)?.secret
        }
        return found.flatMap { $0.isFieldValue ? $0 : nil }
    }

    /// What the run came to with its last answer.
    func grant(_ answer: HTTPResponse) -> Grant {
        var grant = Grant(jar: jar)
        grant.changes = changes
        let now = clock.wall()
        let serverTime = answer.text(of: "date").flatMap(HTTPDate.parse)
        grant.skew = serverTime.map { $0 - now }
        if phase == .login {
            grant.account = inputs.user
            grant.loginURL = loginURL
            grant.recipe = taken.recipe ?? recipe.name
        }
        if phase == .logout { grant.told = .done }
        grant.sessionCookie = taken.sessionCookie
        if let value = taken.access {
            let jwt = JWT.decode(value)
            grant.isJWT = jwt != nil
            let lifetime = Lifetime.of(expiresIn: taken.expiresIn, jwt: jwt, serverTime: serverTime ?? now)
            grant.access = AccessToken(
                scheme: taken.scheme, value: value, expiry: expiry(lifetime, answer, jwt: jwt), lifetime: lifetime)
        }
        if let value = taken.refresh {
            let jwt = JWT.decode(value)
            let lifetime = Lifetime.of(expiresIn: nil, jwt: jwt, serverTime: serverTime ?? now)
            grant.refresh = RefreshToken(value: value, expiry: expiry(lifetime, answer, jwt: jwt), lifetime: lifetime)
        }
        if let cookie = jar.cookies.last(where: { $0.name == taken.refreshCookie && !$0.isExpired(at: now) }) {
            let end = cookie.expiry.map { Expiry(wall: $0, clock: clock) }
            grant.refresh = RefreshToken(
                value: cookie.value, expiry: end, lifetime: cookie.expiry.map { Double($0 - now) }, cookie: cookie.name)
        }
        return grant
    }

    /// How long an answer asks to wait (RFC 9110, 10.2.3), in seconds; nil where it does not say.
    static func retryAfter(_ answer: HTTPResponse, _ clock: Clock) -> Double? {
        guard let text = answer.text(of: "retry-after") else { return nil }
        if let seconds = Double(text) { return seconds.isFinite ? min(max(0, seconds), longestWait) : nil }
        let now = answer.text(of: "date").flatMap(HTTPDate.parse) ?? clock.wall()
        return HTTPDate.parse(text).map { min(max(0, Double($0 - now)), longestWait) }
    }

    private func expiry(_ lifetime: Double?, _ answer: HTTPResponse, jwt: JWT?) -> Expiry? {
        let cut = jwt == nil ? 0 : Lifetime.cutOfDates
        return lifetime.map { Expiry(seconds: max(0, $0 - cut), after: answer.started, clock: clock) }
    }

    private func object(_ answer: HTTPResponse) throws(RecipeFailure) -> JSONValue {
        guard let document = try? JSONDocument(answer.body), document.root.isObject else {
            throw .notJSON(shown(answer.url))
        }
        return document.root
    }

    private func token(_ members: [String], of object: JSONValue) throws(RecipeFailure) -> SecretBytes {
        guard let value = members.lazy.compactMap({ object.member($0)?.secret }).first else {
            throw .missingMember(members.first ?? "")
        }
        guard value.isFieldValue else { throw .unacceptableToken }
        return value
    }

    private func loginForm(_ answer: HTTPResponse) throws(RecipeFailure) -> (HTMLForms.Form, String?) {
        let page = HTMLForms(answer.body)
        guard !page.forms.isEmpty else { throw .noForm(shown(answer.url)) }
        guard let form = page.login else { throw .noPasswordField(shown(answer.url)) }
        guard form.isPost else { throw .passwordInURL(shown(answer.url)) }
        return (form, page.base)
    }
}

extension JSONValue {
    /// The member that `path` leads to, through objects where it has dots.
    func member(_ path: String) -> JSONValue? {
        var value: JSONValue? = self
        for name in path.split(separator: ".", omittingEmptySubsequences: false) { value = value?[String(name)] }
        return value
    }
}

extension SecretBytes {
    /// Where a text that tells answers apart is looked for, in bytes.
    private static let searched = 64 << 10

    /// Whether `text` stands in the first 64 KiB.
    func hasText(_ text: String) -> Bool {
        withBytes { $0.extracting(first: Self.searched).contains(Array(text.utf8)) }
    }
}

extension Span<UInt8> {
    /// Whether the bytes of `text` stand in it.
    fileprivate func contains(_ text: [UInt8]) -> Bool {
        guard count >= text.count else { return false }
        return (0...(count - text.count)).contains { start in
            text.indices.allSatisfy { self[start + $0] == text[$0] }
        }
    }
}
