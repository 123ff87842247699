import ArgumentParser
import Client
import Model
import Prose

/// `lanyard trust`.
struct Trust: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Have requests from this directory choose among the sessions that its .lanyard file names.",
        discussion: """
              echo 'session = "work"' > .lanyard && lanyard trust

            The nearest file counts, here or above. Trusted is what is in it now: after a change it does not count \
            until it is trusted again.
            """)

    @Flag(help: "Trust it no longer.")
    var off = false

    @Flag(help: "Print the files that are trusted.")
    var list = false

    @Flag(help: "With --list: print JSON, for scripts.")
    var json = false

    func validate() throws {
        if off, list { throw ValidationError("--off and --list do not go together") }
        if json, !list { throw ValidationError("--json goes with --list") }
    }

    func run() throws {
        if list { return try printList() }
        if off { return try distrust() }
        let file = try FolderFile.nearest()
        var agent = try Agent.reach()
        let answer = try agent.call(.trust) { json in
            json.member("path", file.path)
            json.member("text", file.text)
        }
        try Output.write(CommandProse.trusted(file.path, texts(answer["sessions"])) + "\n")
        for session in texts(answer["missing"]) { ErrorLine.say(CommandProse.isMissing(session)) }
    }

    private func distrust() throws {
        let path = FolderFile.nearestOrHere
        var agent = try Agent.reach()
        let answer = try agent.call(.distrust) { $0.member("path", path) }
        try Output.write(CommandProse.distrusted(path, was: answer["trusted"]?.bool ?? false) + "\n")
    }

    private func printList() throws {
        var agent = try Agent.reach()
        let answer = try agent.call(.trusted)
        guard json else {
            for path in texts(answer["files"]) { try Output.write(Prose.printable(path) + "\n") }
            return
        }
        var writer = JSONWriter()
        writer.element(answer["files"])
        try Output.write(JSONPage.text(of: writer.finish()))
    }

    private func texts(_ value: JSONValue?) -> [String] { value?.elements?.compactMap(\.string) ?? [] }
}
