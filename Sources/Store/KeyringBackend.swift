import Cookies
import EventLoop
import Keyring
import Model

/// The store with the keyring as its backend: the journal's key is an item, and each session is one.
extension Store {
    /// The keyring's dialog waits for the person.
    public var isAskingPerson: Bool { keyring.isAsking }

    /// The store is not open, and may be as soon as the keyring is.
    public var waitsForKeyring: Bool {
        switch state {
        case .open: false
        case .locked: backend == .secretService
        case .unavailable(.keyring): true
        case .unavailable: false
        }
    }

    /// The id that the session's item has in the keyring, as an attribute; nil where there is none.
    public func itemID(of id: SessionID) -> String? {
        backend == .secretService && items.hasItem(id) ? id.description : nil
    }

    /// How many sessions the keyring does not have as they are, and why it does not take them; nil where it has all.
    public var itemsBehind: (count: Int, why: StoreFailure.KeyringFault)? {
        guard let failure = items.lastFailure, items.behind > 0 else { return nil }
        return (items.behind, Self.fault(failure))
    }

    /// Has the keyring ask the person to unlock it, in a dialog of its own, and waits for the answer, five minutes at
    /// most; or unlocks it with its password, where it takes one. ``start(staysLocked:)`` then opens the store.
    /// - Throws: ``StoreFailure/keyring(_:)``.
    public func unlockKeyring(password: SecretBytes?) async throws(StoreFailure) {
        do throws(KeyringFailure) {
            if let password { try await keyring.unlock(password: password) } else { try await keyring.unlock() }
        } catch {
            throw .keyring(Self.fault(error))
        }
    }

    /// The keyring is there, gone, another, locked or unlocked.
    func keyringHasChanged() {
        guard backend == .secretService else { return }
        if state == .open { items.keyringHasChanged() } else { onKeyringChange() }
    }

    /// Opens with what the keyring holds, where it is open.
    func openWithKeyring() async throws(StoreFailure) -> [StoredSession] {
        let found = try await readKeyring()
        keyringProcess = await keyring.process()
        var keys = found.keys
        var lost: [Damage] = []
        if keys.isEmpty {
            if try await perform({ files throws(StoreFailure) in try files.hasVaultKey() }) {
                return try await returnToVault()
            }
            let aside = try await perform { files throws(StoreFailure) in try files.setJournalAside() }
            if let aside { lost = [Damage(what: .noKey, keptAt: aside)] }
            keys = [try await makeKey(Sodium.randomKey())]
        }
        let secrets = keys.map(\.secret)
        var (contents, used) = try await perform { files throws(StoreFailure) in
            try files.openJournal(secrets, .secretService)
        }
        contents.damage += lost
        do throws(StoreFailure) {
            return try await take(contents, found, keys[used], keyWasThere: !found.keys.isEmpty)
        } catch {
            try? await perform { files throws(StoreFailure) in files.closeJournal() }
            throw error
        }
    }

    private func take(
        _ opened: Journal.Contents, _ found: KeyringContents, _ key: KnownItems.Key, keyWasThere: Bool
    ) async throws(StoreFailure) -> [StoredSession] {
        var contents = opened
        let merge = ItemMerge(
            contents, items: found.sessions, there: Set(found.items.keys), keyWasThere: keyWasThere)
        contents.sessions = merge.sessions.values.sorted { $0.session.name < $1.session.name }
        try await record(merge.changes)
        var known = KnownItems(key: key, items: found.items, seen: Set(found.sessions.keys))
        // What is not remembered now is at the next start: meanwhile a missing item is written again.
        do throws(StoreFailure) { try await record(merge.notes) } catch { known.seen = [] }
        // The vault that the store has moved from: the keyring has shown that it keeps the key.
        if keyWasThere { try? await perform { files throws(StoreFailure) in try files.removeVaultKey() } }
        items.begin(known, toDo: merge.toWrite + merge.toDelete)
        keyring.stopAsking()
        return take(contents)
    }

    /// The keyring no longer has the key that was moved there, and has not shown since that it keeps it: the vault still
    /// does.
    private func returnToVault() async throws(StoreFailure) -> [StoredSession] {
        try await perform { files throws(StoreFailure) in try files.recordMove(to: .vault) }
        return await start()
    }

    func readKeyring() async throws(StoreFailure) -> KeyringContents {
        let found: KeyringContents
        do throws(KeyringFailure) {
            switch await keyring.state() {
            case .open: found = try await KeyringContents.read(keyring, clock)
            case .locked: throw .locked
            case .unavailable(let failure): throw failure
            }
        } catch {
            throw .keyring(Self.fault(error))
        }
        if let format = found.newerFormat { throw .newerItem(format) }
        return found
    }

    /// Keeps the key in an item, whose id is random as that of a session is, so that nobody sees which item it is.
    func makeKey(_ key: SecretBytes) async throws(StoreFailure) -> KnownItems.Key {
        let id = SessionID().description
        do throws(KeyringFailure) {
            _ = try await keyring.create(id: id, secret: ItemRecord.encode(key: key))
        } catch {
            throw .keyring(Self.fault(error))
        }
        return KnownItems.Key(id: id, secret: key)
    }

    /// Lets the items follow what the journal has.
    func follow(_ batch: [Change], _ urgency: ItemUrgency) {
        for change in batch {
            switch change {
            case .session(let session) where urgency != .withNextChange:
                items.changed(session.id, atOnce: urgency == .atOnce)
            case .cookies(let id, _): items.changed(id, atOnce: urgency == .atOnce)
            case .removed(let id, _): items.changed(id, atOnce: true)
            case .session, .renewalBegun, .item: break
            }
        }
    }

    /// What the journal has to remember with these changes: a removal until its item is deleted, or the item would bring
    /// the session back; and that an item which the person has deleted before a login says nothing about the session.
    func notes(for batch: [Change], _ urgency: ItemUrgency) -> [Change] {
        batch.compactMap { change in
            switch change {
            case .removed(let id, _): .item(id, .leaving)
            case .session(let session) where urgency == .atOnce && items.isSeen(session.id):
                .item(session.id, .gone)
            default: nil
            }
        }
    }

    static func fault(_ failure: KeyringFailure) -> StoreFailure.KeyringFault {
        switch failure {
        case .locked: .locked
        case .noCollection: .noCollection
        case .noService, .closed, .sessionGone: .noService
        case .noBus: .noBus
        case .timedOut: .timedOut
        case .dismissed: .dismissed
        case .denied: .denied
        case .gone: .refused("no such item")
        case .unencrypted: .refused("no encrypted session")
        case .refused(let reason): .refused(reason)
        }
    }
}
