import Model
import Testing

@testable import Client
@testable import Prose

@Suite struct PageTests {
    init() { inUTC }

    private let style = Style(.never)

    private func sessions() throws -> [SessionView] {
        [
            try session("api", "jwt", #""recipe":"simplejwt","expires":"2026-11-23T14:41:00Z","renews":true"#),
            try session("ci", "header", #""header":"X-Api-Key""#),
            try session("shop", "cookie", state: "expiring", #""expires":"2026-11-25T14:00:00Z","recipe":"django""#),
            try session(
                "staging", "jwt", state: "needs-login", #""recipe":"simplejwt","since":"2026-11-22T14:00:00Z""#),
        ]
    }

    @Test func list() throws {
        let table = SessionTable(try sessions(), style: style, width: nil, now: now).text
        #expect(
            table == """
                NAME     KIND            FOR                          STATE        EXPIRES
                api      simplejwt       https://api.example.com      active       in 41 min, renews itself
                ci       X-Api-Key       https://ci.example.com       active       unknown
                shop     session cookie  https://shop.example.com     expiring     in 2 days
                staging  simplejwt       https://staging.example.com  needs login  since yesterday
                1 session needs you: lanyard login staging

                """)
    }

    @Test func aListFitsItsTerminal() throws {
        let table = SessionTable(try sessions(), style: style, width: 80, now: now).text
        #expect(table.split(separator: "\n").allSatisfy { $0.count <= 80 })
        #expect(table.contains("in 41 min\n"))
    }

    @Test func listForScripts() throws {
        let value = try JSONDocument(SessionView.json(of: sessions())).root
        #expect(
            value.elements?.first?.members?.map(\.name) == [
                "name", "kind", "for", "state", "expires", "recipe", "account", "last_use",
            ])
    }

    @Test func whatAServerSaidIsEscaped() throws {
        let view = try session("x", "jwt", #""account":"\u001b[2J""#)
        #expect(CommandProse.loggedIn(view, now: now).contains("logged in as \\u{1b}[2J ·"))
    }

    private static let details = """
        {"kind_text":"an access token that is a JWT","token_prefix":"eyJh","token_bytes":1132,"token":null,
        "expires":"2026-11-23T14:41:00Z","claims":{"iss":"https://id.example.org","exp":1795444860,"n":[1]},
        "refresh":{"rotations":9,"last_rotation":"2026-11-23T13:00:00Z","expires":null},
        "last_use":{"time":"2026-11-23T13:59:00Z","program":"curl","method":"GET","path":"/orders"},
        "store":{"kind":"vault"},"version":23,"skew":0}
        """

    @Test func show() throws {
        let page = SessionPage(try sessions()[0], details: try json(Self.details), style: style, now: now).text()
        #expect(
            text(page) == """
                api
                  kind       an access token that is a JWT
                  for        https://api.example.com
                  state      active
                  token      eyJh…(redacted, 1,132 bytes)  expires 14:41:00 (in 41 min)
                  claims     iss https://id.example.org · exp 14:41:00 · n [1]
                  refresh    kept, rotated 9 times, last 13:00:00
                  recipe     simplejwt
                  last use   curl, 13:59:00, GET /orders
                  stored in  the vault, version 23

                """)
    }

    @Test func showReveals() throws {
        let details = try json(
            #"{"value":"tok\u001b\u009b","cookies":[{"name":"sid","value":"v","domain":"d","path":"/"}]}"#)
        let page = text(SessionPage(try sessions()[1], details: details, style: style, now: now).text())
        #expect(page.contains("  value      tok\\u{1b}\\u{9b}\n"))
        #expect(!page.unicodeScalars.contains("\u{9b}"))
        #expect(page.contains("  cookies    sid=v  d/, until the server ends it\n"))
    }

    @Test func aSessionThatNeedsItsPerson() throws {
        let details = try json(
            #"{"needs_login":{"since":"2026-11-22T14:00:00Z","cause":"the server no longer takes its refresh token"}}"#)
        let page = text(SessionPage(try sessions()[3], details: details, style: style, now: now).text())
        #expect(page.contains("needs login since yesterday (the server no longer takes its refresh token)"))
    }

    @Test(arguments: [
        (#"{"session":"api","reason":"attached"}"#, 0), (#"{"session":null,"reason":"ambiguous"}"#, 5),
        (#"{"session":null,"reason":"no-match"}"#, 3), (#"{"session":"api","reason":"needs-login"}"#, 3),
    ])
    func explainStatuses(_ answer: String, _ expected: Int) throws {
        #expect(ExplainAnswer(try json(answer)).exitStatus == Int32(expected))
    }
}
