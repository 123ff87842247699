import Model
import TOML

/// Reads the values of fields and members in a recipe's file: text with `{placeholders}`.
struct RecipeValues {
    private let placeholders: [(String, Exchange.Value)]

    /// The values that requests of a phase can have.
    init(_ phase: RecipePhase) {
        let common: [(String, Exchange.Value)] = [
            ("csrf", .csrf), ("csrf-cookie", .csrfCookie), ("page", .page), ("origin", .origin),
            ("user", .input(.user)),
        ]
        switch phase {
        case .login: placeholders = common + [("password", .input(.password))]
        case .renewal, .logout:
            placeholders =
                common + [
                    ("token", .input(.access)), ("authorization", .authorization), ("refresh", .input(.refresh)),
                ]
        }
    }

    /// The fields in a table.
    /// - Parameter isGood: which names they may have.
    func fields(
        _ table: TOMLTable, where isGood: (String) -> Bool = { !$0.isEmpty }
    ) throws(FileMistake) -> [Exchange.Field] {
        var fields: [Exchange.Field] = []
        for entry in table.entries {
            guard isGood(entry.key) else {
                throw FileMistake(.value(entry.key, expected: .token), line: entry.value.line)
            }
            guard case .text(let text) = entry.value.content else {
                throw FileMistake(.value(entry.key, expected: .text), line: entry.value.line)
            }
            fields.append(Exchange.Field(entry.key, try parts(text, entry)))
        }
        return fields
    }

    /// The members of an object in a table.
    func members(_ table: TOMLTable) throws(FileMistake) -> [Exchange.Member] {
        var members: [Exchange.Member] = []
        for entry in table.entries {
            let content: Exchange.Member.Content
            switch entry.value.content {
            case .text(let text): content = .text(try parts(text, entry))
            case .integer(let number): content = .integer(number)
            case .flag(let flag): content = .flag(flag)
            case .table(let table): content = .object(try self.members(table))
            case .array, .other: throw FileMistake(.value(entry.key, expected: .jsonValue), line: entry.value.line)
            }
            members.append(Exchange.Member(entry.key, content))
        }
        return members
    }

    /// A text in parts; `{{` and `}}` stand for braces.
    private func parts(_ text: String, _ entry: TOMLTable.Entry) throws(FileMistake) -> [Exchange.Value] {
        let mistake = FileMistake(
            .value(entry.key, expected: .template(placeholders.map { "{\($0.0)}" })), line: entry.value.line)
        var parts: [Exchange.Value] = []
        var literal = ""
        var rest = text[...]
        while let character = rest.popFirst() {
            guard character == "{" || character == "}" else {
                literal.append(character)
                continue
            }
            if rest.first == character {
                literal.append(rest.removeFirst())
                continue
            }
            guard character == "{", let end = rest.firstIndex(of: "}"),
                let value = placeholders.first(where: { $0.0 == rest[..<end] })?.1
            else { throw mistake }
            if !literal.isEmpty { parts.append(.literal(literal)) }
            literal = ""
            parts.append(value)
            rest = rest[rest.index(after: end)...]
        }
        if !literal.isEmpty || parts.isEmpty { parts.append(.literal(literal)) }
        return parts
    }
}

/// Reads what a request of a recipe's file takes of its answer.
struct RecipeTaking {
    private static let keys = [
        "form", "token", "scheme", "token-type", "refresh", "expires-in", "session-cookie", "refresh-cookie",
        "csrf-meta", "csrf-field",
        "csrf-header", "csrf-member",
    ]

    /// What is taken.
    let captures: [Capture]
    /// A page is what it wants.
    let wantsPage: Bool

    init(_ table: TOMLTable) throws(FileMistake) {
        try table.allow(Self.keys)
        var captures: [Capture] = []
        if try table.flag("form") == true { captures.append(.loginForm) }
        var places: [CSRFPlace] = []
        if let name = try table.text("csrf-meta") { places.append(.meta(name)) }
        if let name = try table.text("csrf-field") { places.append(.field(name)) }
        if let name = try table.text("csrf-header", .token, where: \.isToken) { places.append(.header(name)) }
        if let name = try table.text("csrf-member") { places.append(.member(name)) }
        if !places.isEmpty { captures.append(.csrf(places, isRequired: true)) }
        if let name = try table.text("token-type") { captures.append(.bearerOnly(member: name)) }
        if let name = try table.text("refresh-cookie", .token, where: \.isToken) {
            captures.append(.refreshCookie(name, isRequired: false))
        }
        captures += try Self.session(table)
        if let name = try table.text("refresh") { captures.append(.refresh(member: name, isRequired: false)) }
        if let name = try table.text("expires-in") { captures.append(.lifetime(member: name)) }
        self.captures = captures
        wantsPage = ["form", "csrf-meta", "csrf-field"].contains { table[$0] != nil }
    }

    private static func session(_ table: TOMLTable) throws(FileMistake) -> [Capture] {
        let cookie = try table.flag("session-cookie") ?? false
        let scheme = try table.text("scheme", .token, where: \.isToken)
        guard let members = try table.texts("token", .textOrTexts, orOne: true), !members.isEmpty else {
            if let line = table["scheme"]?.line { throw FileMistake(.missingKey("token"), line: line) }
            return cookie ? [.sessionCookie] : []
        }
        return [
            cookie
                ? .accessOrCookie(members: members, scheme: scheme ?? "Bearer")
                : .access(members: members, scheme: scheme ?? "Bearer")
        ]
    }
}
