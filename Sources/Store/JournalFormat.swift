import Model

/// The journal's bytes: a header, twice, and records.
///
///     header   magic 16 ‖ version 4 ‖ file id 16 ‖ key tag 16 ‖ checksum 16
///     record   length 4 ‖ sequence 8 ‖ check 16 ‖ nonce 24 ‖ text and tag of XChaCha20-Poly1305
///
/// The header stands twice, so that no single fault takes all records with it. Its checksum needs no key: it tells a
/// fault from another format. Its key tag tells whether a key is this journal's. A record's check, keyed, tells a
/// flipped bit in the length from a record that was never finished, and lets a reader find the next record behind a
/// fault. What is sealed is bound to the file and to its number: no record can be moved, doubled, or brought in from
/// another journal. Integers are little-endian.
struct JournalFormat {
    static let version = UInt32(Lanyard.journalFormat)
    static let magic = Array("lanyard journal\n".utf8)
    static let idSize = 16
    private static let checkSize = 16
    /// The size of one copy of the header.
    static let headerSize = 16 + 4 + idSize + checkSize + checkSize
    /// The bytes before the first record.
    static let recordsStart = 2 * headerSize
    /// The bytes of a record before its nonce.
    static let frameSize = 4 + 8 + checkSize
    /// The largest batch, in bytes before sealing: a jar of 100,000 cookies has 30 MiB. It bounds what a reader takes
    /// for a length, too.
    static let largestBatch = 64 << 20

    /// Seals what records hold.
    private let sealingKey: SecretBytes
    /// Checks frames and headers: another key, because it is another algorithm.
    private let checkKey: SecretBytes

    /// The format under a journal key.
    init(key: SecretBytes) {
        sealingKey = Sodium.derive(1, context: "lanyardj", from: key)
        checkKey = Sodium.derive(2, context: "lanyardj", from: key)
    }
}

/// The header.
extension JournalFormat {
    /// What a copy of the header turns out to be.
    enum Header: Equatable {
        case good(id: [UInt8])
        case damaged
        case newer(Int)
        case otherKey
    }

    /// Both copies of the header of a journal with this id.
    func header(id: [UInt8]) -> [UInt8] {
        var copy = Self.magic
        copy.append(littleEndian: Self.version)
        copy += id
        copy += Sodium.hash(copy, length: Self.checkSize, key: checkKey)
        copy += Sodium.hash(copy, length: Self.checkSize)
        return copy + copy
    }

    /// The copy of the header at `offset`.
    func header(in bytes: [UInt8], at offset: Int) -> Header {
        guard bytes.count >= offset + Self.headerSize else { return .damaged }
        let copy = Array(bytes[offset..<offset + Self.headerSize])
        let checked = copy.prefix(Self.headerSize - Self.checkSize)
        guard copy.starts(with: Self.magic), copy.suffix(Self.checkSize).elementsEqual(checksum(checked)) else {
            return .damaged
        }
        let version = copy.littleEndian(at: Self.magic.count, UInt32.self)
        if version > Self.version { return .newer(Int(version)) }
        let tagged = checked.dropLast(Self.checkSize)
        guard checked.suffix(Self.checkSize).elementsEqual(tag(tagged)) else { return .otherKey }
        return .good(id: Array(tagged.suffix(Self.idSize)))
    }

    private func checksum(_ bytes: some Collection<UInt8>) -> [UInt8] { Sodium.hash(bytes, length: Self.checkSize) }

    private func tag(_ bytes: some Collection<UInt8>) -> [UInt8] {
        Sodium.hash(bytes, length: Self.checkSize, key: checkKey)
    }
}

/// Records.
extension JournalFormat {
    /// The part of a record before its nonce, checked.
    struct Frame {
        var sequence: UInt64
        /// The bytes after the frame.
        var length: Int
    }

    /// Appends the record of `text` to `output`.
    func seal(_ text: SecretBytes, id: [UInt8], sequence: UInt64, into output: inout [UInt8]) {
        var frame: [UInt8] = []
        frame.append(littleEndian: UInt32(Sodium.nonceSize + text.count + Sodium.tagSize))
        frame.append(littleEndian: sequence)
        let nonce = Sodium.randomBytes(Sodium.nonceSize)
        output += frame + tag(id + frame) + nonce
        Sodium.seal(text, nonce: nonce, binding: bound(id, sequence), key: sealingKey, into: &output)
    }

    /// The frame at `offset`; nil where there is none of this journal.
    func frame(in bytes: [UInt8], at offset: Int, id: [UInt8]) -> Frame? {
        guard offset + Self.frameSize <= bytes.count else { return nil }
        let length = Int(bytes.littleEndian(at: offset, UInt32.self))
        let smallest = Sodium.nonceSize + Sodium.tagSize
        // Before the tag, because a search behind a fault comes by at every byte.
        guard (smallest...smallest + Self.largestBatch).contains(length) else { return nil }
        let frame = bytes[offset..<offset + 12]
        guard bytes[offset + 12..<offset + Self.frameSize].elementsEqual(tag(id + frame)) else { return nil }
        return Frame(sequence: bytes.littleEndian(at: offset + 4, UInt64.self), length: length)
    }

    /// What the record with this frame at `offset` holds; nil where it does not authenticate.
    func open(_ frame: Frame, in bytes: [UInt8], at offset: Int, id: [UInt8]) -> SecretBytes? {
        let sealed = bytes[(offset + Self.frameSize)...].prefix(frame.length)
        guard sealed.count == frame.length else { return nil }
        return Sodium.open(
            sealed.dropFirst(Sodium.nonceSize), nonce: Array(sealed.prefix(Sodium.nonceSize)),
            binding: bound(id, frame.sequence), key: sealingKey)
    }

    private func bound(_ id: [UInt8], _ sequence: UInt64) -> [UInt8] {
        var data = id
        data.append(littleEndian: sequence)
        return data
    }
}
