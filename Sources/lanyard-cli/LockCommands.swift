import ArgumentParser
import Client
import Prose

/// `lanyard lock`.
struct Lock: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Have the daemon forget every secret; until unlock nothing is read.")

    func run() throws {
        var agent = try Agent.reach()
        _ = try agent.call(.lock)
        try Output.write(CommandProse.storeLocked + "\n")
    }
}

/// `lanyard unlock`.
struct Unlock: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Open the store; asks on the terminal for what that needs, the vault's passphrase.")

    func run() throws {
        var agent = try Agent.reach()
        try agent.openStore()
        try Output.write(CommandProse.storeOpen + "\n")
    }
}
