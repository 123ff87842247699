import CLinux
import EventLoop
import Model
import Prose
import Store

/// Opening, locking and moving the store.
extension Agent {
    /// What the store is opened with.
    enum Opening {
        /// Nothing: only where nobody needs to be asked.
        case byItself
        /// The keyring's own dialog.
        case dialog
        /// The vault's passphrase, or the keyring's password.
        case passphrase(SecretBytes)
        /// The path of a file of the caller's that holds the vault's passphrase.
        case file(String)
    }

    /// As long as a lock waits for renewals under way, in seconds: an attach waits as long for one.
    private static let renewalPatience = 10.0

    /// Opens the store where it can be opened without asking, and the person has not locked it.
    func start() async {
        isLockedByHand = mark.isSet
        await open()
        if let storeFailure, !isLockedByHand { log(storeFailure.message) }
    }

    /// Tries to open the store without asking, once for all who wait for it.
    /// - Parameter byHand: the person wants it, who may have locked it.
    private func open(byHand: Bool = false) async {
        await opener.attempt { [self] in
            await doors.enter()
            defer { doors.leave() }
            if isStopping || store.state == .open { return }
            let stored = await store.start(staysLocked: isLockedByHand && !byHand)
            if store.state == .open { hasOpened(stored) } else { retryLater() }
        }
    }

    /// Opens the store, or makes a vault.
    func unlock(_ opening: Opening, create: Bool) async throws(Failure) {
        if store.isInMemory { return }
        // Which backend it is, is known once the first attempt is through.
        let wasTried = await opener.ended()
        if isStopping { throw .stopping }
        if case .byItself = opening, wasTried, !isLockedByHand {
            guard let storeFailure else { return }
            // The attempt may have looked just before the keyring could be used: one that answers is asked again.
            if store.backend == .vault || store.state == .unavailable(.keyring(.timedOut)) { throw storeFailure }
        }
        do throws(StoreFailure) {
            switch (store.backend, opening) {
            case (.vault, .passphrase(let passphrase)):
                try await openVault { [store] () throws(StoreFailure) in
                    try await store.unlock(passphrase: passphrase, create: create)
                }
            case (.vault, .file(let path)) where store.state != .open:
                try await openVault { [store] () throws(StoreFailure) in
                    try await store.unlock(passphraseFile: path, create: create)
                }
            // Not at the doors: a dialog may wait for minutes, and a lock or an end must not wait for it.
            case (.secretService, .dialog): try await store.unlockKeyring(password: nil)
            case (.secretService, .passphrase(let password)): try await store.unlockKeyring(password: password)
            case (_, .byItself), (_, .file), (.vault, .dialog): break
            }
        } catch {
            throw Failure(error)
        }
        await open(byHand: true)
        if let storeFailure { throw storeFailure }
    }

    private func openVault(
        _ unlock: @LoopActor () async throws(StoreFailure) -> [StoredSession]
    ) async throws(StoreFailure) {
        await doors.enter()
        defer { doors.leave() }
        hasOpened(try await unlock())
    }

    /// Looks whether the keyring is there again, or open, where the store waits for that.
    func reopen() async {
        if !isLockedByHand { await open() }
    }

    /// Whether it may be that the keyring was opened or has come back and nobody has told: then it is looked at before
    /// anything is refused. One that does not answer is looked at by the clock alone.
    var mayHaveOpened: Bool {
        guard store.backend == .secretService, !isLockedByHand, opener.isRested else { return false }
        switch store.state {
        case .open, .unavailable(.keyring(.timedOut)), .unavailable(.keyring(.asking)): return false
        case .locked, .unavailable: return true
        }
    }

    private func hasOpened(_ stored: [StoredSession]) {
        isLockedByHand = false
        mark.remove()
        opener.hasOpened()
        renewer.resume()
        take(stored)
        // Not at the start, which says that it listens.
        if opener.hasTried { log(Prose.unlocked) }
        onDoors()
        // Reading a journal of a thousand sessions leaves two megabytes behind, which glibc would keep. A task of its own:
        // what was read is let go of by then.
        EventLoop.task { malloc_trim(0) }
    }

    /// A bus that comes back tells nobody, nor does a keyring that answers again, or is unlocked by a login.
    private func retryLater() {
        guard store.waitsForKeyring, !isLockedByHand else { return }
        opener.retry { [weak self] in await self?.reopen() }
    }

    /// Saves what is not saved yet, and forgets every secret and key until ``unlock(_:create:)``. Renewals under way come
    /// to their end first, for a while; calls that wait for anything else are ended.
    func lock() async {
        await doors.enter()
        defer { doors.leave() }
        // From here on nobody gets a secret any more.
        isLockedByHand = true
        opener.cancel()
        if let failure = mark.set() { log(failure) }
        calls.cancel()
        await renewer.halt(.lockedByHand, patience: Self.renewalPatience)
        await calls.end()
        await registry.saveUses()
        // The items are written from what the registry holds.
        await store.lock()
        registry.forget(.lockedByHand)
        dropUnsentAndUnfinishedImports()
        log(Prose.locked)
        onDoors()
    }

    /// Moves the store to another backend.
    /// - Parameter opening: what the vault is to be opened with from now on, where that is the backend.
    func move(to backend: Backend, _ opening: Opening) async throws(Failure) -> Store.Moved {
        if store.isInMemory { throw .keepsNothing }
        await doors.enter()
        defer { doors.leave() }
        try requireOpen()
        let sessions = { [registry] in registry.all.map(\.session.id) }
        do throws(StoreFailure) {
            switch (backend, opening) {
            case (.secretService, _): return try await store.moveToKeyring(sessions)
            case (.vault, .passphrase(let passphrase)):
                return try await store.moveToVault(sessions, passphrase: passphrase)
            case (.vault, .file(let path)):
                return try await store.moveToVault(sessions, passphrase: try await store.passphrase(in: path))
            case (.vault, _): throw .emptyPassphrase
            }
        } catch {
            throw Failure(error)
        }
    }

    private func take(_ stored: [StoredSession]) {
        registry.load(stored)
        for entry in registry.all { renewer.schedule(entry) }
    }
}
