import ArgumentParser
import Client
import Model

/// `lanyard why`.
struct Why: ParsableCommand {
    /// As many as a screen shows.
    private static let usual = 20

    static let configuration = CommandConfiguration(
        abstract: "The last decisions: which request got which session, and why not; renewals.",
        discussion: "The daemon keeps the last 1,000 in memory: without secrets, and without query strings.")

    @Argument(help: "How many; 20 where it is not said.")
    var number: Int?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...1000).contains(number ?? 1) else { throw ValidationError("from 1 to 1,000 decisions can be shown") }
    }

    func run() throws {
        var agent = try Agent.reach()
        var table = DecisionTable()
        try agent.call(.why) { json in
            json.member("count", number ?? Self.usual)
        } forEach: { answer in
            table.add(answer)
        }
        try Output.write(output.json ? JSONPage.text(of: table.json()) : SecretBytes(table.text()))
    }
}
