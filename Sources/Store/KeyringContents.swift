import EventLoop
import Keyring
import Model

/// What the keyring holds of ours, read at once.
struct KeyringContents {
    /// The keys of journals; more than one where the making of one was cut off.
    private(set) var keys: [KnownItems.Key] = []
    /// The sessions, by id.
    private(set) var sessions: [SessionID: StoredSession] = [:]
    /// The items of sessions, and those that say nothing, by their id.
    private(set) var items: [SessionID: Keyring.Item] = [:]
    /// The format of an item that a newer Lanyard has written.
    private(set) var newerFormat: Int?

    /// Reads all of them; the keyring has to be open.
    @LoopActor static func read(_ keyring: Keyring, _ clock: Clock) async throws(KeyringFailure) -> KeyringContents {
        let items = try await keyring.items()
        let secrets = try await keyring.secrets(of: items)
        var contents = KeyringContents()
        for item in items {
            guard let id = SessionID(item.id) else { continue }
            switch secrets[item.path].map({ ItemRecord.decode($0, clock) }) {
            case .key(let key)?: contents.keys.append(KnownItems.Key(id: item.id, secret: key))
            case .session(let stored)? where stored.session.id == id: contents.take(stored, item)
            case .newer(let format)?: contents.newerFormat = format
            // A creation that was cut off leaves an empty secret; another program may have left anything, what belongs
            // into another item too.
            case .session?, .unreadable?, nil: contents.items[id] = contents.items[id] ?? item
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
