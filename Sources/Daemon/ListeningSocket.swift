import CLinux
import Glibc
import Model
import Prose
import Varlink

/// The daemon's socket: made under a lock, so that of two daemons that start at the same instant one serves.
struct ListeningSocket {
    /// Who waits to be accepted, at most; the kernel's own limit is usually 4096.
    private static let backlog: Int32 = 512

    /// The listening descriptor.
    let descriptor: Int32
    private let path: String
    private let isOwn: Bool

    /// Why there is no socket.
    enum Refusal: Error {
        /// Another daemon has it.
        case taken
        /// Something failed.
        case failed(Failure)
    }

    /// The socket that systemd has passed (sd_listen_fds(3)); nil where it has not. Before there are threads.
    static func inherited(_ path: SocketPath) throws(Failure) -> ListeningSocket? {
        let isForUs = Environment.value("LISTEN_PID") == String(getpid())
        let count = Environment.value("LISTEN_FDS")
        // Said to this process alone.
        for name in ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"] { unsafe unsetenv(name) }
        guard isForUs, let count else { return nil }
        // The first descriptor that is passed is 3.
        guard count == "1", lanyard_is_listening(3) != 0 else { throw .socketsPassed }
        _ = fcntl(3, F_SETFD, FD_CLOEXEC)
        _ = fcntl(3, F_SETFL, O_NONBLOCK)
        return ListeningSocket(descriptor: 3, path: path.text, isOwn: false)
    }

    /// Makes the socket, 0600 in a folder of 0700.
    static func make(_ path: SocketPath) throws(Refusal) -> ListeningSocket {
        if let folder = path.folder {
            // Its parent is the system's; a folder that is there is looked at below.
            // A Swift string is lent to C as a path for the length of the call, here and below.
            _ = unsafe mkdir(folder, 0o700)
        }
        do { try path.checkFolder() } catch { throw .failed(error) }
        try lock(path.text + ".lock")
        // The lock is ours: a socket that is there is a dead daemon's.
        unsafe unlink(path.text)
        let descriptor = socket(
            AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        // The umask is 077, so that the socket is never open to others, not even between these calls.
        guard descriptor >= 0, unsafe lanyard_bind(descriptor, path.text) == 0, unsafe chmod(path.text, 0o600) == 0,
            listen(descriptor, backlog) == 0
        else {
            throw .failed(.socket(path.text, Failure.words(errno: errno)))
        }
        return ListeningSocket(descriptor: descriptor, path: path.text, isOwn: true)
    }

    /// Takes the socket's file away; the lock goes with the process.
    func remove() {
        if isOwn { unsafe unlink(path) }
    }

    private static func lock(_ path: String) throws(Refusal) {
        let descriptor = unsafe lanyard_open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .failed(.socket(path, Failure.words(errno: errno))) }
        // Never closed: the lock is held until the process ends.
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0 { throw .taken }
    }
}
