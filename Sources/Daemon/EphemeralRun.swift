import CLinux
import EventLoop
import Glibc

/// `lanyardd --ephemeral PID`: a daemon for one program, which ends when that does, and leaves nothing behind.
struct EphemeralRun {
    /// A pidfd: it is the process itself, also once its number is another's.
    private let process: Int32

    /// For the running process whose number is `text`; nil where there is none.
    init?(_ text: String) {
        guard let number = pid_t(text), number > 0 else { return nil }
        process = lanyard_pidfd_open(number)
        if process < 0 { return nil }
        _ = fcntl(process, F_SETFD, FD_CLOEXEC)
    }

    /// Calls `end` once the process has ended, however; again and again until the source is cancelled, as a pidfd stays
    /// readable.
    @LoopActor func watch(_ end: @escaping @LoopActor () -> Void) throws(LoopFailure) -> DescriptorSource {
        try DescriptorSource(process, .readable) { _ in end() }
    }

    /// Removes what the socket at `path` has beside it, and its folder, which was made for it.
    func removeFolder(of path: String) {
        guard let slash = path.lastIndex(of: "/") else { return }
        // Swift strings are lent to C as paths for the length of the calls.
        unsafe unlink(path + ".lock")
        unsafe rmdir(String(path[..<slash]))
    }
}
