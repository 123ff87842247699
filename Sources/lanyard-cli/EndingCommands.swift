import ArgumentParser
import Client
import Model
import Prose

/// `lanyard refresh`.
struct Refresh: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Renew a session now.")

    @OptionGroup var session: SessionArgument

    @OptionGroup var result: ResultOptions

    func run() throws {
        var agent = try Agent.reach()
        let renewed = try agent.withOpenStore { agent throws(Failure) in
            try agent.session(.refresh) { $0.member("session", session.name) }
        }
        try result.write(renewed, [CommandProse.renewed(renewed)])
    }
}

/// `lanyard logout`.
struct Logout: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "End a session at its server, and forget it.",
        discussion: """
            With --all each session is tried, whatever comes of the others; the exit status is that of the worst failure, \
            the highest.
            """)

    @Argument(help: "The session's name.", completion: sessionNames)
    var name: String?

    @Flag(help: "All sessions.")
    var all = false

    func validate() throws {
        guard all == (name == nil) else {
            throw ValidationError(all ? "--all goes without a name" : "the session's name is missing, or --all")
        }
    }

    func run() throws {
        var agent = try Agent.reach()
        if let name { return try end(name, &agent) }
        let names = try agent.sessionNames()
        if names.isEmpty { try Output.write(CommandProse.nothingToEnd + "\n") }
        var worst: Int32 = 0
        for name in names {
            do throws(Failure) { try end(name, &agent) } catch { worst = max(worst, ErrorLine.report(error)) }
        }
        throw ExitCode(worst)
    }

    private func end(_ name: String, _ agent: inout Agent) throws(Failure) {
        let answer = try agent.withOpenStore { agent throws(Failure) in
            try agent.call(.logout) { $0.member("session", name) }
        }
        for line in answer["told"]?.elements ?? [] { try Output.write(shown(line.string ?? "") + "\n") }
    }
}

extension Agent {
    /// The names of all sessions; none where there is no vault yet.
    fileprivate mutating func sessionNames() throws(Failure) -> [String] {
        var names: [String] = []
        do throws(Failure) {
            try withOpenStore { agent throws(Failure) in
                names = []
                try agent.call(.list) { _ in
                } forEach: { answer in
                    names += (answer["sessions"]?.elements ?? []).compactMap { $0["name"]?.string }
                }
            }
        } catch {
            guard error.lock == .newVault else { throw error }
        }
        return names
    }
}

/// `lanyard remove`.
struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Forget a session; its server is not told.")

    @OptionGroup var session: SessionArgument

    func run() throws {
        var agent = try Agent.reach()
        _ = try agent.withOpenStore { agent throws(Failure) in
            try agent.call(.remove) { $0.member("session", session.name) }
        }
        try Output.write(CommandProse.removed(session.name) + "\n")
    }
}
