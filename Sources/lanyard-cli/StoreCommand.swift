import ArgumentParser
import Client
import Model
import Prose

/// `lanyard store`.
struct StoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "Where your sessions are kept; lanyard status says which store it is.",
        subcommands: [Move.self])

    /// The stores, by the names that the setting has.
    enum Target: String, ExpressibleByArgument, CaseIterable {
        case vault
        case secretService = "secret-service"
    }

    struct Move: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Move all sessions to the other store.",
            discussion: """
                Nothing is removed before all sessions have been read back from where they now are. Into a vault, the \
                passphrase is asked for, or taken from the file that LANYARD_PASSPHRASE_FILE names.
                """)

        @Argument(help: "secret-service (the keyring) or vault.")
        var target: Target

        func run() throws {
            var agent = try Agent.reach()
            // Before anybody is asked for a new passphrase; and a move that fails is not made again.
            _ = try agent.withOpenStore { agent throws(Failure) in try agent.call(.list) }
            let moved = try agent.moveStore(to: target == .vault ? .vault : .secretService)
            let place = target == .vault ? CommandProse.theVault : CommandProse.theKeyring
            try Output.write(CommandProse.moved(moved.sessions, to: place) + "\n")
            if let left = moved.left { ErrorLine.say(CommandProse.leftInKeyring(left)) }
        }
    }
}
