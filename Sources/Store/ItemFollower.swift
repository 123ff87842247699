import EventLoop
import Keyring
import Model

/// When the item of a session follows a change of it.
public enum ItemUrgency: Sendable {
    /// At once: a person did it.
    case atOnce
    /// Within a minute.
    case inTime
    /// With the session's next change: nothing that a login would be lost with.
    case withNextChange
}

/// Lets the items of the keyring follow the journal: at once for what a person does, otherwise at most one write a
/// session a minute, one in flight, and what is left at a clean stop.
///
/// The journal is the truth; whatever the keyring does (locked, gone, slow, full), it is only caught up with.
@LoopActor final class ItemFollower {
    /// The least time between two writes of one session that nobody waits for, in seconds: each rewrites the whole file
    /// of the person's keyring.
    private static let interval = 60.0
    /// The pause after a failed write, in seconds; doubled each time, up to the longest.
    private static let firstPause = 2.0
    private static let longestPause = 60.0

    private let keyring: Keyring
    private let clock: Clock
    /// A session as it is now; nil where it is gone.
    var contents: (SessionID) -> StoredSession? = { _ in nil }
    /// These items are missing through no wish of the person's. Returns whether the journal has it; before that, a start
    /// would take them for removals.
    var onLost: ([SessionID]) async -> Bool = { _ in true }
    /// Why the keyring is behind; nil where the last write went well.
    private(set) var lastFailure: KeyringFailure?

    private var known = KnownItems()
    private var due: [SessionID: BootInstant] = [:]
    private var written: [SessionID: BootInstant] = [:]
    private var timer: Timer?
    private var underWay: Task<Void, Never>?
    private var failures = 0
    /// It is not known what the keyring has: it has not answered in time, or is another one.
    private var mustReadBack = false

    init(keyring: Keyring, clock: Clock) {
        self.keyring = keyring
        self.clock = clock
    }

    /// Takes over what a start has found, and what it has left to do.
    func begin(_ found: KnownItems, toDo: [SessionID]) {
        known = found
        for id in toDo { due[id] = clock.boot() }
        schedule()
    }

    /// Forgets all, also what is left to do: a start finds it again.
    func forget() async {
        due = [:]
        timer?.cancel()
        if let underWay { await underWay.value }
        timer?.cancel()
        known = KnownItems()
        due = [:]
        written = [:]
        failures = 0
        lastFailure = nil
        mustReadBack = false
    }

    /// How many sessions the keyring does not have as they are, for longer than it takes.
    var behind: Int { failures == 0 ? 0 : due.count }

    /// Whether the session has an item, so far as is known.
    func hasItem(_ id: SessionID) -> Bool { known.items[id] != nil }

    /// Whether a start has read the session's item back: if it is missing then, the person has deleted it.
    func isSeen(_ id: SessionID) -> Bool { known.seen.contains(id) }

    /// A session has changed or was removed.
    func changed(_ id: SessionID, atOnce: Bool) {
        // Whoever has deleted the item before wants the session now.
        if atOnce { known.forgetSeen(id) }
        let now = clock.boot()
        let earliest = atOnce ? now : max(now, (written[id] ?? now) + (written[id] == nil ? 0 : Self.interval))
        due[id] = min(due[id] ?? earliest, earliest)
        schedule()
    }

    /// The keyring may be there again, or be another: it is looked at, and what waits is tried now.
    func keyringHasChanged() {
        mustReadBack = true
        failures = 0
        timer?.cancel()
        start()
    }

    /// Writes what is left, for at most `seconds`.
    func flush(seconds: Double) async {
        for id in due.keys { due[id] = clock.boot() }
        failures = 0
        schedule()
        _ = await withDeadline(seconds: seconds) { [self] in
            while let task = underWay { await task.value }
        }
        timer?.cancel()
    }

    private func schedule() {
        timer?.cancel()
        // A keyring that stays locked is not looked at for its own sake: with the next change is early enough.
        let waitsForChange = lastFailure == .locked && due.isEmpty
        guard underWay == nil, let next = mustReadBack && !waitsForChange ? clock.boot() : due.values.min() else {
            return
        }
        let pause = failures == 0 ? 0 : min(Self.firstPause * Double(1 << min(failures - 1, 10)), Self.longestPause)
        let moment = max(next, clock.boot() + pause)
        guard moment > clock.boot() else { return start() }
        timer = Timer(at: moment) { [weak self] in self?.start() }
    }

