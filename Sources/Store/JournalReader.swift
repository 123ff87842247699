import Model

/// One pass over a journal's bytes: what its records add up to, and what is wrong with them.
struct JournalReader {
    private let format: JournalFormat
    private let bytes: [UInt8]
    private let clock: Clock
    /// The journal's id.
    let id: [UInt8]
    /// What the records add up to.
    private(set) var replay = Replay()
    /// What is wrong, in order.
    private(set) var damage: [Damage.What] = []
    /// Where the last whole record ends; what is behind it was never finished.
    private(set) var end = JournalFormat.recordsStart
    /// The number the next record gets.
    private(set) var nextSequence: UInt64 = 1

    /// Reads all of `bytes`; `path` is for failures.
    /// - Throws: ``StoreFailure`` where not a single record can be read: no header, a newer format, another key.
    init(_ bytes: [UInt8], _ format: JournalFormat, _ clock: Clock, path: String) throws(StoreFailure) {
        self.bytes = bytes
        self.format = format
        self.clock = clock
        let first = format.header(in: bytes, at: 0)
        let second = format.header(in: bytes, at: JournalFormat.headerSize)
        let header = first == .damaged ? second : first
        switch header {
        case .good(let id): self.id = id
        case .damaged: throw .journalDamaged(path: path)
        case .newer(let version): throw .newerFormat(path: path, found: version)
        case .otherKey: throw .journalOfOtherKey(path: path)
        }
        if first != second { damage.append(.header) }
        readRecords()
    }

    private mutating func readRecords() {
        var at = JournalFormat.recordsStart
        while at < bytes.count {
            let frame = format.frame(in: bytes, at: at, id: id)
            if let frame, let text = format.open(frame, in: bytes, at: at, id: id) {
                read(text, frame.sequence)
                at += JournalFormat.frameSize + frame.length
                end = at
                continue
            }
            // Searched for byte by byte, not at the length told: what was cut out may have been in between.
            let next = nextRecord(after: at)
            if next == bytes.count, isUnfinished(frame, from: at) { return }
            skip(frame, next - at)
            at = next
        }
    }

    private mutating func read(_ text: SecretBytes, _ sequence: UInt64) {
        guard expect(sequence) else { return damage.append(.outOfPlace(sequence)) }
        do throws(JSONFailure) {
            for change in try ChangeRecord.decode(text, clock) { replay.apply(change) }
        } catch {
            damage.append(.notUnderstood(sequence))
        }
    }

    private mutating func skip(_ frame: JournalFormat.Frame?, _ count: Int) {
        if let frame, expect(frame.sequence) {
            damage.append(.records(frame.sequence...frame.sequence))
        } else {
            damage.append(.strayBytes(count))
        }
    }

    /// Whether the record of this number can be the next one; those left out before it are damage.
    private mutating func expect(_ sequence: UInt64) -> Bool {
        guard sequence >= nextSequence, sequence < .max else { return false }
        if sequence > nextSequence { damage.append(.records(nextSequence...sequence - 1)) }
        nextSequence = sequence + 1
        return true
    }

    /// Whether what begins at `offset` and ends the file is a record that a crash has cut off: too short, or zeros at
    /// its end, which is what a file system leaves where it has given room but not yet written.
    private func isUnfinished(_ frame: JournalFormat.Frame?, from offset: Int) -> Bool {
        guard let frame else { return bytes.count - offset < JournalFormat.frameSize || isBlank(from: offset) }
        let end = offset + JournalFormat.frameSize + frame.length
        return end > bytes.count || isBlank(from: end - Sodium.tagSize)
    }

    /// Whether there are only zeros from `offset` on: a tag is that with a probability of 2^-128.
    private func isBlank(from offset: Int) -> Bool { bytes[offset...].allSatisfy { $0 == 0 } }

    /// Where the next record begins behind a fault at `offset`; the end of the file where there is none.
    private func nextRecord(after offset: Int) -> Int {
        var at = offset + 1
        while at < bytes.count, format.frame(in: bytes, at: at, id: id) == nil { at += 1 }
        return at
    }
}
