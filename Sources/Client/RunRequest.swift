import Model
import Prose
import Varlink

/// `lanyard run` and `lanyard curl`: become a program whose libcurl requests get the person's sessions.
public struct RunRequest: Sendable {
    /// The exit status for a failure of Lanyard's own, as env(1) has it.
    public static let ownFailure: Int32 = 125

    /// The sessions to choose from; empty for all.
    public var sessions: [String] = []
    /// A transfer that gets no session fails.
    public var isRequired = false
    /// Nothing is said about what was not attached.
    public var isQuiet = false
    /// libcurl's own account of a transfer (`curl -v`) shows what was attached.
    public var isRevealing = false
    /// The program.
    public let program: Program

    /// A run of `program`.
    public init(_ program: Program) { self.program = program }

    /// Becomes the program. Without a daemon it runs all the same, unless a session is required: a script is not
    /// broken by Lanyard.
    /// - Parameter openStore: what to do where the daemon's store is locked; it is called only where somebody may open it.
    /// - Returns: only where it could not become the program, the exit status.
    public func perform(whenLocked openStore: ((inout Agent) throws(Failure) -> Void)? = nil) -> Int32 {
        do {
            try prepare(Agent.mayOpenStore ? openStore : nil)
        } catch {
            ErrorLine.report(error)
            if isRequired || (!sessions.isEmpty && [.noMatch, .usage].contains(error.code)) { return Self.ownFailure }
            ErrorLine.say(CommandProse.runsWithout())
        }
        return program.become()
    }

    private func prepare(_ openStore: ((inout Agent) throws(Failure) -> Void)?) throws(Failure) {
        let library = try InstalledFiles.preloadable()
        var agent = try Agent.reach()
        if let openStore { try open(&agent, openStore) }
        for session in sessions {
            _ = try agent.call(.show) { json in
                json.member("session", session)
                json.member("reveal", false)
            }
        }
        ChildEnvironment(
            library: library, preloaded: Environment.value("LD_PRELOAD"), sessions: sessions, isQuiet: isQuiet,
            isRequired: isRequired, isRevealing: isRevealing, outer: Environment.value("LANYARD_RUN")
        ).apply()
    }

    /// Without it the program's requests say what is wrong; asking would cost each script a tenth of a small transfer.
    private func open(_ agent: inout Agent, _ openStore: (inout Agent) throws(Failure) -> Void) throws(Failure) {
        // The preload library waits two seconds for an answer; a daemon that is slower is no help to it.
        let status = try agent.call(.status, within: 2)
        guard status["protocol"]?.integer == Int64(Lanyard.protocolVersion) else {
            throw CommandProse.otherDaemon(version: status["version"]?.string)
        }
        if status["store"]?["state"]?.string == "locked" { try openStore(&agent) }
    }
}