    private func start() {
        guard underWay == nil else { return }
        underWay = EventLoop.task { [self] in
            do throws(KeyringFailure) {
                try await work()
                failures = 0
                lastFailure = nil
            } catch {
                failures += 1
                lastFailure = error
                if error == .timedOut { mustReadBack = true }
            }
            underWay = nil
            schedule()
        }
    }

    /// Writes all that is due, one after the other, until one fails.
    private func work() async throws(KeyringFailure) {
        if mustReadBack { try await readBack() }
        while let (id, _) = due.filter({ $0.value <= clock.boot() }).min(by: { $0.value < $1.value }) {
            // What changes from here on is due again.
            due[id] = nil
            do throws(KeyringFailure) { try await write(id) } catch {
                due[id] = min(due[id] ?? clock.boot(), clock.boot())
                throw error
            }
            written[id] = clock.boot()
        }
    }

    private func write(_ id: SessionID) async throws(KeyringFailure) {
        guard let stored = contents(id) else { return try await delete(id) }
        if known.deleted.contains(id) { return }
        let secret = ItemRecord.encode(stored)
        if let item = known.items[id] {
            do throws(KeyringFailure) { return try await keyring.setSecret(item, secret) } catch {
                guard error == .gone else { throw error }
            }
            try await readBack()
            if known.deleted.contains(id) { return }
        }
        known.items[id] = try await keyring.create(id: id.description, secret: secret)
    }

    /// Deletes the item, and copies of it that are not ours: one would bring the session back. The journal remembers the
    /// removal until a start finds none, because some keyrings say "deleted" before they have written.
    private func delete(_ id: SessionID) async throws(KeyringFailure) {
        for item in try await keyring.items(id: id.description) {
            do throws(KeyringFailure) { try await keyring.delete(item) } catch {
                guard error == .gone else { throw error }
            }
        }
        known.forget(id)
        written[id] = nil
    }

    /// Looks which items there are, so that none is made twice, and writes those again that the keyring has lost: some
    /// keyrings say "stored" before they have written.
    private func readBack() async throws(KeyringFailure) {
        let there = try await keyring.items()
        if let key = known.key, !there.contains(where: { $0.id == key.id }) {
            // It is not the keyring that a start has read: nothing that is missing was deleted by the person. The journal
            // has that before the key is there again, which says to a start that what is missing was deleted.
            guard await onLost(Array(known.seen)) else { throw .refused("the journal has to be written first") }
            known.seen = []
            _ = try await keyring.create(id: key.id, secret: ItemRecord.encode(key: key.secret))
        }
        for id in known.replaceItems(by: there) { due[id] = min(due[id] ?? clock.boot(), clock.boot()) }
        mustReadBack = false
    }
}

/// What is known of the items in the keyring.
struct KnownItems {
    /// The journal's key, and its item's id.
    struct Key {
        var id: String
        var secret: SecretBytes
    }

    /// The key of the journal.
    var key: Key?
    /// The items of sessions.
    var items: [SessionID: Keyring.Item] = [:]
    /// Sessions whose item a start has read back: if it is missing now, the person has deleted it.
    var seen: Set<SessionID> = []
    /// Sessions whose item the person has deleted while the daemon runs, which the next start takes for a removal.
    var deleted: Set<SessionID> = []

    /// Nothing is known of this session's item any more.
    mutating func forget(_ id: SessionID) {
        items[id] = nil
        forgetSeen(id)
    }

    /// If this session's item is missing, it is written again.
    mutating func forgetSeen(_ id: SessionID) {
        seen.remove(id)
        deleted.remove(id)
    }

    /// Takes over which items there are.
    /// - Returns: the sessions whose items have to be written again.
    mutating func replaceItems(by there: [Keyring.Item]) -> [SessionID] {
        let before = items.keys
        items = [:]
        for item in there {
            if let id = SessionID(item.id), item.id != key?.id { items[id] = item }
        }
        let missing = before.filter { items[$0] == nil }
        deleted.formUnion(missing.filter(seen.contains))
        return missing.filter { !seen.contains($0) }
    }
}
