import CLinux
import Glibc
import Model
import Prose
import Varlink

// The `.lanyard` files of the working directory, as the preload library sees them: what a request from here would choose
// among, and what `lanyard trust` trusts.
extension FolderFile {
    private static let name = ".lanyard"

    /// Those that are the person's own, the nearest first: from `folder` up to the home folder, or to the root.
    static func all(from folder: String = Environment.absolute(""), home: String? = Environment.value("HOME"))
        -> [FolderFile]
    {
        Array(paths(from: folder, home: home).lazy.compactMap { try? FolderFile(at: $0) }.prefix(most))
    }

    /// The nearest one there is, whether it counts or not.
    /// - Throws: a ``Failure``, `usage` where there is none, or it does not count.
    public static func nearest() throws(Failure) -> FolderFile {
        guard let path = nearestPath() else { throw CommandProse.noFolderFile() }
        return try FolderFile(at: path)
    }

    /// The path of the nearest one there is, or else of the one that would be here.
    public static var nearestOrHere: String { nearestPath() ?? Environment.absolute(name) }

    private static func nearestPath() -> String? {
        paths(from: Environment.absolute(""), home: Environment.value("HOME")).first { path in
            var status = stat()
            // The kernel fills the one struct.
            return unsafe lstat(path, &status) == 0
        }
    }

    /// The paths that such a file may have. Above the home folder lies nothing of the person's, and a look may wait for
    /// a network there.
    static func paths(from folder: String, home: String?) -> [String] {
        guard folder.hasPrefix("/") else { return [] }
        var folder = folder[...]
        var paths: [String] = []
        while true {
            while folder.last == "/" { folder.removeLast() }
            paths.append(folder + "/" + name)
            guard folder != home ?? "", let slash = folder.lastIndex(of: "/") else { return paths }
            folder = folder[..<slash]
        }
    }

    /// Reads the file at `path`.
    /// - Throws: a ``Failure``, `usage`, which says why it does not count.
    init(at path: String) throws(Failure) {
        // Not blocking: a FIFO would be waited for. A Swift string is lent to C as a path for the length of the call.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else {
            let why = errno == ELOOP ? CommandProse.folderFileIsNoFile : lastError()
            throw CommandProse.unusableFolderFile(path, why)
        }
        defer { close(descriptor) }
        var status = stat()
        // The kernel fills the one struct.
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw CommandProse.unusableFolderFile(path, CommandProse.folderFileIsNoFile)
        }
        guard status.st_uid == geteuid() else {
            throw CommandProse.unusableFolderFile(path, CommandProse.folderFileIsForeign)
        }
        var bytes = [UInt8](repeating: 0, count: Self.largest + 1)
        // read writes at most the array's size; a regular file is read to its end at once.
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        guard count >= 0 else { throw CommandProse.unusableFolderFile(path, lastError()) }
        guard count <= Self.largest else {
            throw CommandProse.unusableFolderFile(path, CommandProse.folderFileIsLarge)
        }
        let isText = bytes[..<count].allSatisfy { $0 >= 0x20 || [0x09, 0x0a, 0x0d].contains($0) }
        guard isText, let text = String(validating: bytes[..<count], as: UTF8.self) else {
            throw CommandProse.unusableFolderFile(path, CommandProse.folderFileIsNoText)
        }
        self.init(path: path, text: text)
    }
}

extension NamedSessions {
    /// Writes what requests from here are limited to: the sessions that the person named, else the `.lanyard` files.
    public static func write(_ json: inout JSONWriter) {
        json.member("sessions", names)
        guard names.isEmpty else { return }
        json.array("files") { json in
            for file in FolderFile.all() {
                json.object { json in
                    json.member("path", file.path)
                    json.member("text", file.text)
                }
            }
        }
    }
}
