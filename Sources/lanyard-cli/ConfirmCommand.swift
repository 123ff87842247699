import ArgumentParser
import Client
import Model
import Prose

/// `lanyard confirm`.
struct Confirm: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let the programs that wait for it use a session that asks first; without a name, list them.",
        discussion: """
            A session asks after: lanyard set NAME confirm=true. Consent is for the program that asked and all others of \
            its terminal or job (its session, in setsid(2)'s sense), until that ends or the daemon does. What you have \
            refused is taken back with --process PID.
            """)

    @Argument(help: "The session's name; without it, what waits or was refused is listed.", completion: sessionNames)
    var name: String?

    @Flag(help: "Refuse it to them.")
    var refuse = false

    @Option(
        parsing: .unconditional,
        help:
            "Only those of the terminal or job that this process leads; needed where several wait, and to take back a refusal."
    )
    var process: Int32?

    @Flag(help: "Print JSON, for scripts.")
    var json = false

    func validate() throws {
        if let process, process < 1 { throw ValidationError("--process is the number of a process, 1 or more") }
        guard name == nil, refuse || process != nil else { return }
        throw ValidationError("--refuse and --process go with the name of a session")
    }

    func run() throws {
        var agent = try Agent.reach()
        guard let name else {
            let answer = try agent.withOpenStore { agent throws(Failure) in try agent.call(.consents) }
            let page = ConsentPage(answer["waiting"]?.elements ?? [], refused: answer["refused"]?.elements ?? [])
            return try Output.write(json ? JSONPage.text(of: page.json()) : SecretBytes(page.asked()))
        }
        let answer = try agent.withOpenStore { agent throws(Failure) in
            try agent.call(.consent) { json in
                json.member("session", name)
                json.member("leader", process)
                json.member("allow", !refuse)
            }
        }
        let answered = answer["answered"]?.elements ?? []
        if answered.isEmpty { throw CommandProse.nobodyWaits(for: name) }
        let page = ConsentPage(answered)
        try Output.write(
            json ? JSONPage.text(of: page.json(isRefused: refuse)) : SecretBytes(page.answered(allowed: !refuse)))
    }
}
