import CLinux
import Glibc
import Model
import Prose

/// The file that this process was started from, so that it can be told whether another one is in its place by now: a
/// newer version that was installed.
struct RunningProgram {
    /// Which file it is, and which content: an installation replaces the file, or writes into it.
    private struct Identity: Equatable {
        let device: dev_t
        let inode: ino_t
        let size: off_t
        let seconds: Int
        let nanoseconds: Int

        /// What is at `path`, links followed; nil where nothing is.
        init?(_ path: String) {
            var status = Glibc.stat()
            // The path is lent for the length of the call, and the kernel fills the one struct.
            guard unsafe stat(path, &status) == 0 else { return nil }
            device = status.st_dev
            inode = status.st_ino
            size = status.st_size
            seconds = status.st_mtim.tv_sec
            nanoseconds = status.st_mtim.tv_nsec
        }
    }

    private let path: String
    private let identity: Identity?

    /// This process's program; to be made at its start, as long as the path is right.
    init() {
        // PATH_MAX on Linux.
        var room = [UInt8](repeating: 0, count: 4096)
        // readlink writes at most the room's size, and no NUL.
        let count = unsafe room.withUnsafeMutableBytes { room in
            unsafe room.baseAddress.map { unsafe readlink("/proc/self/exe", $0, room.count) } ?? -1
        }
        path = String(decoding: room[..<max(0, count)], as: UTF8.self)
        identity = Identity("/proc/self/exe")
    }

    /// Whether another program is at that path by now.
    /// - Throws: a ``Failure`` where none is: stopping would then be for good.
    func hasChanged() throws(Failure) -> Bool {
        guard let now = Identity(path) else { throw .programGone(path) }
        return now != identity
    }
}
