import EventLoop
import Keyring
import Model

/// What the keyring holds of ours, read once at a start.
struct KeyringContents {
    /// The journal's key; nil where there is none.
    private(set) var key: SecretBytes?
    /// The sessions, by id.
    private(set) var sessions: [SessionID: StoredSession] = [:]
    /// The items they are in.
    private(set) var items: [SessionID: Keyring.Item] = [:]
    /// Items that say nothing this version understands; left alone.
    private(set) var unreadable = 0

    /// Reads all of them; the keyring has to be open.
    @LoopActor static func read(_ keyring: Keyring, _ clock: Clock) async throws(KeyringFailure) -> KeyringContents {
        let items = try await keyring.items()
        let secrets = try await keyring.secrets(of: items)
        var contents = KeyringContents()
        for item in items {
            // A creation that was cut off has left an empty secret: it counts as absent.
            guard let secret = secrets[item.path] else { continue }
            switch ItemRecord.decode(secret, clock) {
            case .key(let key)?: contents.key = key
            case .session(let stored)?: contents.take(stored, item)
            case nil: contents.unreadable += 1
            }
        }
        return contents
    }

    private mutating func take(_ stored: StoredSession, _ item: Keyring.Item) {
        let id = stored.session.id
        // Two items of one session come from a write whose answer was lost: the newer one counts.
        if let other = sessions[id], other.session.version > stored.session.version { return }
        sessions[id] = stored
        items[id] = item
    }
}
