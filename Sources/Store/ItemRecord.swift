import Cookies
import Model

/// What an item in the keyring holds: the journal's key, or a session with its cookies.
///
/// Lines of JSON. The first says that it is ours and of which format, for an attribute would be readable while the
/// keyring is locked; of a session the others are those of the journal's records.
enum ItemRecord {
    case key(SecretBytes)
    case session(StoredSession)
    /// Of a format that a newer Lanyard has written.
    case newer(Int)
    /// None of ours, or not as it was written.
    case unreadable

    /// The format, for a later one to be told by its number.
    private static let format = Lanyard.itemFormat

    /// The secret of the key's item.
    static func encode(key: SecretBytes) -> SecretBytes {
        var json = JSONWriter()
        json.object { json in
            json.member("lanyard", format)
            json.secret("key", key)
        }
        return json.finish(appending: UInt8(ascii: "\n"))
    }

    /// The secret of a session's item.
    static func encode(_ stored: StoredSession) -> SecretBytes {
        var head = JSONWriter()
        head.object { $0.member("lanyard", format) }
        var text = SecretBuffer(capacity: 4096)
        text.append(head.finish(appending: UInt8(ascii: "\n")))
        let cookies = JarChange(set: stored.jar.cookies)
        text.append(ChangeRecord.encode([.session(stored.session), .cookies(stored.session.id, cookies)]))
        return text.take()
    }

    /// What a secret holds.
    static func decode(_ secret: SecretBytes, _ clock: Clock) -> ItemRecord {
        let end = secret.withBytes { bytes in bytes.indices.first { bytes[$0] == UInt8(ascii: "\n") } }
        guard let end, let head = try? JSONDocument(secret.copy(0..<end)).root,
            let found = head["lanyard"]?.integer, found > 0
        else { return .unreadable }
        if found > format { return .newer(Int(found)) }
        if let key = try? head.storedSecret("key") { return key.count == Sodium.keySize ? .key(key) : .unreadable }
        guard let changes = try? ChangeRecord.decode(secret.copy(end + 1..<secret.count), clock) else {
            return .unreadable
        }
        var replay = Replay()
        for change in changes { replay.apply(change) }
        return replay.sessions.first.map { .session($0) } ?? .unreadable
    }
}
