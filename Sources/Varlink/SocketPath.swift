import CLinux
import Glibc
import Model
import Prose

/// Where the daemon's socket is: `LANYARD_SOCKET`, else `lanyard/socket` in `XDG_RUNTIME_DIR` or `/run/user/UID`, else
/// `/tmp/lanyard-UID/socket`. The daemon and the preload library look in the same order.
public struct SocketPath: Equatable, Sendable {
    /// The path.
    public let text: String
    /// The folder that only its owner may enter; nil where `LANYARD_SOCKET` names the socket and the person answers
    /// for its folder.
    public let folder: String?

    /// The path for a user.
    /// - Parameters:
    ///   - named: the value of `LANYARD_SOCKET`.
    ///   - runtime: the value of `XDG_RUNTIME_DIR`; only an absolute one counts.
    ///   - user: the user's id.
    ///   - hasRunFolder: whether `/run/user/UID` is there.
    public init(named: String?, runtime: String?, user: uid_t, hasRunFolder: Bool) {
        if let named {
            text = named
            folder = nil
            return
        }
        let inside =
            if let runtime, runtime.hasPrefix("/") {
                runtime + "/lanyard"
            } else if hasRunFolder {
                "/run/user/\(user)/lanyard"
            } else {
                "/tmp/lanyard-\(user)"
            }
        folder = inside
        text = inside + "/socket"
    }

    /// The path for this process; `named` comes before `LANYARD_SOCKET`.
    /// - Parameter ignoringEnvironment: `LANYARD_SOCKET` does not count.
    public static func find(named: String? = nil, ignoringEnvironment: Bool = false) -> SocketPath {
        let user = geteuid()
        let variable = ignoringEnvironment ? nil : Environment.value("LANYARD_SOCKET")
        return SocketPath(
            named: named ?? variable, runtime: Environment.value("XDG_RUNTIME_DIR"),
            user: user,
            hasRunFolder: FolderState(of: "/run/user/\(user)", follow: true) != .missing)
    }

    /// Checks that nobody else can have put a socket there; a folder that is missing is the daemon's to make.
    /// - Throws: a ``Failure`` with the code `refused`.
    public func checkFolder() throws(Failure) {
        guard let folder else { return }
        switch FolderState(of: folder, follow: false) {
        case .missing, .own: return
        case .link: throw Failure.folderIsLink(folder)
        case .foreign: throw Failure.folderIsForeign(folder)
        case .open: throw Failure.folderIsOpen(folder)
        }
    }
}

/// How safe a folder is.
private enum FolderState {
    case missing, own
    /// A symbolic link, or no folder at all.
    case link
    /// Another user's.
    case foreign
    /// Others may enter it.
    case open

    init(of path: String, follow: Bool) {
        var status = stat()
        // Both calls fill the one struct and keep nothing.
        let answer = unsafe follow ? stat(path, &status) : lstat(path, &status)
        if answer != 0 {
            self = .missing
        } else if status.st_mode & S_IFMT != S_IFDIR {
            self = follow ? .missing : .link
        } else if status.st_uid != geteuid() {
            self = .foreign
        } else {
            self = status.st_mode & 0o077 == 0 ? .own : .open
        }
    }
}
