import EventLoop
import Keyring
import Model

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
    /// An item is deleted: the journal need not remember it.
    var onDeleted: (SessionID) -> Void = { _ in }

    private var items: [SessionID: Keyring.Item] = [:]
    private var due: [SessionID: BootInstant] = [:]
    private var written: [SessionID: BootInstant] = [:]
    private var timer: Timer?
    private var underWay: Task<Void, Never>?
    private var failures = 0
    /// After a time-out it is not known what the keyring has done.
    private var mustReadBack = false

    init(keyring: Keyring, clock: Clock) {
        self.keyring = keyring
        self.clock = clock
    }

    /// Takes over what a start has found, and what it has left to do.
    func begin(_ items: [SessionID: Keyring.Item], toDo: [SessionID]) {
        self.items = items
        for id in toDo { due[id] = clock.boot() }
        schedule()
    }

    /// How many sessions the keyring does not have as they are.
    var behind: Int { due.count }

    /// A session has changed or was removed.
    func changed(_ id: SessionID, atOnce: Bool) {
        let now = clock.boot()
        let earliest = atOnce ? now : max(now, (written[id] ?? now) + (written[id] == nil ? 0 : Self.interval))
        due[id] = min(due[id] ?? earliest, earliest)
        schedule()
    }

    /// The keyring may be there again: what waits is tried now.
    func retry() {
        failures = 0
        schedule()
    }

    /// Writes what is left, for at most `seconds`.
    func flush(seconds: Double) async {
        for id in due.keys { due[id] = clock.boot() }
        schedule()
        _ = await withDeadline(seconds: seconds) { [self] in
            while let task = underWay { await task.value }
        }
        timer?.cancel()
    }

    private func schedule() {
        timer?.cancel()
        guard underWay == nil, let next = due.values.min() else { return }
        let pause = failures == 0 ? 0 : min(Self.firstPause * Double(1 << min(failures - 1, 10)), Self.longestPause)
        let moment = max(next, clock.boot() + pause)
        guard moment > clock.boot() else { return start() }
        timer = Timer(at: moment) { [weak self] in self?.start() }
    }

    private func start() {
        guard underWay == nil else { return }
        underWay = EventLoop.task { [self] in
            await work()
            underWay = nil
            schedule()
        }
    }

    /// Writes all that is due, one after the other, until one fails.
    private func work() async {
        while let (id, _) = due.filter({ $0.value <= clock.boot() }).min(by: { $0.value < $1.value }) {
            do throws(KeyringFailure) {
                if mustReadBack { try await readBack() }
                // What changes from here on is due again.
                due[id] = nil
                try await write(id)
                written[id] = clock.boot()
                failures = 0
            } catch {
                due[id] = min(due[id] ?? clock.boot(), clock.boot())
                failures += 1
                if error == .timedOut { mustReadBack = true }
                return
            }
        }
    }

    private func write(_ id: SessionID) async throws(KeyringFailure) {
        guard let stored = contents(id) else { return try await delete(id) }
        let secret = ItemRecord.encode(stored)
        if let item = items[id] {
            do throws(KeyringFailure) {
                return try await keyring.setSecret(item, secret)
            } catch {
                // The person has deleted it, or another keyring answers: only a start decides what that means.
                guard error == .gone else { throw error }
                items[id] = nil
            }
        }
        items[id] = try await keyring.create(id: id.description, secret: secret)
    }

    private func delete(_ id: SessionID) async throws(KeyringFailure) {
        if let item = items[id] {
            do throws(KeyringFailure) { try await keyring.delete(item) } catch {
                guard error == .gone else { throw error }
            }
            items[id] = nil
        }
        written[id] = nil
        onDeleted(id)
    }

    /// Looks which items there are, so that none is made twice.
    private func readBack() async throws(KeyringFailure) {
        var found: [SessionID: Keyring.Item] = [:]
        for item in try await keyring.items() {
            if let id = SessionID(item.id) { found[id] = item }
        }
        items = found
        mustReadBack = false
    }
}
