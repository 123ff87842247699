import ArgumentParser
import Model

/// `lanyard`, with its commands in the order a person meets them.
struct LanyardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lanyard",
        abstract: "Log in once; your scripts' curl is logged in from then on.",
        discussion: """
            A daemon keeps your web sessions (cookies, tokens, JWTs), renews them, and attaches the right one to the \
            requests of unmodified programs that use libcurl.

              lanyard login https://api.example.com
              lanyard curl https://api.example.com/me
              lanyard run -- ./nightly.sh
            """,
        version: "lanyard \(Lanyard.version)",
        groupedSubcommands: groups)

    private static let groups = [
        CommandGroup(name: "Sessions", subcommands: [Login.self, Add.self, Refresh.self, Logout.self, Remove.self]),
        CommandGroup(name: "Requests", subcommands: [Curl.self, Run.self, Token.self]),
        CommandGroup(
            name: "Looking", subcommands: [List.self, Show.self, Explain.self, Status.self, DoctorCommand.self]),
        CommandGroup(name: "Daemon and store", subcommands: [Lock.self, Unlock.self, StoreCommand.self, Daemon.self]),
    ]

    /// The commands' names.
    static let names = groups.flatMap { $0.subcommands.map { $0._commandName } }
}
