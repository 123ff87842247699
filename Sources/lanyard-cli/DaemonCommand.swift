import ArgumentParser
import Client
import Model
import Prose
import Varlink

/// `lanyard daemon`.
struct Daemon: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Start, stop or reload the daemon; any command starts it where it does not run.",
        subcommands: [Start.self, Stop.self, Reload.self])

    struct Start: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Start it, and say where it listens.")

        func run() throws {
            let socket = SocketPath.find()
            let wasRunning = try Agent.running(at: socket) != nil
            if !wasRunning { _ = try Agent.reach(at: socket) }
            try Output.write(CommandProse.listening(socket.text, wasRunning: wasRunning) + "\n")
        }
    }

    struct Stop: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let it finish what is under way and end; wait until it has.")

        func run() throws {
            let wasRunning = try DaemonEnd.perform(at: SocketPath.find())
            try Output.write(CommandProse.stopped(wasRunning: wasRunning) + "\n")
        }
    }

    struct Reload: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read settings and recipes again; where another lanyardd was installed, start that.")

        func run() throws {
            try DaemonReload.perform(at: SocketPath.find()) { line throws(Failure) in try Output.write(line + "\n") }
        }
    }
}
