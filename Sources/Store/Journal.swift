import Glibc
import Cookies
import Model

/// The journal: where a change is durable. For one thread; the store's lock is held by whoever has one.
///
/// Invariant: up to `durableLength` the file is what was acknowledged, and on the disk. Whatever fails, nothing is
/// acknowledged before the file is again like that.
final class Journal {
    static let fileName = "journal"
    /// A journal that has grown to this many times its compacted length is compacted: each byte is then written anew a
    /// third of a time more, and the file is at most four times what it has to be.
    private static let growth = 4
    /// Below this length, in bytes, a journal is not compacted: it is read in a millisecond.
    private static let smallest = 256 << 10
    /// The largest journal that is read, in bytes: ten full jars of 100,000 cookies, four times over.
    private static let largest = 2 << 30

    private let folder: Folder
    private let format: JournalFormat
    private let clock: Clock
    var file: File
    private var id: [UInt8]
    private var nextSequence: UInt64
    private var durableLength: Int
    /// The length above which it is compacted.
    private var compactAbove: Int
    /// What is behind `durableLength`, or in the page cache, or which file a crash would leave, is not known.
    private var mustRewrite = false
    /// A stale answer must not bring a session back, even if a compaction has dropped the record of its end.
    private var removed: Set<SessionID> = []

    /// What was in a journal when it was opened.
    struct Contents {
        var sessions: [StoredSession] = []
        /// What is known of items in the keyring.
        var items: [SessionID: ItemNote] = [:]
        /// The sessions that are gone, as far as it remembers.
        var removed: Set<SessionID> = []
        var damage: [Damage] = []
    }

    /// Opens the journal in `folder`, mended where it is damaged; makes one where there is none.
    static func open(
        in folder: Folder, key: SecretBytes, clock: Clock
    ) throws(StoreFailure) -> (Journal, Contents) {
        let format = JournalFormat(key: key)
        // What a crash has left of a rewriting.
        folder.remove(fileName + ".new")
        guard let file = try folder.open(fileName) else {
            let id = Sodium.randomBytes(JournalFormat.idSize)
            let header = format.header(id: id)
            let file = try folder.replace(fileName, with: header)
            try folder.sync()
            return (Journal(folder, format, clock, file, id, next: 1, length: header.count), Contents())
        }
        let bytes = try file.read(limit: largest)
        let reader = try JournalReader(bytes, format, clock, path: file.path)
        let journal = Journal(
            folder, format, clock, file, reader.id, next: reader.nextSequence, length: reader.end)
        let contents = try journal.mend(bytes, reader)
        return (journal, contents)
    }

    private init(
        _ folder: Folder, _ format: JournalFormat, _ clock: Clock, _ file: File, _ id: [UInt8], next: UInt64,
        length: Int
    ) {
        self.folder = folder
        self.format = format
        self.clock = clock
        self.file = file
        self.id = id
        nextSequence = next
        durableLength = length
        compactAbove = Self.smallest
    }

    private func mend(_ bytes: [UInt8], _ reader: JournalReader) throws(StoreFailure) -> Contents {
        let replay = reader.replay
        var contents = Contents(sessions: replay.sessions, items: replay.items, removed: replay.removed)
        guard reader.damage.isEmpty else {
            let kept = try keep(bytes)
            try put(Image(of: replay, format))
            contents.damage = reader.damage.map { Damage(what: $0, keptAt: kept) }
            return contents
        }
        if reader.end < bytes.count { try file.cut(to: reader.end) }
        // A process that was killed may have left what it wrote, or a new name, in the page cache alone: nobody is to
        // act on that before it is on the disk.
        try file.sync()
        try folder.sync()
        if durableLength > compactAbove {
            let image = Image(of: replay, format)
            compactAbove = image.compactAbove
            // Where it fails, the old journal serves as well.
            if durableLength > compactAbove { try? put(image) }
        }
        return contents
    }

    /// Keeps a damaged journal, byte for byte, under a name of its own.
    private func keep(_ bytes: [UInt8]) throws(StoreFailure) -> String {
        let name = "\(Self.fileName).damaged-\(clock.wall().rfc3339)"
        var number = 1
        while true {
            let candidate = number == 1 ? name : "\(name)-\(number)"
            if let copy = try folder.create(candidate, isNew: true) {
                do throws(StoreFailure) {
                    try copy.write(bytes, at: 0)
                    try copy.sync()
                    try folder.sync()
                } catch {
                    // Half a copy is none; the journal itself is still as it was.
                    folder.remove(candidate)
                    throw error
                }
                return copy.path
            }
            number += 1
        }
    }
}

