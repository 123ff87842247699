import Model
import TOML

/// Reads a recipe that a person wrote. What is not as lanyard-recipes(5) says is a ``FileMistake``.
///
/// What a file leaves out is what the built-in recipes `form` and `json` have.
public struct RecipeFile {
    /// The kinds a recipe can be of.
    private enum Kind: String, CaseIterable {
        case form, json
    }

    private static let keys = [
        "title", "kind", "hosts", "login-url", "login-hosts", "check", "cookies", "login", "renew", "logout",
        "logged-out",
    ]
    private static let cookieKeys = ["session", "csrf", "csrf-header", "other"]
    private static let loggedOutKeys = ["status", "to", "body"]
    /// The statuses that are told of scripts' answers: what went well says nothing against a session, nor does what failed
    /// at the server.
    private static let tellingStatuses = 300...499
    /// More exchanges than any login takes.
    private static let mostSteps = 16

    private let root: TOMLTable
    private let kind: Kind

    /// The recipe in `bytes`, by the name of `name`.
    /// - Parameter path: where it stands.
    public static func read(_ bytes: [UInt8], name: String, path: String) throws(FileMistake) -> Recipe {
        guard isName(name) else { throw FileMistake(.badName(name)) }
        guard Recipe.named(name) == nil else { throw FileMistake(.nameTaken(name)) }
        let root = try TOMLDocument(bytes).root
        try root.allow(keys)
        let kinds = Kind.allCases.map(\.rawValue)
        guard let kind = try root.text("kind", .choice(kinds), where: kinds.contains).flatMap(Kind.init) else {
            throw FileMistake(.missingKey("kind"))
        }
        return try RecipeFile(root: root, kind: kind).recipe(name, path)
    }

