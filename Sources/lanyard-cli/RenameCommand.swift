import ArgumentParser
import Client
import Model
import Prose

/// `lanyard rename`.
struct Rename: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Give a session another name.")

    @OptionGroup var session: SessionArgument

    @Argument(help: "The new name.")
    var new: String

    @OptionGroup var result: ResultOptions

    func run() throws {
        var agent = try Agent.reach()
        let renamed = try agent.withOpenStore { agent throws(Failure) in
            try agent.session(.rename) { json in
                json.member("session", session.name)
                json.member("to", new)
            }
        }
        try result.write(renamed, [CommandProse.renamed(session.name, to: renamed.name)])
    }
}
