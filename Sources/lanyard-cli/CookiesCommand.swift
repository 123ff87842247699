import ArgumentParser
import Client
import Model
import Prose

/// `lanyard cookies`.
struct Cookies: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look into a session's cookies, and change them.",
        subcommands: [ListCookies.self, SetCookie.self, DeleteCookie.self, ClearCookies.self])

    struct ListCookies: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "The cookies, their values redacted.")

        @OptionGroup var session: SessionArgument

        @Flag(help: "Print the values too.")
        var reveal = false

        @OptionGroup var output: OutputOptions

        func run() throws {
            var agent = try Agent.reach()
            var cookies: [JSONValue] = []
            try agent.withOpenStore { agent throws(Failure) in
                cookies = []
                try agent.call(.cookies) { json in
                    json.member("session", session.name)
                    json.member("reveal", reveal)
                } forEach: { answer in
                    cookies += answer["cookies"]?.elements ?? []
                }
            }
            let table = CookieTable(session.name, cookies, style: output.color.style)
            try Output.write(output.json ? JSONPage.text(ofElements: cookies) : table.text())
        }
    }

    struct SetCookie: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set", abstract: "Give a cookie a value, asked on the terminal or read from stdin.",
            discussion: """
                A cookie that is there keeps everything else that its server set. A new one is for each place of the \
                session.
                """)

        @OptionGroup var session: SessionArgument

        @Argument(help: "The cookie's name.")
        var cookie: String

        @Option(
            name: .customLong("for"), help: "A new cookie, for this origin of the session's alone.", transform: notEmpty
        )
        var place: String?

        @Option(help: "When it ends: seconds from now, or a time as RFC 3339 has it.", transform: notEmpty)
        var expires: String?

        @OptionGroup var which: WhichCookie

        @OptionGroup var result: ResultOptions

        func run() throws {
            let value = try SecretInput.ask(for: cookie)
            var agent = try Agent.reach()
            let answer = try agent.withOpenStore { agent throws(Failure) in
                try agent.call(.setCookie) { json in
                    json.member("session", session.name)
                    json.member("name", cookie)
                    json.member("value", value)
                    json.member("for", place)
                    json.member("expires", expires)
                    which.write(&json)
                }
            }
            let changed = answer["changed"]?.elements ?? []
            try result.write(
                changedSession(answer),
                changed.isEmpty
                    ? [CommandProse.cookieStays(cookie, of: session.name)]
                    : changed.map { CommandProse.cookieSet($0, of: session.name) })
        }
    }

    struct DeleteCookie: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "delete", abstract: "Delete the cookies of a name.")

        @OptionGroup var session: SessionArgument

        @Argument(help: "The cookie's name.")
        var cookie: String

        @OptionGroup var which: WhichCookie

        @OptionGroup var result: ResultOptions

        func run() throws {
            var agent = try Agent.reach()
            let answer = try agent.withOpenStore { agent throws(Failure) in
                try agent.call(.deleteCookies) { json in
                    json.member("session", session.name)
                    json.member("name", cookie)
                    which.write(&json)
                }
            }
            let changed = try changedSession(answer)
            let lines = (answer["changed"]?.elements ?? []).map { CommandProse.cookieDeleted($0, of: session.name) }
            try result.write(changed, lines + [CommandProse.cookiesNeeded(changed)].compactMap(\.self))
        }
    }

    struct ClearCookies: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "clear", abstract: "Delete all cookies, or those that have expired.")

        @OptionGroup var session: SessionArgument

        @Flag(help: "Only those that have expired.")
        var expired = false

        @OptionGroup var result: ResultOptions

        func run() throws {
            var agent = try Agent.reach()
            let answer = try agent.withOpenStore { agent throws(Failure) in
                try agent.call(.deleteCookies) { json in
                    json.member("session", session.name)
                    json.member("expired", expired)
                }
            }
            let changed = try changedSession(answer)
            let line = CommandProse.cookiesCleared(
                answer["count"]?.integer ?? 0, of: session.name, onlyExpired: expired)
            try result.write(changed, [line] + [CommandProse.cookiesNeeded(changed)].compactMap(\.self))
        }
    }
}

/// Which of several cookies of one name is meant.
struct WhichCookie: ParsableArguments {
    @Option(help: "The one of this domain.", transform: notEmpty)
    var domain: String?

    @Option(help: "The one of this path.", transform: notEmpty)
    var path: String?

    func write(_ json: inout JSONWriter) {
        json.member("domain", domain)
        json.member("path", path)
    }
}

/// The session that a change of its jar has left.
func changedSession(_ answer: JSONValue) throws(Failure) -> SessionView {
    guard let session = answer["session"].flatMap({ SessionView($0) }) else { throw CommandProse.notOurDaemon() }
    return session
}
