import Model
import TOML

/// Reads one request of a recipe in a file.
struct RecipeStep {
    private static let keys = [
        "method", "url", "sibling", "accept", "headers", "form", "json", "fill-form", "take", "answers",
    ]
    private static let methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    private static let bodies = ["form", "json", "fill-form"]

    private let table: TOMLTable
    private let phase: RecipePhase
    private let values: RecipeValues

    init(_ table: TOMLTable, _ phase: RecipePhase) throws(FileMistake) {
        try table.allow(Self.keys)
        self.table = table
        self.phase = phase
        values = RecipeValues(phase)
    }

    func exchange() throws(FileMistake) -> Exchange {
        let body = try body()
        let taking = try table.table("take").map { table throws(FileMistake) in try RecipeTaking(table) }
        let sends = if case .none = body { false } else { true }
        let method = try table.text("method", .choice(Self.methods), where: Self.methods.contains)
        let wantsPage = taking?.wantsPage ?? false
        if method == "GET", sends { throw FileMistake(.conflict("method", Self.bodies[0]), line: table.line) }
        return Exchange(
            method ?? (sends || phase == .logout ? "POST" : "GET"), try address(body), body: body,
            headers: try headers(body),
            accept: try table.text("accept") ?? (wantsPage || body.isForm ? "text/html" : "application/json"),
            rules: try rules(body), captures: taking?.captures ?? [])
    }

    private func address(_ body: Exchange.Body) throws(FileMistake) -> Exchange.Address {
        let url = try table.text("url", .reference) { !$0.contains("://") && !$0.hasPrefix("//") }
        guard let sibling = try table.table("sibling") else {
            if let url { return .relative(url) }
            if case .foundForm = body { return .formAction }
            return .login
        }
        try sibling.allow(["from", "to"])
        guard let from = try sibling.text("from"), let to = try sibling.text("to") else {
            throw FileMistake(.missingKey(sibling["from"] == nil ? "from" : "to"), line: sibling.line)
        }
        guard let url else { throw FileMistake(.missingKey("url"), line: sibling.line) }
        return .sibling(from: from, to: to, otherwise: url)
    }

    private func body() throws(FileMistake) -> Exchange.Body {
        let given = Self.bodies.filter { table[$0] != nil }
        guard given.count < 2 else {
            throw FileMistake(.conflict(given[0], given[1]), line: table[given[1]]?.line ?? 0)
        }
        if let fields = try table.table("form") { return .form(try values.fields(fields)) }
        if let members = try table.table("json") { return .json(try values.members(members)) }
        if let more = try table.table("fill-form") { return .foundForm(adding: try values.fields(more)) }
        return .none
    }

    /// Frameworks look at where a form comes from, whatever they check beside that.
    private func headers(_ body: Exchange.Body) throws(FileMistake) -> [Exchange.Field] {
        let own = try table.table("headers").map { table throws(FileMistake) in
            try values.fields(table) { $0.isToken }
        }
        guard body.isForm else { return own ?? [] }
        let usual = [Exchange.Field("Referer", .page), Exchange.Field("Origin", .origin)]
        return (own ?? []) + usual.filter { field in !(own ?? []).contains { $0.name.equalsIgnoringCase(field.name) } }
    }

    private func rules(_ body: Exchange.Body) throws(FileMistake) -> [AnswerRule] {
        if table["answers"] != nil {
            var rules: [AnswerRule] = []
            for answer in try table.tables("answers") { rules.append(try AnswerRule(answer, phase)) }
            return rules
        }
        switch (phase, body) {
        case (.renewal, _): return Exchange.renewalRules
        case (.logout, _): return Exchange.logoutRules
        case (.login, .none): return Exchange.pageRules
        case (.login, .json): return Exchange.jsonLoginRules
        case (.login, .form), (.login, .foundForm): return Exchange.formLoginRules
        }
    }
}

extension Exchange.Body {
    /// Whether it is a form.
    var isForm: Bool {
        switch self {
        case .none, .json: false
        case .form, .foundForm: true
        }
    }
}

extension AnswerRule {
    /// The statuses there are.
    static let statuses = 100...599

    private static let keys = [
        "status", "means", "empty", "body", "member", "is", "password-form", "session-cookie", "to-page", "to",
    ]
    private static let tests = ["empty", "body", "member", "password-form", "session-cookie", "to-page", "to"]

    /// The meanings that answers of a phase can have, by their names in a file.
    private static func meanings(_ phase: RecipePhase) -> [(String, Meaning)] {
        switch phase {
        case .login:
            [
                ("go-on", .proceed), ("wrong-password", .wrongPassword), ("refused", .loginRefused),
                ("csrf-refused", .csrfRefused),
            ]
        case .renewal: [("go-on", .proceed), ("refresh-refused", .refreshRefused)]
        case .logout:
            [
                ("go-on", .proceed), ("already-out", .alreadyOut), ("no-such-logout", .noSuchLogout),
                ("refused", .logoutRefused),
            ]
        }
    }

    /// The rule in a file's table.
    init(_ table: TOMLTable, _ phase: RecipePhase) throws(FileMistake) {
        try table.allow(Self.keys)
        guard let statuses = try table.integers("status", in: Self.statuses) else {
            throw FileMistake(.missingKey("status"), line: table.line)
        }
        let meanings = Self.meanings(phase)
        let names = meanings.map(\.0)
        guard let name = try table.text("means", .choice(names), where: names.contains),
            let meaning = meanings.first(where: { $0.0 == name })?.1
        else { throw FileMistake(.missingKey("means"), line: table.line) }
        self.init(statuses, meaning, if: try Self.test(table))
    }

    private static func test(_ table: TOMLTable) throws(FileMistake) -> Test {
        let given = tests.filter { table[$0] != nil }
        guard given.count < 2 else {
            throw FileMistake(.conflict(given[0], given[1]), line: table[given[1]]?.line ?? 0)
        }
        if table["is"] != nil, table["member"] == nil {
            throw FileMistake(.missingKey("member"), line: table["is"]?.line ?? table.line)
        }
        if let text = try table.text("body") { return .body(contains: text) }
        if let place = try table.text("to", .reference) { return .redirects(to: place) }
        if let name = try table.text("member") {
            guard let texts = try table.texts("is", .textOrTexts, orOne: true) else {
                throw FileMistake(.missingKey("is"), line: table.line)
            }
            return .member(name, isOneOf: texts)
        }
        let flags: [(String, Test)] = [
            ("empty", .emptyBody), ("password-form", .passwordForm), ("session-cookie", .setsSessionCookie),
            ("to-page", .redirectsToPage),
        ]
        for (name, test) in flags where try table.flag(name) == true { return test }
        return .always
    }
}
