import CLinux
import Glibc

/// A program and all that it starts, as the kernel knows them: the session (setsid(2)) that a process is in, which is a
/// terminal's shell and its jobs, one job of cron or at, or one service. Where its leader has ended or is outside of this
/// namespace, the eldest of the process's ancestors that are in the session leads in its place: all that it starts goes
/// on as one program.
struct ProcessTree: Hashable, Sendable {
    /// No chain of parents is longer, but one that is made to keep the daemon busy.
    private static let mostAncestors = 256

    /// The process that leads it.
    let leader: pid_t
    /// When that was started, in clock ticks since the machine was: a number is given to another process later.
    private let started: UInt64

    /// The tree of a process; nil where that has ended, or is in another namespace.
    init?(of pid: pid_t) {
        guard pid > 0, let own = Status(of: pid) else { return nil }
        if own.session > 0, let status = Status(of: own.session) {
            (leader, started) = (own.session, status.started)
            return
        }
        var eldest = (pid: pid, status: own)
        for _ in 0..<Self.mostAncestors {
            guard let parent = Status(of: eldest.status.parent), parent.session == own.session else { break }
            eldest = (eldest.status.parent, parent)
        }
        (leader, started) = (eldest.pid, eldest.status.started)
    }

    /// Whether its leader runs.
    var isThere: Bool { Status(of: leader)?.started == started }

    /// What proc_pid_stat(5) says of a process that has not ended.
    private struct Status {
        /// Its name, of 16 bytes at most, stands in parentheses; all else are numbers.
        private static let longest = 1024

        let parent: pid_t
        let session: pid_t
        let started: UInt64

        init?(of pid: pid_t) {
            // The path is lent for the length of the call.
            let file = unsafe lanyard_open("/proc/\(pid)/stat", O_RDONLY | O_CLOEXEC, 0)
            guard file >= 0 else { return nil }
            defer { close(file) }
            var room = [UInt8](repeating: 0, count: Self.longest)
            // read writes at most the room's bytes.
            let count = unsafe room.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
            guard count > 0, let end = room[..<count].lastIndex(of: UInt8(ascii: ")")) else { return nil }
            let fields = String(decoding: room[..<count].dropFirst(end + 1), as: UTF8.self).split(separator: " ")
            // The first of them is the third of the file: ppid is its fourth, session its sixth, starttime its 22nd.
            guard fields.count > 19, !["Z", "X"].contains(fields[0]), let parent = pid_t(fields[1]),
                let session = pid_t(fields[3]), let started = UInt64(fields[19])
            else { return nil }
            self.parent = parent
            self.session = session
            self.started = started
        }
    }
}
