import Cookies
import Model

/// A change of what is stored; the journal's records are batches of these.
public enum Change: Sendable {
    /// A session, new or changed, with all its fields; its cookies stay as they are.
    case session(Session)
    /// Cookies of a session, set or deleted.
    case cookies(SessionID, JarChange)
    /// A renewal of the session of this version begins: its refresh token may be spent from here on.
    case renewalBegun(SessionID, version: UInt64)
    /// The session is gone, with its cookies.
    case removed(SessionID, version: UInt64)
    /// What is known of the session's item in the keyring.
    case item(SessionID, ItemNote)
}

/// What the journal knows of a session's item in the keyring.
public enum ItemNote: String, Sendable {
    /// A start has read it back: if it is missing later, the person has removed it.
    case seen
    /// Its session was removed; it has still to be deleted, and must not bring the session back.
    case leaving
    /// There is none, and nothing to remember of it.
    case gone
}

/// A session as the store gives it back, with its cookies.
public struct StoredSession: Sendable {
    /// The session.
    public var session: Session
    /// Its cookies; empty for a session that has none.
    public var jar: CookieJar

    /// A session with its cookies.
    public init(session: Session, jar: CookieJar) {
        self.session = session
        self.jar = jar
    }
}

extension [SessionID: StoredSession].Values {
    /// By name; of two with one name the older first, at every start.
    func sorted() -> [StoredSession] {
        sorted { left, right in
            let (a, b) = (left.session, right.session)
            return (a.name, a.created, a.id.description) < (b.name, b.created, b.id.description)
        }
    }
}

/// What changes add up to.
struct Replay {
    private var stored: [SessionID: StoredSession] = [:]
    /// The sessions that are gone, as far as the journal remembers.
    private(set) var removed: Set<SessionID> = []
    /// What is known of items in the keyring, but of those that are gone.
    private(set) var items: [SessionID: ItemNote] = [:]

    /// The sessions, by name.
    var sessions: [StoredSession] { stored.values.sorted() }

    /// The fewest changes that add up to the same.
    var changes: [Change] {
        sessions.flatMap { stored -> [Change] in
            [.session(stored.session), .cookies(stored.session.id, JarChange(set: stored.jar.cookies))]
        } + items.map { .item($0.key, $0.value) }
    }

    mutating func apply(_ change: Change) {
        switch change {
        case .session(let session):
            // What a slow answer brings late overwrites nothing newer, and brings nothing back.
            guard !removed.contains(session.id) else { return }
            let old = stored[session.id]
            if let old, old.session.version > session.version { return }
            stored[session.id] = StoredSession(session: session, jar: old?.jar ?? CookieJar())
        case .cookies(let id, let change): stored[id]?.jar.apply(change)
        case .renewalBegun(let id, let version):
            if let session = stored[id]?.session, version >= session.version {
                stored[id]?.session.renewalBegun = true
            }
        case .removed(let id, _):
            stored[id] = nil
            removed.insert(id)
            // Where an item is known, it must not bring the session back, whatever has become of the keyring.
            if items[id] == .seen { items[id] = .leaving }
        case .item(let id, let note): items[id] = note == .gone ? nil : note
        }
    }
}
