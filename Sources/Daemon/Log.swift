import CLinux
import Glibc
import Model
import Prose

/// The daemon's log: stderr, or a file of at most 1 MiB beside one older file. Lines say what happened to which session,
/// never a secret.
final class Log: Sendable {
    /// A file that is larger becomes the old one, in bytes.
    private static let largest = 1 << 20

    private let path: String?
    private let clock: Clock

    /// A log on stderr.
    init(clock: Clock) {
        path = nil
        self.clock = clock
    }

    /// A log in the file at `path`, 0600; stdout and stderr go there too, for what libraries print.
    init(path: String, clock: Clock) {
        self.path = path
        self.clock = clock
        open()
    }

    /// Writes a line.
    func write(_ line: String) {
        if let path, let size = Self.size(), size > Self.largest {
            // Swift strings are lent to C as paths for the length of the call, here and below.
            unsafe rename(path, path + ".old")
            open()
        }
        let bytes = Array("\(clock.wall().rfc3339) \(Prose.printable(line))\n".utf8)
        // A log that cannot be written is no reason to stop.
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    private func open() {
        guard let path else { return }
        let descriptor = unsafe lanyard_open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return }
        dup2(descriptor, STDOUT_FILENO)
        dup2(descriptor, STDERR_FILENO)
        close(descriptor)
    }

    private static func size() -> Int? {
        var status = stat()
        // The kernel fills the one struct.
        return unsafe fstat(STDERR_FILENO, &status) == 0 ? Int(status.st_size) : nil
    }
}
