import Cookies
import Model

/// What the journal and the items of the keyring add up to at a start: the higher version wins, the journal where they
/// are equal; a removal is never undone.
struct ItemMerge {
    /// The sessions.
    private(set) var sessions: [SessionID: StoredSession] = [:]
    /// What the journal has to take in.
    private(set) var changes: [Change] = []
    /// What the journal has to remember of items.
    private(set) var notes: [Change] = []
    /// Sessions whose item is missing or older.
    private(set) var toWrite: [SessionID] = []
    /// Items whose session was removed.
    private(set) var toDelete: [SessionID] = []

    /// Merges.
    /// - Parameters:
    ///   - journal: what the journal has; nothing, where its key was gone.
    ///   - items: what the items hold.
    ///   - there: the sessions that have an item, readable or not.
    ///   - keyWasThere: the key's item was found. Only then does a missing item say anything.
    init(
        _ journal: Journal.Contents, items: [SessionID: StoredSession], there: Set<SessionID>, keyWasThere: Bool
    ) {
        for stored in journal.sessions { sessions[stored.session.id] = stored }
        for (id, item) in items where journal.items[id] != .leaving {
            // A keyring that said "deleted" before it had written, or was put back from a copy.
            if journal.removed.contains(id) {
                notes.append(.item(id, .leaving))
                toDelete.append(id)
            } else {
                take(id, item, journal.items[id])
            }
        }
        for (id, stored) in sessions where items[id] == nil {
            // The person has deleted it in their keyring: only what a start has once read back can be missed.
            if !there.contains(id), keyWasThere, journal.items[id] == .seen {
                sessions[id] = nil
                changes += [.removed(id, version: stored.session.version + 1), .item(id, .gone)]
            } else {
                toWrite.append(id)
            }
        }
        for (id, note) in journal.items where note == .leaving {
            if there.contains(id) { toDelete.append(id) } else { notes.append(.item(id, .gone)) }
        }
    }

    private mutating func take(_ id: SessionID, _ item: StoredSession, _ note: ItemNote?) {
        if note != .seen { notes.append(.item(id, .seen)) }
        guard let mine = sessions[id] else {
            use(item, instead: nil)
            return
        }
        if item.session.version > mine.session.version {
            use(item, instead: mine)
        } else if !item.isLike(mine) {
            toWrite.append(id)
        }
    }

    private mutating func use(_ item: StoredSession, instead mine: StoredSession?) {
        let id = item.session.id
        let kept = Set(item.jar.cookies.map(\.key))
        let gone = mine?.jar.cookies.map(\.key).filter { !kept.contains($0) } ?? []
        sessions[id] = item
        changes += [.session(item.session), .cookies(id, JarChange(set: item.jar.cookies, deleted: gone))]
    }
}

extension StoredSession {
    /// Whether both are of one version and would send the same.
    func isLike(_ other: StoredSession) -> Bool {
        session.version == other.session.version && jar.holdsTheSame(as: other.jar)
    }
}

extension CookieJar {
    fileprivate func holdsTheSame(as other: CookieJar) -> Bool {
        count == other.count
            && cookies.allSatisfy { cookie in
                other[cookie.key].map { $0.value == cookie.value && $0.expiry == cookie.expiry } ?? false
            }
    }
}
