import ArgumentParser
import Client
import Model

/// `lanyard list`.
struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "What you are logged in to, and how long it lasts.")

    @OptionGroup var output: OutputOptions

    func run() throws {
        var agent = try Agent.reach()
        let answer = try agent.withOpenStore { agent throws(Failure) in try agent.call(.list) }
        let sessions = (answer["sessions"]?.elements ?? []).compactMap { SessionView($0) }
        if output.json {
            try Output.write(JSONPage.text(of: SessionView.json(of: sessions)))
        } else {
            try Output.write(SessionTable(sessions, style: output.color.style, width: Style.terminalWidth).text)
        }
    }
}
