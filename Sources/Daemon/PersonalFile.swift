import CLinux
import Glibc
import Model
import Prose

/// Reads files that a person wrote for the daemon. They say which programs it runs and where passwords go: what others
/// could have written is refused.
enum PersonalFile {
    /// What is in the file at `path`; nil where there is none.
    /// - Parameter limit: the most that is read, in bytes; of a larger file one byte more, by which it is known.
    static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8]? {
        // Not blocking: a FIFO would be waited for, and is refused. A Swift string is lent to C as a path.
        let descriptor = unsafe lanyard_open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0)
        if descriptor < 0 {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw .unreadableFile(path, Failure.words(errno: errno))
        }
        defer { close(descriptor) }
        var status = stat()
        // The kernel fills the one struct.
        guard unsafe fstat(descriptor, &status) == 0 else { throw .unreadableFile(path, Failure.words(errno: errno)) }
        if status.st_mode & S_IFMT != S_IFREG { throw .personalFile(path, Prose.isNotAFile) }
        if status.st_uid != geteuid(), status.st_uid != 0 { throw .personalFile(path, Prose.isNotYours) }
        if status.st_mode & 0o022 != 0 { throw .personalFile(path, Prose.isWritableByOthers) }
        return try read(descriptor, path, limit + 1)
    }

    private static func read(_ descriptor: Int32, _ path: String, _ most: Int) throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 16 << 10)
        while bytes.count < most {
            // read writes at most the array's size.
            let count = unsafe part.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count < 0 { throw .unreadableFile(path, Failure.words(errno: errno)) }
            if count == 0 { break }
            bytes += part.prefix(count)
        }
        return Array(bytes.prefix(most))
    }

    /// Makes the folder at `path`. Its parents are the person's own; one that is missing is made as the XDG specification
    /// says, 0700.
    static func makeFolder(_ path: String) {
        var made = ""
        for part in path.split(separator: "/") {
            made += "/" + part
            // A Swift string is lent to C as a path for the length of the call.
            unsafe mkdir(made, 0o700)
        }
    }

    /// The names in the folder at `path`, sorted; none where there is no such folder.
    static func names(in path: String) throws(Failure) -> [String] {
        // As above; the stream is closed below, and each entry is copied before the next is read.
        guard let folder = unsafe opendir(path) else {
            if errno == ENOENT || errno == ENOTDIR { return [] }
            throw .unreadableFile(path, Failure.words(errno: errno))
        }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
                unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            names.append(name)
        }
        return names.sorted()
    }
}
