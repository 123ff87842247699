import ArgumentParser
import Client
import Model

/// `lanyard explain`.
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Which session a URL gets, by which rule; and if none, why and what to do.",
        discussion: "The exit status is 0 if a session would be attached, 5 if two fit equally well, else 3.")

    @Argument(help: "A URL.")
    var url: String

    @OptionGroup var output: OutputOptions

    func run() throws {
        var agent = try Agent.reach()
        let answer = try agent.withOpenStore { agent throws(Failure) in
            try agent.call(.explain) { json in
                json.member("url", url)
                NamedSessions.write(&json)
            }
        }
        let explained = ExplainAnswer(answer)
        try Output.write(output.json ? JSONPage.text(of: explained.json()) : SecretBytes(explained.text))
        throw ExitCode(explained.exitStatus)
    }
}
