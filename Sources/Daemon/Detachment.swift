import CLinux
import Glibc
import Model
import Prose

/// `lanyardd --detach`: the process that was called returns once a daemon listens, and the daemon goes on in a session
/// of its own.
enum Detachment {
    /// As long as a caller waits for a daemon, in milliseconds.
    private static let patience: Int32 = 5000

    /// What the child tells through the pipe.
    struct Report {
        private let descriptor: Int32

        init(_ descriptor: Int32) { self.descriptor = descriptor }

        /// A daemon listens.
        func ready() { tell([0]) }

        /// Why none does.
        func failed(_ message: String) { tell(Array(message.utf8)) }

        private func tell(_ bytes: [UInt8]) {
            // Less than PIPE_BUF, so written at once; a caller that has gone needs no word.
            _ = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            close(descriptor)
        }
    }

    /// Splits the process. Returns in the child alone.
    static func detach() -> Report {
        var ends: [Int32] = [0, 0]
        // pipe2 fills two descriptors.
        guard unsafe pipe2(&ends, O_CLOEXEC) == 0 else { exit(1) }
        switch lanyard_fork() {
        case -1: exit(1)
        case 0:
            close(ends[0])
            setsid()
            chdirToRoot()
            // A Swift string is lent to C as a path for the length of the call, here and below.
            let null = unsafe lanyard_open("/dev/null", O_RDONLY | O_CLOEXEC, 0)
            if null >= 0 { dup2(null, STDIN_FILENO) }
            return Report(ends[1])
        default:
            close(ends[1])
            exit(wait(ends[0]))
        }
    }

    /// Nothing is written anywhere: what is on stderr is the caller's pipe, which ends with the caller.
    static func closeOutput() {
        // As above.
        let null = unsafe lanyard_open("/dev/null", O_WRONLY | O_CLOEXEC, 0)
        guard null >= 0 else { return }
        dup2(null, STDOUT_FILENO)
        dup2(null, STDERR_FILENO)
        close(null)
    }

    /// A folder that is in use cannot be unmounted.
    private static func chdirToRoot() { _ = unsafe chdir("/") }

    /// Waits for the child's word and passes it on.
    private static func wait(_ descriptor: Int32) -> Int32 {
        var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        // poll looks at the one entry.
        guard unsafe poll(&poller, 1, patience) == 1 else { return complain(Prose.notUpInTime) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        guard count > 0 else { return complain(Prose.notUpInTime) }
        return bytes[0] == 0 ? 0 : complain(String(decoding: bytes.prefix(count), as: UTF8.self))
    }

    private static func complain(_ message: String) -> Int32 {
        let line = Array("lanyardd: \(message)\n".utf8)
        _ = unsafe line.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
        return 1
    }
}
