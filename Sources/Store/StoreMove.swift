import EventLoop
import Keyring
import Model

/// Moving from one backend to the other: nothing is removed before all has been read back from where it now is.
///
/// The journal and its key stay the same; what moves is who holds the key, and whether sessions are items as well. A
/// crash at any instant leaves the store where it was or where it goes, and whole.
extension Store {
    /// How a move has ended.
    public struct Moved: Sendable {
        /// How many sessions there are.
        public var sessions: Int
        /// Why the keyring still holds what was there; nil where all is deleted.
        public var left: StoreFailure.KeyringFault?
    }

    /// Moves into the keyring, which has to be open, as the store has. The vault's key file stays until the next start
    /// has read the key back, because some keyrings say "stored" before they have written.
    /// - Parameter sessions: all there are, at each moment.
    /// - Throws: ``StoreFailure``; then the store is where it was.
    public func moveToKeyring(_ sessions: () -> [SessionID]) async throws(StoreFailure) -> Moved {
        try checkMove(to: .secretService)
        isMovingIn = true
        defer { isMovingIn = false }
        let before = try await readKeyring()
        // The items will be other ones than those of an earlier time: no start has seen them yet.
        try await record(sessions().map { .item($0, .gone) })
        let journalKey = try await perform { files throws(StoreFailure) in try files.journalKey() }
        let kept = before.keys.first { $0.secret == journalKey }
        let key: KnownItems.Key
        if let kept { key = kept } else { key = try await makeKey(journalKey) }
        var sent: [SessionID: StoredSession] = [:]
        for id in sessions() {
            guard let stored = contents(id) else { continue }
            do throws(KeyringFailure) { try await write(stored, before.items[id]) } catch {
                throw .keyring(Self.fault(error))
            }
            sent[id] = stored
        }
        let after = try await readKeyring()
        guard after.keys.contains(where: { $0.secret == journalKey }),
            sent.allSatisfy({ after.sessions[$0.key]?.isLike($0.value) ?? false })
        else { throw .keyring(.notKept) }
        // Where the key was there already, an earlier move was cut off, or has left items behind: sessions that were
        // removed since must not come back with them.
        let stale = kept == nil ? [] : after.items.keys.filter { sent[$0] == nil && contents($0) == nil }
        try await record(stale.map { .item($0, .leaving) })
        try await perform { files throws(StoreFailure) in try files.recordMove(to: .secretService) }
        backend = .secretService
        items.begin(KnownItems(key: key, items: after.items), toDo: changed(since: sent, sessions()) + stale)
        return Moved(sessions: sent.count, left: nil)
    }

    /// Moves into a vault that this passphrase opens, and deletes the items. The keyring need not be there: then its
    /// items stay.
    /// - Parameter sessions: all there are, at each moment.
    /// - Throws: ``StoreFailure``; then the store is where it was.
    public func moveToVault(
        _ sessions: () -> [SessionID], passphrase: SecretBytes
    ) async throws(StoreFailure) -> Moved {
        try checkMove(to: .vault)
        let before = sessions().compactMap(contents)
        let proven = try await perform { files throws(StoreFailure) in try files.makeVault(passphrase: passphrase) }
        let versions = Dictionary(uniqueKeysWithValues: proven.map { ($0.session.id, $0.session.version) })
        guard
            before.allSatisfy({ $0.session.version <= versions[$0.session.id] ?? 0 || contents($0.session.id) == nil })
        else { throw .journalDamaged(path: Journal.fileName) }
        try await perform { files throws(StoreFailure) in try files.recordMove(to: .vault) }
        backend = .vault
        await items.forget()
        let left = await deleteItems()
        keyring.disconnect()
        return Moved(sessions: sessions().count, left: left)
    }

    private func checkMove(to target: Backend) throws(StoreFailure) {
        guard state == .open else { throw .locked }
        if backend == target { throw .isThere(target.rawValue) }
        if settings.kind != "auto", settings.kind != target.rawValue {
            throw .otherBackend(recorded: target.rawValue, asked: settings.kind)
        }
    }

    private func write(_ stored: StoredSession, _ item: Keyring.Item?) async throws(KeyringFailure) {
        let secret = ItemRecord.encode(stored)
        if let item { return try await keyring.setSecret(item, secret) }
        _ = try await keyring.create(id: stored.session.id.description, secret: secret)
    }

    /// The sessions that are no longer as they were sent, and those that have gone.
    private func changed(since sent: [SessionID: StoredSession], _ now: [SessionID]) -> [SessionID] {
        Set(now).union(sent.keys).filter { id in
            guard let old = sent[id], let new = contents(id) else { return true }
            return !new.isLike(old)
        }
    }

    /// Deletes all items of ours, the key last: what stays behind can still be used.
    /// - Returns: why some are left; nil where none is.
    private func deleteItems() async -> StoreFailure.KeyringFault? {
        do throws(KeyringFailure) {
            let found = try await KeyringContents.read(keyring, clock)
            let keys = Set(found.keys.map(\.id))
            let all = try await keyring.items()
            for item in all.filter({ !keys.contains($0.id) }) + all.filter({ keys.contains($0.id) }) {
                do throws(KeyringFailure) { try await keyring.delete(item) } catch {
                    guard error == .gone else { throw error }
                }
            }
            return nil
        } catch {
            return Self.fault(error)
        }
    }
}
