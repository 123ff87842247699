import Cookies
import Model
import Testing

@testable import Keyring
@testable import Store

/// What the journal and the keyring's items add up to at a start.
struct ItemMergeTests {
    private func stored(_ session: Session, version: UInt64, cookies: [Cookie] = []) -> StoredSession {
        var session = session
        session.version = version
        var jar = CookieJar()
        jar.apply(JarChange(set: cookies))
        return StoredSession(session: session, jar: jar)
    }

    private func merge(
        _ journal: [StoredSession], _ items: [StoredSession], notes: [SessionID: ItemNote] = [:],
        unreadable: Set<SessionID> = [], keyWasThere: Bool = true
    ) -> ItemMerge {
        let items = Dictionary(uniqueKeysWithValues: items.map { ($0.session.id, $0) })
        return ItemMerge(
            Journal.Contents(sessions: journal, items: notes), items: items,
            there: unreadable.union(items.keys), keyWasThere: keyWasThere)
    }

    private func isRemoved(_ id: SessionID, in merge: ItemMerge) -> Bool {
        merge.changes.contains { if case .removed(id, _) = $0 { true } else { false } }
    }

    @Test func theHigherVersionWins() throws {
        let a = try small("a")
        let newer = merge([stored(a, version: 2)], [stored(a, version: 3, cookies: [cookie("x", "new")])])
        #expect(newer.sessions[a.id]?.session.version == 3 && newer.toWrite.isEmpty)
        #expect(newer.changes.count == 2)
        let older = merge([stored(a, version: 4)], [stored(a, version: 3)])
        #expect(older.sessions[a.id]?.session.version == 4 && older.toWrite == [a.id] && older.changes.isEmpty)
    }

    @Test func theJournalWinsWhereVersionsAreEqual() throws {
        let a = try small("a")
        let same = merge(
            [stored(a, version: 2, cookies: [cookie("x", "1")])], [stored(a, version: 2, cookies: [cookie("x", "1")])])
        #expect(same.toWrite.isEmpty && same.changes.isEmpty)
        let cookies = merge(
            [stored(a, version: 2, cookies: [cookie("x", "2")])], [stored(a, version: 2, cookies: [cookie("x", "1")])])
        #expect(cookies.toWrite == [a.id])
        #expect(cookies.sessions[a.id]?.jar.cookies.first?.value == SecretBytes("2"))
    }

    @Test func aNewerItemsJarReplacesTheJournals() throws {
        let a = try small("a")
        let merged = merge(
            [stored(a, version: 1, cookies: [cookie("old", "1")])],
            [stored(a, version: 2, cookies: [cookie("new", "2")])])
        var replay = Replay()
        replay.apply(.session(stored(a, version: 1).session))
        replay.apply(.cookies(a.id, JarChange(set: [cookie("old", "1")])))
        for change in merged.changes { replay.apply(change) }
        #expect(replay.sessions.first?.jar.cookies.map(\.name) == ["new"])
    }

    @Test func aMissingItemIsARemovalOnlyWhereAStartHasSeenItAndTheKeyIsThere() throws {
        let a = try small("a")
        let journal = [stored(a, version: 1)]
        let removed = merge(journal, [], notes: [a.id: .seen])
        #expect(removed.sessions.isEmpty && isRemoved(a.id, in: removed))
        for kept in [
            merge(journal, []), merge(journal, [], notes: [a.id: .seen], keyWasThere: false),
            merge(journal, [], notes: [a.id: .seen], unreadable: [a.id]),
        ] {
            #expect(kept.sessions[a.id] != nil && kept.toWrite == [a.id] && !isRemoved(a.id, in: kept))
        }
    }

    @Test func anItemThatWasReadIsRemembered() throws {
        let a = try small("a")
        let merged = merge([stored(a, version: 1)], [stored(a, version: 1)])
        guard case .item(a.id, .seen)? = merged.notes.first else { throw StoreFailure.locked }
        #expect(merge([stored(a, version: 1)], [stored(a, version: 1)], notes: [a.id: .seen]).notes.isEmpty)
    }

    @Test func aRemovedSessionIsNotBroughtBackByItsItem() throws {
        let a = try small("a")
        let there = merge([], [stored(a, version: 7)], notes: [a.id: .leaving])
        #expect(there.sessions.isEmpty && there.toDelete == [a.id])
        let unreadable = merge([], [], notes: [a.id: .leaving], unreadable: [a.id])
        #expect(unreadable.toDelete == [a.id])
        let gone = merge([], [], notes: [a.id: .leaving])
        guard case .item(a.id, .gone)? = gone.notes.first else { throw StoreFailure.locked }
    }

