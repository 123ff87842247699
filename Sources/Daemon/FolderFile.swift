import Model
import Prose
import TOML

extension FolderFile {
    /// Reads the parameters of Trust, or one of a question's.
    init(_ json: JSONValue) throws(JSONFailure) {
        let path = try json.text("path", limit: 2 * 4096)
        // A line of the list of trusted files has one path.
        guard path.hasPrefix("/"), !path.utf8.contains(UInt8(ascii: "\n")) else { throw .member("path") }
        self.init(path: path, text: try json.text("text", limit: Self.largest))
    }

    /// The files of a question, the nearest first.
    static func all(_ json: JSONValue?) throws(JSONFailure) -> [FolderFile] {
        guard let json, !json.isNull else { return [] }
        guard let elements = json.elements, elements.count <= most else { throw .member("files") }
        var files: [FolderFile] = []
        for element in elements { files.append(try FolderFile(element)) }
        return files
    }

    /// The sessions it names.
    /// - Throws: ``FileMistake`` where it is none, or names none.
    func sessions() throws(FileMistake) -> [SessionName] {
        let root = try TOMLDocument(Array(text.utf8)).root
        try root.allow(["session"])
        guard let names = try root.texts("session", .sessions, orOne: true, where: { SessionName($0) != nil }) else {
            throw FileMistake(.missingKey("session"))
        }
        let sessions = names.compactMap { SessionName($0) }
        guard !sessions.isEmpty, sessions.count <= Self.mostSessions else {
            throw FileMistake(.value("session", expected: .sessions), line: root["session"]?.line ?? 0)
        }
        return sessions
    }

    /// As many as may be named by hand.
    private static let mostSessions = 64
}

/// What the `.lanyard` files of a folder come to.
struct FolderChoice: Equatable {
    /// The sessions that the nearest trusted one names; none where there is no such file.
    var sessions: [SessionName] = []
    /// Its path.
    var file: String?
    /// The nearest one that was trusted, and has changed since.
    var changed: String?
    /// The nearest one that never was.
    var unknown: String?
}
