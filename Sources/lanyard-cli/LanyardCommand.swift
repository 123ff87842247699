import ArgumentParser
import Model
import Prose

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
        version: "lanyard \(Lanyard.version)\n\(CommandProse.versions)",
        groupedSubcommands: groups)

    private static let groups = [
        CommandGroup(
            name: "Sessions",
            subcommands: [
                Login.self, Add.self, Refresh.self, Logout.self, Remove.self, Rename.self, SetCommand.self,
                Cookies.self, Import.self, Export.self,
            ]),
        CommandGroup(
            name: "Requests",
            subcommands: [
                Curl.self, Run.self, Env.self, Trust.self, Token.self, CurlConfigCommand.self, Confirm.self,
            ]),
        CommandGroup(
            name: "Looking",
            subcommands: [
                List.self, Show.self, Explain.self, Why.self, Status.self, JWTCommand.self, DoctorCommand.self,
            ]),
        CommandGroup(
            name: "Daemon and store",
            subcommands: [Lock.self, Unlock.self, StoreCommand.self, RecipeCommand.self, Daemon.self]),
    ]
}

extension CommandConfiguration {
    /// The commands below this one, in groups or not.
    var allSubcommands: [ParsableCommand.Type] { ungroupedSubcommands + groupedSubcommands.flatMap(\.subcommands) }
}
