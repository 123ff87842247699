import Model
import Prose
import Store

/// What a person is told of the store.
extension Agent {
    /// With more sessions than this in a keyring, each change takes longer than an eye blinks.
    private static let manyItems = 300

    /// Why the store is not open; nil where it is.
    var storeFailure: Failure? {
        switch store.state {
        case .open: nil
        case .locked(let isNew):
            store.backend == .secretService ? .keyringLocked : isNew ? .vaultNew : .vaultLocked
        case .unavailable(let failure): Failure(failure)
        }
    }

    /// The same, where it is being locked too.
    var closedFailure: Failure? { isLockedByHand ? .lockedByHand : storeFailure }

    /// Why nothing is attached while the store is not open; nil where it is.
    var closedReason: AttachReason? { closedFailure.map { $0.code == .storeLocked ? .locked : .unavailable } }

    /// Fails where the store is not open, or is being locked.
    func requireOpen() throws(Failure) {
        if let closedFailure { throw closedFailure }
    }

    /// The name of the keyring that the store is in; nil for another store, or a keyring that is not known.
    var keyringName: String? {
        guard store.backend == .secretService, let process = store.keyringProcess else { return nil }
        if keyring?.pid != process { keyring = Caller(pid: process) }
        return keyring.flatMap { Prose.keyringName(program: $0.program(claimed: "")) }
    }

    /// The store's state in the protocol's words.
    var storeState: String {
        switch closedReason {
        case nil: "open"
        case .locked: "locked"
        default: "unavailable"
        }
    }

    /// Why this store, or why it cannot be used.
    var storeReason: String {
        if isLockedByHand { return Prose.storeLockedByHand }
        if store.isAskingPerson { return Prose.storeAsksPerson }
        if case .unavailable(let failure) = store.state { return Failure(failure).message }
        return switch store.reason {
        case .recorded: Prose.storeRecorded
        case .asked: Prose.storeAsked
        case .keyringIsThere: Prose.storeKeyringIsThere
        case .noKeyring: Prose.storeNoKeyring
        case .forOneProgram: Prose.storeForOneProgram
        }
    }

    /// What a person should know of the store.
    var storeWarnings: [String] { storeWarnings(keyring: nil) }

    /// What a person should know of the store.
    /// - Parameter fault: why its keyring takes nothing, where somebody has looked.
    func storeWarnings(keyring fault: StoreFailure.KeyringFault?) -> [String] {
        var warnings = store.damage.map(Self.words)
        if store.itemsBehind == nil, closedReason == nil, let fault {
            warnings.append(
                fault == .locked ? Prose.keyringLockedMeanwhile : Prose.keyringGone(Failure.keyring(fault).message))
        }
        if let behind = store.itemsBehind {
            let why = behind.why == .locked ? Prose.keyringIsLocked : Failure.keyring(behind.why).message
            warnings.append(Prose.itemsBehind(behind.count, why))
        }
        if store.backend == .secretService, registry.count > Self.manyItems {
            warnings.append(Prose.manyItems(registry.count))
        }
        return warnings
    }

    /// What a person should know of the daemon and of their files.
    var warnings: [String] {
        var warnings = reloadFailure.map { [Prose.notReloaded($0.message)] } ?? []
        warnings += exchange.recipes.spoiled.map { Prose.cannotUse(Prose.mistake($0.path, $0.mistake)) }
        if !SecretBytes.memoryIsLocked { warnings.append(Prose.memoryNotLocked) }
        return warnings
    }

    private static func words(_ damage: Damage) -> String {
        let what =
            switch damage.what {
            case .header: Prose.damagedHeader
            case .records(let range): Prose.damagedRecords(range.count)
            case .strayBytes(let count): Prose.strayBytes(count)
            case .outOfPlace: Prose.outOfPlace
            case .notUnderstood: Prose.notUnderstood
            case .noJournal: Prose.noJournal
            case .noKey: Prose.noKey
            }
        return damage.keptAt.map { Prose.kept(what, $0) } ?? what
    }
}