    @Test func norWhereTheJournalRemembersTheRemovalAlone() throws {
        let a = try small("a")
        let item = stored(a, version: 7)
        let merged = ItemMerge(
            Journal.Contents(removed: [a.id]), items: [a.id: item], there: [a.id], keyWasThere: true)
        #expect(merged.sessions.isEmpty && merged.toDelete == [a.id] && merged.changes.isEmpty)
        guard case .item(a.id, .leaving)? = merged.notes.first else { throw StoreFailure.locked }
    }

    /// In a vault that has come from a keyring whose items could not be deleted.
    @Test func aRemovalIsRememberedWhereAnItemIsKnown() throws {
        let (a, b) = (try small("a"), try small("b"))
        var replay = Replay()
        for change: Change in [
            .session(a), .item(a.id, .seen), .session(b), .removed(a.id, version: 2), .removed(b.id, version: 2),
        ] {
            replay.apply(change)
        }
        #expect(replay.items == [a.id: .leaving])
    }

    @Test func sessionsComeFromItemsAloneWhereThereIsNoJournal() throws {
        let (a, b) = (try small("a"), try small("b"))
        let merged = merge([], [stored(a, version: 3), stored(b, version: 1)], keyWasThere: false)
        #expect(Set(merged.sessions.keys) == [a.id, b.id] && merged.toWrite.isEmpty)
    }
}

/// What the daemon knows of items while it runs.
struct KnownItemsTests {
    private func item(_ id: SessionID, _ path: String = "/1") -> Keyring.Item {
        Keyring.Item(path: path, id: id.description)
    }

    @Test func whatTheKeyringHasLostIsWrittenAgain() {
        let (a, b) = (SessionID(), SessionID())
        var known = KnownItems(items: [a: item(a), b: item(b, "/2")], seen: [])
        #expect(known.replaceItems(by: [item(b, "/9")]) == [a])
        #expect(known.items[a] == nil && known.items[b]?.path == "/9" && known.deleted.isEmpty)
    }

    @Test func whatThePersonHasDeletedIsNot() {
        let a = SessionID()
        var known = KnownItems(items: [a: item(a)], seen: [a])
        #expect(known.replaceItems(by: []).isEmpty && known.deleted == [a])
        known.forget(a)
        #expect(known.deleted.isEmpty && known.seen.isEmpty)
    }

    @Test func theKeysItemIsNoSessions() {
        let (a, key) = (SessionID(), SessionID())
        var known = KnownItems(key: KnownItems.Key(id: key.description, secret: SecretBytes("k")))
        #expect(known.replaceItems(by: [item(a), item(key, "/2")]).isEmpty)
        #expect(Set(known.items.keys) == [a])
    }
}

/// What an item holds.
struct ItemRecordTests {
    @Test func aSessionAndAKeyComeBack() throws {
        var jar = CookieJar()
        jar.apply(JarChange(set: [cookie("a", "b"), cookie("c", "d", sequence: 2)]))
        let stored = StoredSession(session: try full(.cookies(sessionCookie: "a")), jar: jar)
        guard case .session(let read) = ItemRecord.decode(ItemRecord.encode(stored), clock) else {
            throw StoreFailure.locked
        }
        #expect(written(read) == written(stored))
        guard case .key(let secret) = ItemRecord.decode(ItemRecord.encode(key: key), clock) else {
            throw StoreFailure.locked
        }
        #expect(secret == key)
    }

    @Test(arguments: [
        "", "\n", "x", "{}\n", "{\"lanyard\":1}\n", "{\"lanyard\":1,\"key\":\"AAAA\"}\n", "{\"lanyard\":0}\n",
        "{\"lanyard\":\"1\"}\n", "{\"lanyard\":1}\n{\"session\":{}}\n", "a password of another program",
    ]) func othersSecretsAreNotOurs(_ text: String) {
        guard case .unreadable = ItemRecord.decode(SecretBytes(text), clock) else {
            Issue.record("it was taken for ours")
            return
        }
    }

    @Test func aLaterFormatIsToldByItsNumber() {
        guard case .newer(2) = ItemRecord.decode(SecretBytes("{\"lanyard\":2,\"what\":[]}\n"), clock) else {
            Issue.record("it was taken for one of this format")
            return
        }
    }
}
