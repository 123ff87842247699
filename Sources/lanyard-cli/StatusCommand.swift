import ArgumentParser
import Client
import Model

/// `lanyard status`.
struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The daemon, the store and why this one, the next renewals.")

    @OptionGroup var output: OutputOptions

    func run() throws {
        var agent = try Agent.reach()
        let page = StatusPage(
            try agent.call(.status) { $0.member("look", true) }, width: Style.terminalWidth)
        try Output.write(output.json ? JSONPage.text(of: page.json()) : page.text())
    }
}
