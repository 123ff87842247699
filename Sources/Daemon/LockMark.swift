import CLinux
import Glibc
import Model
import Prose

/// A file beside the socket that says: the person has locked the store. It outlasts the daemon, so that one that is
/// killed, stopped or replaced does not open by itself what a person has locked; the end of the login takes it away.
struct LockMark {
    private let path: String

    /// The mark of the daemon that listens at `socket`.
    init(besides socket: String) { path = socket + ".locked" }

    /// Whether it is there.
    var isSet: Bool { unsafe access(path, F_OK) == 0 }

    /// Sets it.
    /// - Returns: why that failed, for the log; nil where it did not.
    func set() -> String? {
        // A Swift string is lent to C as a path for the length of the call, here and below.
        let descriptor = unsafe lanyard_open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return Prose.lockNotMarked(path, Failure.words(errno: errno)) }
        close(descriptor)
        return nil
    }

    /// Takes it away.
    func remove() { unsafe unlink(path) }
}
