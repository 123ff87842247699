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
    static let configuration = CommandConfiguration(abstract: "End a session at its server, and forget it.")

    @OptionGroup var session: SessionArgument

    func run() throws {
        var agent = try Agent.reach()
        let answer = try agent.withOpenStore { agent throws(Failure) in
            try agent.call(.logout) { $0.member("session", session.name) }
        }
        for line in answer["told"]?.elements ?? [] { try Output.write(shown(line.string ?? "") + "\n") }
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
