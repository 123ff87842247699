import CLinux
import Glibc
import Model
import Prose
import Varlink

/// Stopping the daemon, whatever its version.
public enum DaemonEnd {
    /// How long the daemon may take to finish what is under way, in milliseconds: it gives itself 40 seconds.
    private static let patience: Int32 = 50_000

    /// Tells the daemon to end, and waits until its process has.
    /// - Returns: false where none was running.
    /// - Throws: a ``Failure`` where it does not end.
    public static func perform(at socket: SocketPath) throws(Failure) -> Bool {
        guard var agent = try Agent.running(at: socket) else { return false }
        guard let pid = try agent.call(.status)["pid"]?.integer, pid > 1, pid <= Int64(Int32.max) else {
            throw CommandProse.notOurDaemon()
        }
        // Taken before it is told to end, so that it cannot be another process that got its number since.
        let process = lanyard_pidfd_open(pid_t(pid))
        guard process >= 0 else { return false }
        defer { close(process) }
        _ = try agent.call(.stop)
        var ended = pollfd(fd: process, events: Int16(POLLIN), revents: 0)
        // One pollfd, written during the call; a pidfd is readable once its process has ended.
        guard unsafe poll(&ended, 1, patience) > 0 else { throw CommandProse.daemonDoesNotEnd(pid) }
        return true
    }
}
