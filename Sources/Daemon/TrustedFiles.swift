import CLinux
import EventLoop
import Glibc
import JOSE
import Model
import Prose

/// The `.lanyard` files that the person trusts, each with the hash of what they have seen in it: a file that came with a
/// clone, or was changed by a pull, names no session before they say so.
@LoopActor final class TrustedFiles {
    /// More folders than a person has.
    private static let most = 1000
    /// The most that is read of the list, in bytes: a thousand of the longest paths.
    private static let largest = 8 << 20

    private struct Entry {
        let hash: String
        /// What it names; nil until it is first asked for.
        var sessions: [SessionName]?
    }

    /// Where the list is kept: a line for each file, its hash and its path. nil: nowhere, it ends with the daemon.
    private let path: String?
    private var entries: [String: Entry] = [:]

    init(path: String?) { self.path = path }

    /// Reads the list.
    /// - Throws: a ``Failure`` where others could have written it: then nothing is trusted.
    func load() throws(Failure) {
        guard let path else { return }
        entries = [:]
        let bytes = try PersonalFile.read(path, limit: Self.largest) ?? []
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n").prefix(Self.most) {
            let parts = line.split(separator: " ", maxSplits: 1)
            if parts.count == 2 { entries[String(parts[1])] = Entry(hash: String(parts[0])) }
        }
    }

    /// No file is trusted: what a request gets is the same in any directory.
    var isEmpty: Bool { entries.isEmpty }

    /// The paths, sorted.
    var paths: [String] { entries.keys.sorted() }

    /// Which sessions `files` limit a request to. The nearest trusted one counts; one that is not trusted is as if it
    /// were not there.
    func choose(among files: [FolderFile]) -> FolderChoice {
        var choice = FolderChoice()
        for file in files {
            guard let entry = entries[file.path] else {
                choice.unknown = choice.unknown ?? file.path
                continue
            }
            if entry.hash == Self.hash(file), let sessions = entry.sessions ?? (try? file.sessions()) {
                entries[file.path]?.sessions = sessions
                choice.sessions = sessions
                choice.file = file.path
                break
            }
            choice.changed = choice.changed ?? file.path
        }
        return choice
    }

    /// Trusts `file` as it is.
    /// - Returns: the sessions it names.
    /// - Throws: a ``Failure``, `usage` where it names none.
    func trust(_ file: FolderFile) throws(Failure) -> [SessionName] {
        let sessions: [SessionName]
        do throws(FileMistake) { sessions = try file.sessions() } catch { throw .folderFileMistake(file.path, error) }
        try load()
        guard entries[file.path] != nil || entries.count < Self.most else { throw .tooManyTrusted(Self.most) }
        entries[file.path] = Entry(hash: Self.hash(file), sessions: sessions)
        try save()
        return sessions
    }

    /// Trusts the file at `path` no longer.
    /// - Returns: whether it was trusted.
    func distrust(_ path: String) throws(Failure) -> Bool {
        try load()
        guard entries.removeValue(forKey: path) != nil else { return false }
        try save()
        return true
    }

    private static func hash(_ file: FolderFile) -> String { Hash.sha256.digits(of: SecretBytes(file.text)) }

    /// Writes the list anew, beside the old one, and takes its place: a reader sees one of them whole.
    private func save() throws(Failure) {
        guard let path else { return }
        let list = entries.sorted { $0.key < $1.key }.map { "\($0.value.hash) \($0.key)\n" }.joined()
        let new = path + ".new"
        PersonalFile.makeFolder(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
        // Swift strings are lent to C as paths for the length of the calls. What a crash left is not written into.
        unsafe unlink(new)
        let descriptor = unsafe lanyard_open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .notWritten(new, Failure.words(errno: errno)) }
        let bytes = Array(list.utf8)
        var written = 0
        while written < bytes.count {
            // The rest of the array, which outlives the call.
            let count = unsafe bytes.withUnsafeBytes { bytes in
                unsafe write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
            }
            if count < 0, errno != EINTR {
                let words = Failure.words(errno: errno)
                close(descriptor)
                throw .notWritten(new, words)
            }
            written += max(0, count)
        }
        close(descriptor)
        guard unsafe rename(new, path) == 0 else { throw .notWritten(path, Failure.words(errno: errno)) }
    }
}
