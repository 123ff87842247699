import Cookies
import EventLoop
import Keyring
import Model

/// The store with the keyring as its backend: the journal's key is an item, and each session is one.
extension Store {
    /// Opens with what the keyring holds, where it is open; it is never asked to unlock here.
    func startWithKeyring() async -> [StoredSession] {
        keyring.onChange = { [weak self] in self?.keyringChanged() }
        do throws(StoreFailure) { return try await openWithKeyring() } catch {
            state = error == .keyring(.locked) ? .locked(isNew: false) : .unavailable(error)
            return []
        }
    }

    /// Asks the keyring's own prompt to unlock it, and opens.
    func unlockKeyring() async throws(StoreFailure) -> [StoredSession] {
        if state == .open { throw .alreadyOpen }
        do throws(KeyringFailure) {
            if await keyring.state() == .locked { try await keyring.unlock() }
        } catch {
            throw .keyring(Self.fault(error))
        }
        // The change may have been noticed, and the store opened, meanwhile.
        if state == .open { throw .alreadyOpen }
        return try await openWithKeyring()
    }

    /// The keyring is there, gone, locked or unlocked.
    private func keyringChanged() {
        if state == .open { return items.retry() }
        EventLoop.task { [weak self] in
            guard let self, await keyring.state() == .open, state != .open else { return }
            let sessions = await startWithKeyring()
            if state == .open { onOpened(sessions) }
        }
    }

    private func openWithKeyring() async throws(StoreFailure) -> [StoredSession] {
        let found: KeyringContents
        do throws(KeyringFailure) {
            try Self.check(await keyring.state())
            found = try await KeyringContents.read(keyring, clock)
        } catch {
            throw .keyring(Self.fault(error))
        }
        var lost: [Damage] = []
        var key = found.key
        if key == nil {
            let aside = try await perform { files throws(StoreFailure) in try files.setJournalAside() }
            if let aside { lost = [Damage(what: .noKey, keptAt: aside)] }
            key = try await makeKey()
        }
        guard let key else { throw .keyring(.refused("")) }
        var contents = try await perform { files throws(StoreFailure) in try files.openJournal(key, .secretService) }
        contents.damage += lost
        let merge = ItemMerge(contents, items: found.sessions, keyWasThere: found.key != nil)
        contents.sessions = merge.sessions.values.sorted { $0.session.name < $1.session.name }
        let sessions = take(contents)
        try await takeFromItems(merge.changes)
        items.begin(found.items, toDo: merge.toWrite + merge.toDelete)
        return sessions
    }

    private func makeKey() async throws(StoreFailure) -> SecretBytes {
        let key = Sodium.randomKey()
        do throws(KeyringFailure) {
            // Its id is random as that of a session is, so that nobody sees which item it is.
            _ = try await keyring.create(id: SessionID().description, secret: ItemRecord.encode(key: key))
        } catch {
            throw .keyring(Self.fault(error))
        }
        return key
    }

    /// Lets the items follow what the journal has.
    func follow(_ batch: [Change], atOnce: Bool) {
        for change in batch {
            switch change {
            case .session(let session): items.changed(session.id, atOnce: atOnce)
            case .cookies(let id, _): items.changed(id, atOnce: atOnce)
            case .removed(let id, _): items.changed(id, atOnce: true)
            case .renewalBegun, .item: break
            }
        }
    }

    /// A removal is remembered until its item is deleted: else the item would bring the session back.
    static func remembering(_ batch: [Change]) -> [Change] {
        batch.flatMap { change -> [Change] in
            if case .removed(let id, _) = change, !batch.contains(where: { $0.isGone(id) }) {
                return [change, .item(id, .leaving)]
            }
            return [change]
        }
    }

    private static func check(_ state: Keyring.State) throws(KeyringFailure) {
        switch state {
        case .open: return
        case .locked: throw .locked
        case .unavailable(let failure): throw failure
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
        case .gone: .refused("no such item")
        case .denied: .refused("denied")
        case .unencrypted: .refused("no encrypted session")
        case .refused(let reason): .refused(reason)
        }
    }
}

extension Change {
    fileprivate func isGone(_ id: SessionID) -> Bool {
        if case .item(id, .gone) = self { return true }
        return false
    }
}
