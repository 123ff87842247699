import ArgumentParser
import Client
import Model
import Prose

/// `lanyard list`.
struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "What you are logged in to, and how long it lasts.")

    @OptionGroup var output: OutputOptions

    func run() throws {
        var agent = try Agent.reach()
        let sessions = try sessions(&agent)
        if output.json {
            try Output.write(JSONPage.text(of: SessionView.json(of: sessions)))
        } else {
            try Output.write(SessionTable(sessions, style: output.color.style, width: Style.terminalWidth).text)
        }
    }

    /// The sessions; none where there is no vault yet.
    private func sessions(_ agent: inout Agent) throws(Failure) -> [SessionView] {
        do {
            let answer = try agent.withOpenStore { agent throws(Failure) in try agent.call(.list) }
            return (answer["sessions"]?.elements ?? []).compactMap { SessionView($0) }
        } catch {
            if error.code == .storeLocked, error.isNew { return [] }
            throw error
        }
    }
}
