import ArgumentParser
import Client
import Model

/// `lanyard token`.
struct Token: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print a token that is valid for a while, renewed first where it is not.")

    @Argument(help: "A session's name, or a URL.", completion: sessionNames)
    var subject: String

    @Option(
        name: .customLong("min-ttl"), parsing: .unconditional,
        help: ArgumentHelp(
            "Seconds that the token has to live; else a fifth of its lifetime, 60 at most.", valueName: "seconds"))
    var lifetime: Int64?

    @Flag(help: "Print the whole header field.")
    var header = false

    mutating func validate() throws {
        guard lifetime ?? 0 >= 0 else { throw ValidationError("--min-ttl is a number of seconds, 0 or more") }
    }

    func run() throws {
        var request = TokenRequest(subject)
        request.lifetime = lifetime
        request.wantsHeader = header
        var agent = try Agent.reach()
        try agent.withOpenStore { agent throws(Failure) in try request.perform(&agent) }
    }
}
