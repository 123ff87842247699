import ArgumentParser
import Client
import Prose

/// `lanyard unlock`.
struct Unlock: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Open the store; the vault's passphrase is asked on the terminal.")

    func run() throws {
        var agent = try Agent.reach()
        try agent.openStore()
        try Output.write(CommandProse.storeOpen + "\n")
    }
}
