import ArgumentParser
import Client
import Model
import Prose

/// `lanyard import`.
struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Keep the cookies of a file, as curl, wget and Python write them.",
        discussion: """
            With --for a new session is made of them, as add does; without, they go into the one that is there, each \
            in place of the same cookie. A damaged line is named and skipped.

              lanyard import --netscape cookies.txt --name shop --for https://shop.example.com
            """)

    @Option(help: "A Netscape cookie file; - for stdin.", completion: .file(), transform: notEmpty)
    var netscape: String

    @Option(help: "The session's name.", completion: sessionNames)
    var name: String

    @Option(name: .customLong("for"), help: "A new session, for this origin, as in add; may be repeated.")
    var places: [String] = []

    @OptionGroup var result: ResultOptions

    func run() throws {
        var file = try CookieFile(netscape)
        var agent = try Agent.reach()
        var next = try file.next()
        var answer: JSONValue?
        while let part = next {
            next = try file.next()
            let isLast = next == nil
            let said = try agent.withOpenStore(making: !places.isEmpty) { agent throws(Failure) in
                try agent.call(.importCookies) { json in
                    json.member("session", name)
                    json.member("for", places)
                    json.bytes("file", part.text)
                    json.member("line", part.firstLine)
                    json.member("continues", !isLast)
                }
            }
            for line in CommandProse.damagedLines(said) { ErrorLine.say(line) }
            answer = said
        }
        guard let answer else { throw CommandProse.notOurDaemon() }
        let session = try changedSession(answer)
        let count = answer["count"]?.integer ?? 0
        for line in CommandProse.notImported(answer) { ErrorLine.say(line) }
        let said = CommandProse.imported(count, into: session.name)
        try result.write(session, places.isEmpty ? [said] : [CommandProse.kept(session), said])
    }
}

/// `lanyard export`.
struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print a session's cookies as a file for curl, wget and Python.",
        usage: "lanyard export --netscape <name>",
        discussion: """
            The file has the session's secrets in clear. What it cannot say of them is told on stderr.

              umask 077; lanyard export --netscape shop > cookies.txt
            """)

    @Flag(help: "A Netscape cookie file, the one format there is.")
    var netscape = false

    @OptionGroup var session: SessionArgument

    mutating func validate() throws {
        guard netscape else { throw ValidationError("the format is missing: --netscape") }
    }

    func run() throws {
        var agent = try Agent.reach()
        var parts: [SecretBytes] = []
        var lost: JSONValue?
        try agent.withOpenStore { agent throws(Failure) in
            parts = []
            try agent.call(.exportCookies) { json in
                json.member("session", session.name)
            } forEach: { answer in
                if let part = try? answer.optionalBytes("file") { parts.append(part) }
                lost = answer["lost"]
            }
        }
        for part in parts { try Output.write(part) }
        for line in lost.map(CommandProse.lostInFile) ?? [] { ErrorLine.say(line) }
    }
}
