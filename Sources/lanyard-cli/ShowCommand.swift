import ArgumentParser
import Client
import Model
import Prose

/// `lanyard show`.
struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "One session in full, its secrets redacted.")

    @OptionGroup var session: SessionArgument

    @Flag(help: "Print its secrets too.")
    var reveal = false

    @OptionGroup var output: OutputOptions

    func run() throws {
        var agent = try Agent.reach()
        let answer = try agent.withOpenStore { agent throws(Failure) in
            try agent.call(.show) { json in
                json.member("session", session.name)
                json.member("reveal", reveal)
            }
        }
        guard let view = answer["session"].flatMap({ SessionView($0) }), let details = answer["details"] else {
            throw CommandProse.notOurDaemon()
        }
        try Output.write(
            output.json
                ? JSONPage.text(of: view.json(details: details))
                : SessionPage(view, details: details, style: output.color.style).text())
    }
}
