import CLinux
import EventLoop
import Glibc
import Model
import Prose

/// The process at the other end of a connection, for people to read: it decides nothing; and what has come of it in part.
@LoopActor final class Caller {
    /// The kernel's own limit is 16 bytes; a file of /proc has a newline besides.
    private static let longestName = 64

    /// Its number when it connected.
    let pid: pid_t
    private var name: String?
    /// What it has sent so far of a cookie file, of which nothing is kept yet; it is let go of where no further part comes.
    var cookieImport: CookieImport? {
        didSet {
            importEnd?.cancel()
            importEnd = cookieImport.map { _ in
                Timer(after: importPatience) { [weak self] in self?.cookieImport = nil }
            }
        }
    }
    private var importEnd: Timer?
    private let importPatience: Double

    /// - Parameter importPatience: so many seconds may pass between two parts of a cookie file; a command sends them
    ///   without a pause.
    init(pid: pid_t, importPatience: Double = 60) {
        self.pid = pid
        self.importPatience = importPatience
    }

    /// The daemon itself.
    static let daemon = Caller(pid: getpid(), name: "lanyardd")

    private convenience init(pid: pid_t, name: String) {
        self.init(pid: pid)
        self.name = name
    }

    /// The name of its program, as the kernel has it (proc(5), comm), without characters that act on a terminal. Looked
    /// up once, when it is first asked for: most callers are never told of.
    /// - Parameter claimed: what it calls itself, where the process has gone or is in another namespace.
    func program(claimed: String) -> String {
        if let name { return name }
        let found = Self.printable(Self.comm(pid) ?? claimed)
        name = found
        return found
    }

    private static func printable(_ text: String) -> String {
        var kept = String.UnicodeScalarView()
        kept.append(contentsOf: text.unicodeScalars.lazy.filter { !isDangerous($0) }.prefix(longestName))
        return String(kept)
    }

    private static func comm(_ pid: pid_t) -> String? {
        guard pid > 0 else { return nil }
        // The path is lent for the length of the call.
        let file = unsafe lanyard_open("/proc/\(pid)/comm", O_RDONLY | O_CLOEXEC, 0)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var room = [UInt8](repeating: 0, count: longestName)
        // read writes at most the room's bytes.
        let count = unsafe room.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
        return count > 0 ? String(decoding: room[..<count], as: UTF8.self) : nil
    }
}
