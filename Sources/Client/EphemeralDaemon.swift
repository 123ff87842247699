import CLinux
import Glibc
import Model
import Prose
import Varlink

/// A daemon for this process and what it becomes: its sessions are in memory alone, and it ends when the process does.
public enum EphemeralDaemon {
    /// Starts it, and has this process, and what it becomes and starts, speak to it alone.
    /// - Throws: a ``Failure``; then nothing is left.
    public static func start() throws(Failure) {
        let folder = try makeFolder()
        let socket = SocketPath(named: folder + "/socket", runtime: nil, user: geteuid(), hasRunFolder: false)
        do throws(Failure) { try DaemonStart(socket: socket, isEphemeral: true).perform() } catch {
            // A Swift string is lent to C as a path for the length of the call, here and below.
            unsafe unlink(folder + "/socket.lock")
            unsafe rmdir(folder)
            throw error
        }
        // setenv copies both texts; this process has one thread.
        unsafe setenv("LANYARD_SOCKET", socket.text, 1)
    }

    /// A folder of its own below the runtime folder, 0700.
    private static func makeFolder() throws(Failure) -> String {
        let usual = SocketPath.find(named: nil, ignoringEnvironment: true)
        guard let parent = usual.folder else { throw CommandProse.noPrivateFolder(usual.text, "") }
        unsafe mkdir(parent, 0o700)
        try usual.checkFolder()
        var name = Array((parent + "/run-XXXXXX").utf8CString)
        // mkdtemp writes into the array, which ends with a NUL.
        let made = unsafe name.withUnsafeMutableBufferPointer { name in
            unsafe name.baseAddress.flatMap { unsafe mkdtemp($0) }.map { unsafe String(cString: $0) }
        }
        guard let made else { throw CommandProse.noPrivateFolder(parent, lastError()) }
        return made
    }
}
