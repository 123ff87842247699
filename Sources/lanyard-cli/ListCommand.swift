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
        let (sessions, warnings) = try sessions(&agent)
        if output.json {
            try Output.write(JSONPage.text(of: SessionView.json(of: sessions)))
        } else {
            try Output.write(SessionTable(sessions, style: output.color.style, width: Style.terminalWidth).text)
        }
        for warning in warnings { ErrorLine.say(warning) }
    }

    /// The sessions, none where there is no vault yet, and what a person should know of the store.
    private func sessions(_ agent: inout Agent) throws(Failure) -> ([SessionView], warnings: [String]) {
        var sessions: [SessionView] = []
        var warnings: [String] = []
        do {
            try agent.withOpenStore { agent throws(Failure) in
                try agent.call(.list) { _ in
                } forEach: { answer in
                    sessions += (answer["sessions"]?.elements ?? []).compactMap { SessionView($0) }
                    warnings = (answer["warnings"]?.elements ?? []).compactMap(\.string)
                }
            }
        } catch {
            guard error.lock == .newVault else { throw error }
        }
        return (sessions, warnings)
    }
}
