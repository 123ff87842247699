import Cookies
import Model

/// Batches as the journal holds them before they are sealed: a line of JSON for each change.
///
/// Lines, because the JSON reader is bounded: a change of many cookies becomes several lines. A text has no raw newline
/// in JSON, so a newline ends a line and nothing else.
enum ChangeRecord {
    /// Most cookies in a line: far below the reader's 262,144 values, and a line stays about 300 KiB.
    private static let mostCookies = 1000

    /// The lines of a batch.
    static func encode(_ batch: [Change]) -> SecretBytes {
        var text = SecretBuffer(capacity: 1024)
        for change in batch {
            for line in lines(change) { text.append(line) }
        }
        return text.take()
    }

    /// The changes that lines stand for.
    /// - Throws: ``JSONFailure`` where a line is none of ours.
    static func decode(_ text: SecretBytes, _ clock: Clock) throws(JSONFailure) -> [Change] {
        var changes: [Change] = []
        for range in ranges(text) {
            changes.append(try change(JSONDocument(text.copy(range)).root, clock))
        }
        return changes
    }

    /// The lines of one change, each with its newline.
    static func lines(_ change: Change) -> [SecretBytes] {
        switch change {
        case .session(let session): [line { SessionRecord.write(session, "session", &$0) }]
        case .cookies(let id, let change): parts(change).map { part in line { write(id, part, &$0) } }
        case .renewalBegun(let id, let version): [line { write("renewal", id, version, &$0) }]
        case .removed(let id, let version): [line { write("removed", id, version, &$0) }]
        case .item(let id, let note):
            [
                line { json in
                    json.object("item") { json in
                        json.member("id", id.description)
                        json.member("note", note.rawValue)
                    }
                }
            ]
        }
    }

    private static func line(_ members: (inout JSONWriter) -> Void) -> SecretBytes {
        var json = JSONWriter()
        json.object { members(&$0) }
        return json.finish(appending: UInt8(ascii: "\n"))
    }

    private static func parts(_ change: JarChange) -> [JarChange] {
        // Deleted first: the jar applies a change in that order too.
        let deleted = stride(from: 0, to: change.deleted.count, by: mostCookies).map { start in
            JarChange(deleted: Array(change.deleted[start..<min(start + mostCookies, change.deleted.count)]))
        }
        let set = stride(from: 0, to: change.set.count, by: mostCookies).map { start in
            JarChange(set: Array(change.set[start..<min(start + mostCookies, change.set.count)]))
        }
        return deleted + set
    }

    private static func write(_ name: String, _ id: SessionID, _ version: UInt64, _ json: inout JSONWriter) {
        json.object(name) { json in
            json.member("id", id.description)
            json.member("version", version)
        }
    }

    private static func write(_ id: SessionID, _ change: JarChange, _ json: inout JSONWriter) {
        json.object("cookies") { json in
            json.member("id", id.description)
            json.array("deleted") { json in
                for key in change.deleted { json.object { CookieRecord.write(key, &$0) } }
            }
            json.array("set") { json in
                for cookie in change.set { json.object { CookieRecord.write(cookie, &$0) } }
            }
        }
    }

    private static func ranges(_ text: SecretBytes) -> [Range<Int>] {
        text.withBytes { bytes in
            var ranges: [Range<Int>] = []
            var start = 0
            for at in bytes.indices where bytes[at] == UInt8(ascii: "\n") {
                ranges.append(start..<at)
                start = at + 1
            }
            if start < bytes.count { ranges.append(start..<bytes.count) }
            return ranges
        }
    }

    private static func change(_ json: JSONValue, _ clock: Clock) throws(JSONFailure) -> Change {
        if let session = json["session"] { return .session(try SessionRecord.read(session, clock)) }
        if let cookies = json["cookies"] { return .cookies(try id(cookies), try jarChange(cookies)) }
        if let begun = json["renewal"] { return .renewalBegun(try id(begun), version: try version(begun)) }
        if let removed = json["removed"] { return .removed(try id(removed), version: try version(removed)) }
        if let item = json["item"] {
            guard let note = ItemNote(rawValue: try item.text("note")) else { throw .member("note") }
            return .item(try id(item), note)
        }
        throw .member("session")
    }

    private static func jarChange(_ json: JSONValue) throws(JSONFailure) -> JarChange {
        var change = JarChange()
        for value in json["deleted"]?.elements ?? [] { change.deleted.append(try CookieRecord.readKey(value)) }
        for value in json["set"]?.elements ?? [] { change.set.append(try CookieRecord.read(value)) }
        return change
    }

    private static func id(_ json: JSONValue) throws(JSONFailure) -> SessionID {
        guard let id = SessionID(try json.text("id")) else { throw .member("id") }
        return id
    }

    private static func version(_ json: JSONValue) throws(JSONFailure) -> UInt64 {
        guard let version = json["version"]?.integer, version >= 0 else { throw .member("version") }
        return UInt64(version)
    }
}