    /// Whether a recipe can be called this: what `--recipe` takes without quotes.
    public static func isName(_ text: String) -> Bool {
        let others = "._-".utf8
        return (1...64).contains(text.utf8.count) && !text.hasPrefix(".") && !text.hasPrefix("-")
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: others.contains(byte)
                }
            }
    }

    private func recipe(_ name: String, _ path: String) throws(FileMistake) -> Recipe {
        let hosts = try root.texts("hosts", .host, orOne: true) { HostPattern($0) != nil } ?? []
        let renewal = try steps(.renewal)
        let logout = try steps(.logout)
        let login = try login(renews: !renewal.isEmpty)
        let rules = try loggedOut()
        return Recipe(
            name: name, title: try root.text("title") ?? Self.title(kind, name),
            kind: kind == .form ? .cookie : .token, defaultPath: try root.text("login-url", .reference, where: isPath),
            login: login, renewal: renewal, logout: logout, cookies: try cookies(),
            hosts: hosts.compactMap { HostPattern($0) }, canSignOn: kind == .form && root[RecipePhase.login.key] == nil,
            loginHosts: try loginHosts(),
            loggedOut: rules ?? (kind == .form ? [.toLogin] : []),
            check: try check(rules ?? []), path: path)
    }

    /// Other origins that a login may pass through, which then is that of a form as it is found.
    private func loginHosts() throws(FileMistake) -> [String] {
        let hosts = try root.texts("login-hosts", .origin, orOne: true, where: LoginHost.isOrigin) ?? []
        guard let line = root["login-hosts"]?.line, !hosts.isEmpty else { return [] }
        if kind != .form { throw FileMistake(.value("kind", expected: .choice([Kind.form.rawValue])), line: line) }
        for key in [RecipePhase.login.key, RecipePhase.renewal.key] where root[key] != nil {
            throw FileMistake(.conflict("login-hosts", key), line: line)
        }
        guard hosts.count <= LoginHost.most else {
            throw FileMistake(.value("login-hosts", expected: .origin), line: line)
        }
        return hosts
    }

    private static func title(_ kind: Kind, _ name: String) -> String {
        kind == .form ? "a form login (\(name))" : "a user name and a password (\(name))"
    }

    /// A path of the site: a login given as an origin alone is there.
    private func isPath(_ text: String) -> Bool { text.hasPrefix("/") && !text.hasPrefix("//") }

    private func login(renews: Bool) throws(FileMistake) -> [Exchange] {
        var login = try steps(.login)
        if login.isEmpty { return kind == .form ? Recipe.formLogin : Recipe.json.login }
        for (step, exchange) in zip(try root.tables("login"), login) where !renews {
            guard exchange.bringsRefresh else { continue }
            let take = try step.table("take")
            throw FileMistake(
                .missingKey("renew"), line: take?["refresh"]?.line ?? take?["refresh-cookie"]?.line ?? step.line)
        }
        if renews, !login.contains(where: \.bringsRefresh) {
            throw FileMistake(.missingKey("refresh"), line: try root.tables("renew").first?.line ?? 1)
        }
        // A login has to come to something; where the file does not say to what, it is what sites usually give.
        if !login.contains(where: \.bringsSession), let last = login.popLast() {
            login.append(
                last.taking(
                    kind == .form ? .sessionCookie : .accessOrCookie(members: Recipe.usualTokens, scheme: "Bearer")))
        }
        return login
    }

    private func steps(_ phase: RecipePhase) throws(FileMistake) -> [Exchange] {
        let tables = try root.tables(phase.key)
        guard tables.count <= Self.mostSteps else {
            throw FileMistake(
                .value(phase.key, expected: .integer(from: 0, to: Self.mostSteps)), line: tables[Self.mostSteps].line)
        }
        var steps: [Exchange] = []
        for table in tables { steps.append(try RecipeStep(table, phase).exchange()) }
        return steps
    }

    private func cookies() throws(FileMistake) -> Recipe.SessionCookies? {
        guard let table = try root.table("cookies") else { return Recipe.formCookies }
        try table.allow(Self.cookieKeys)
        return Recipe.SessionCookies(
            session: try table.text("session"),
            csrf: try table.texts("csrf", .textOrTexts, orOne: true) ?? Recipe.formCookies.csrf,
            csrfHeader: try table.text("csrf-header", .token, where: \.isToken),
            other: try table.texts("other", .textOrTexts, orOne: true) ?? [])
    }

    private func loggedOut() throws(FileMistake) -> [LoggedOutRule]? {
        guard root["logged-out"] != nil else { return nil }
        var rules: [LoggedOutRule] = []
        for table in try root.tables("logged-out") {
            try table.allow(Self.loggedOutKeys)
            guard let statuses = try table.integers("status", in: Self.tellingStatuses) else {
                throw FileMistake(.missingKey("status"), line: table.line)
            }
            let body = try table.text("body")
            if let line = table["body"]?.line, root["check"] == nil {
                throw FileMistake(.missingKey("check"), line: line)
            }
            rules.append(LoggedOutRule(statuses, location: try table.text("to", .reference), body: body))
        }
        return rules
    }

    private func check(_ rules: [LoggedOutRule]) throws(FileMistake) -> String? {
        let check = try root.text("check", .reference, where: isPath)
        if let line = root["check"]?.line, !rules.contains(where: { $0.body != nil }) {
            throw FileMistake(.missingKey("body"), line: line)
        }
        return check
    }
}

extension RecipePhase {
    /// The key of its exchanges in a file.
    var key: String {
        switch self {
        case .login: "login"
        case .renewal: "renew"
        case .logout: "logout"
        }
    }
}

extension Exchange {
    /// Whether it takes a token or a cookie that is the session.
    fileprivate var bringsSession: Bool {
        captures.contains { capture in
            switch capture {
            case .access, .accessOrCookie, .asOne, .sessionCookie: true
            case .refresh, .refreshCookie, .lifetime, .bearerOnly, .loginForm, .csrf: false
            }
        }
    }

    /// Whether it takes a refresh token.
    fileprivate var bringsRefresh: Bool {
        captures.contains { capture in
            switch capture {
            case .refresh, .refreshCookie: true
            default: false
            }
        }
    }

    /// The same, with something more to take.
    fileprivate func taking(_ capture: Capture) -> Exchange {
        Exchange(
            method, address, body: body, headers: headers, accept: accept, rules: rules, captures: captures + [capture])
    }
}