/// Reading.
extension Journal {
    /// The sessions in the file, read anew with `key`.
    /// - Throws: ``StoreFailure``, also where any of the file is damaged.
    func sessions(with key: SecretBytes) throws(StoreFailure) -> [StoredSession] {
        let bytes = Array(try file.read(limit: Self.largest).prefix(durableLength))
        let reader = try JournalReader(bytes, JournalFormat(key: key), clock, path: file.path)
        guard reader.damage.isEmpty else { throw .journalDamaged(path: file.path) }
        return reader.replay.sessions
    }
}

/// Writing.
extension Journal {
    /// Changes that go into one record: they are there as a whole or not at all.
    struct Batch {
        fileprivate var text: SecretBytes
        fileprivate var removed: [SessionID] = []
    }

    /// The changes as a batch, without those to sessions that are gone.
    /// - Throws: ``StoreFailure/io(path:errno:)`` with `EFBIG` for more than a record may hold.
    func batch(_ changes: [Change]) throws(StoreFailure) -> Batch {
        var batch = Batch(text: ChangeRecord.encode(changes.filter { !isStale($0) }))
        guard batch.text.count <= JournalFormat.largestBatch else { throw .io(path: file.path, errno: EFBIG) }
        for case .removed(let id, _) in changes { batch.removed.append(id) }
        return batch
    }

    /// Appends the batches, in order and together: they are durable when this returns.
    /// - Throws: ``StoreFailure/io(path:errno:)``; then none of them is in the journal.
    func append(_ batches: [Batch]) throws(StoreFailure) {
        if mustRewrite { try rewrite() }
        var records: [UInt8] = []
        for (offset, batch) in batches.enumerated() {
            format.seal(batch.text, id: id, sequence: nextSequence + UInt64(offset), into: &records)
        }
        try write(records)
        nextSequence += UInt64(batches.count)
        for batch in batches { removed.formUnion(batch.removed) }
    }

    /// Compacts the journal if it has grown enough. What fails here is tried again later; nothing is lost.
    func compactIfGrown() {
        guard durableLength > compactAbove, !mustRewrite else { return }
        do throws(StoreFailure) {
            try rewrite()
        } catch {
            // The disk is full, perhaps: not at every batch from now on.
            compactAbove = durableLength * 2
        }
    }

    private func isStale(_ change: Change) -> Bool {
        switch change {
        case .session(let session): removed.contains(session.id)
        case .cookies(let id, _), .renewalBegun(let id, _): removed.contains(id)
        case .removed, .item: false
        }
    }

    private func write(_ records: [UInt8]) throws(StoreFailure) {
        do throws(StoreFailure) {
            try file.write(records, at: durableLength)
        } catch {
            // Nothing half-written stays; if it cannot be cut off now, it is before anything is acknowledged.
            do throws(StoreFailure) { try file.cut(to: durableLength) } catch { mustRewrite = true }
            throw error
        }
        do throws(StoreFailure) {
            try file.sync()
        } catch {
            // After a failed fsync the kernel may have dropped pages and call them clean: the next fsync would say yes.
            try? file.cut(to: durableLength)
            mustRewrite = true
            throw error
        }
        durableLength += records.count
    }

    /// Writes the journal anew from what it holds.
    private func rewrite() throws(StoreFailure) {
        // Read again, rather than kept: the file is the truth, and the daemon has every secret only once.
        let bytes = Array(try file.read(limit: Self.largest).prefix(durableLength))
        let reader = try JournalReader(bytes, format, clock, path: file.path)
        guard reader.damage.isEmpty else {
            // The disk has changed it under us: no rewriting may hide that. The next start mends and tells it.
            throw .journalDamaged(path: file.path)
        }
        try put(Image(of: reader.replay, format))
    }

    private func put(_ image: Image) throws(StoreFailure) {
        file = try folder.replace(Self.fileName, with: image.bytes)
        id = image.id
        nextSequence = image.nextSequence
        durableLength = image.bytes.count
        compactAbove = image.compactAbove
        // Until the folder is on the disk, a crash may leave the old file, and with it nothing of what is appended here.
        mustRewrite = true
        try folder.sync()
        mustRewrite = false
    }

    /// A journal of these sessions and no record of the past, with an id of its own.
    private struct Image {
        let id = Sodium.randomBytes(JournalFormat.idSize)
        private(set) var bytes: [UInt8]
        private(set) var nextSequence: UInt64 = 1

        init(of replay: Replay, _ format: JournalFormat) {
            bytes = format.header(id: id)
            // A record for each line: a fault costs one session, or a thousand cookies, and no more.
            for line in replay.changes.flatMap(ChangeRecord.lines) {
                format.seal(line, id: id, sequence: nextSequence, into: &bytes)
                nextSequence += 1
            }
        }

        var compactAbove: Int { max(Journal.smallest, bytes.count * Journal.growth) }
    }
}
