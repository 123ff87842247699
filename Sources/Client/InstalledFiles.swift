import CLinux
import Glibc
import Model
import Prose

/// Lanyard's other files, found from where this program is: beside it in a build, in `../libexec/lanyard` and
/// `../lib/lanyard` when installed.
package enum InstalledFiles {
    /// The daemon; nil where it is not there.
    static func daemon() -> String? { find("lanyardd", installed: "../libexec/lanyard/lanyardd") }

    /// The complete command; nil where it is not there.
    static func completeCommand() -> String? { find("lanyard-cli", installed: "../libexec/lanyard/lanyard-cli") }

    /// The preload library; nil where it is not there.
    package static func preloadLibrary() -> String? {
        find("liblanyard-preload.so", installed: "../lib/lanyard/liblanyard-preload.so")
    }

    /// The preload library, where it can be preloaded.
    /// - Throws: a ``Failure`` where it is not there, or its path cannot stand in `LD_PRELOAD`.
    static func preloadable() throws(Failure) -> String {
        guard let path = preloadLibrary() else { throw CommandProse.noPreloadLibrary() }
        // ld.so separates the libraries of LD_PRELOAD at these, and knows no escape.
        guard !path.contains(where: { $0 == ":" || $0 == " " }) else { throw CommandProse.preloadPathUnusable(path) }
        return path
    }

    private static func find(_ name: String, installed: String) -> String? {
        guard let folder = programFolder() else { return nil }
        return ["\(folder)/\(name)", "\(folder)/\(installed)"].first { unsafe access($0, R_OK) == 0 }
    }

    /// The folder of this program itself, symbolic links followed.
    private static func programFolder() -> String? {
        // PATH_MAX on Linux.
        var room = [UInt8](repeating: 0, count: 4096)
        // readlink writes at most the room's size, and no NUL.
        let count = unsafe room.withUnsafeMutableBytes { room in
            unsafe room.baseAddress.map { unsafe readlink("/proc/self/exe", $0, room.count) } ?? -1
        }
        guard count > 0, count < room.count else { return nil }
        let path = String(decoding: room[..<count], as: UTF8.self)
        return path.lastIndex(of: "/").map { String(path[..<$0]) }
    }
}
