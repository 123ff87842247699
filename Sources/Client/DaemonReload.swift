import Model
import Prose
import Varlink

/// `lanyard daemon reload`: has the program that is installed now take the place of a daemon that runs an older one.
public enum DaemonReload {
    /// Asks the daemon whether it is still the program on disk; where it is not, stops it and starts that one.
    /// - Parameter say: is given each line for the person, as it becomes true.
    /// - Throws: a ``Failure``.
    public static func perform(at socket: SocketPath, say: (String) throws(Failure) -> Void) throws(Failure) {
        guard var agent = try Agent.running(at: socket) else { return try say(CommandProse.stopped(wasRunning: false)) }
        let wasOpen = try isOpen(&agent)
        guard try hasChanged(&agent) else { return try say(CommandProse.upToDate) }
        try say(CommandProse.programChanged)
        _ = try DaemonEnd.perform(at: socket)
        var successor = try Agent.reach(at: socket)
        try say(CommandProse.reloaded(wasOpen: wasOpen, isOpen: try isOpen(&successor)))
    }

    private static func isOpen(_ agent: inout Agent) throws(Failure) -> Bool {
        try agent.call(.status)["store"]?["state"]?.string == "open"
    }

    private static func hasChanged(_ agent: inout Agent) throws(Failure) -> Bool {
        do { return try agent.call(.reload)["changed"]?.bool ?? true } catch {
            // One that does not know the question, or not this version's, is an older or newer program.
            guard error.code == .otherProtocol else { throw error }
            return true
        }
    }
}
