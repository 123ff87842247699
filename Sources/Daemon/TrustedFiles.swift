import EventLoop
import JOSE
import Model
import Prose
import Store

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
        var changed = entries
        changed[file.path] = Entry(hash: Self.hash(file), sessions: sessions)
        try save(changed)
        return sessions
    }

    /// Trusts the file at `path` no longer.
    /// - Returns: whether it was trusted.
    func distrust(_ path: String) throws(Failure) -> Bool {
        try load()
        var changed = entries
        guard changed.removeValue(forKey: path) != nil else { return false }
        try save(changed)
        return true
    }

    private static func hash(_ file: FolderFile) -> String { Hash.sha256.digits(of: SecretBytes(file.text)) }

    /// Writes the list, and has it be what counts once it is durable. The event loop waits for the disk: that is a few
    /// milliseconds, where a person has typed `lanyard trust`.
    private func save(_ changed: [String: Entry]) throws(Failure) {
        let list = changed.sorted { $0.key < $1.key }.map { "\($0.value.hash) \($0.key)\n" }.joined()
        if let path {
            do throws(StoreFailure) { try DurableFile.replace(path, with: Array(list.utf8)) } catch {
                throw Failure(error)
            }
        }
        entries = changed
    }
}
