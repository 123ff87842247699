import Cookies
import Model
import Testing

@testable import Store

/// Faults in a journal are told, the file is kept, and the rest is read.
struct JournalDamageTests {
    /// A journal of three sessions, a record each, and where the records begin; the last is where the file ends.
    static func threeRecords(_ folder: TestFolder) throws -> (bytes: [UInt8], starts: [Int]) {
        var starts = [JournalFormat.recordsStart]
        for name in ["a", "b", "c"] {
            try writeJournal(folder, [[.session(try small(name))]])
            starts.append(try folder.read("data/journal").count)
        }
        return (try folder.read("data/journal"), starts)
    }

    static func read(_ bytes: [UInt8]) throws -> JournalReader {
        try JournalReader(bytes, JournalFormat(key: key), clock, path: "journal")
    }

    @Test func noBitFlipsUnseen() throws {
        let (bytes, starts) = try Self.threeRecords(try TestFolder())
        let whole = try Self.read(bytes).replay.sessions
        let intact = Dictionary(uniqueKeysWithValues: whole.map { ($0.session.name, written($0)) })
        for bit in 0..<bytes.count * 8 {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << (bit % 8)
            let reader = try Self.read(flipped)
            let record = starts.lastIndex { $0 <= bit / 8 }.map { ["a", "b", "c"][$0] }
            let expected = ["a", "b", "c"].filter { $0 != record }
            #expect(!reader.damage.isEmpty && reader.replay.sessions.names == expected, "bit \(bit)")
            #expect(reader.replay.sessions.allSatisfy { intact[$0.session.name] == written($0) }, "bit \(bit)")
        }
    }

    @Test func theDamagedFileIsKeptAndTheRestGoesOn() throws {
        let source = try TestFolder()
        let (bytes, _) = try Self.threeRecords(source)
        for at in stride(from: 5, to: bytes.count, by: 61) {
            let folder = try TestFolder()
            _ = try folder.folder()
            var flipped = bytes
            flipped[at] ^= 0x10
            try folder.write(flipped, "data/journal")
            let first = try contents(of: folder)
            #expect(!first.damage.isEmpty)
            let kept = "data/journal.damaged-2027-01-15T08:00:00Z"
            #expect(first.damage.allSatisfy { $0.keptAt == folder.path + "/" + kept })
            #expect(try folder.read(kept) == flipped)
            let second = try contents(of: folder)
            #expect(second.damage.isEmpty)
            #expect(second.sessions.map(written) == first.sessions.map(written))
        }
    }

    @Test func keptFilesDoNotOverwriteEachOther() throws {
        let folder = try TestFolder()
        let (bytes, starts) = try Self.threeRecords(folder)
        var kept: Set<String?> = []
        for start in starts.dropLast() {
            var flipped = bytes
            flipped[start] ^= 1
            try folder.write(flipped, "data/journal")
            kept.formUnion(try contents(of: folder).damage.map(\.keptAt))
        }
        #expect(kept.count == 3)
    }

    @Test func recordsThatAreMovedAreNoticed() throws {
        let (bytes, starts) = try Self.threeRecords(try TestFolder())
        let (head, a) = (Array(bytes[..<starts[0]]), Array(bytes[starts[0]..<starts[1]]))
        let (b, c) = (Array(bytes[starts[1]..<starts[2]]), Array(bytes[starts[2]...]))
        #expect(try Self.read(head + b + a + c).damage == [.records(1...1), .outOfPlace(1)])
        #expect(try Self.read(head + a + b + b + c).damage == [.outOfPlace(2)])
        #expect(try Self.read(head + a + c).damage == [.records(2...2)])
        #expect(try Self.read(head + c).damage == [.records(1...2)])
        #expect(try Self.read(head + a + b + c + a).damage == [.outOfPlace(1)])
        // Bytes cut out of a record, so that the length it tells reaches into the next one.
        let cut = try Self.read(head + a + b.dropLast(9) + c)
        #expect(cut.damage == [.records(2...2)] && cut.replay.sessions.names == ["a", "c"])
        // The last whole record is followed by less than it tells, but not by nothing.
        let short = try Self.read(head + a.dropLast(9) + b)
        #expect(short.damage == [.records(1...1)] && short.replay.sessions.names == ["b"])
    }

    @Test func recordsOfAnotherJournalAreNoticed() throws {
        let (bytes, starts) = try Self.threeRecords(try TestFolder())
        let (other, _) = try Self.threeRecords(try TestFolder())
        let mixed = Array(bytes[..<starts[1]]) + other[starts[1]..<starts[2]] + bytes[starts[2]...]
        let reader = try Self.read(mixed)
        #expect(reader.damage == [.strayBytes(starts[2] - starts[1]), .records(2...2)])
        #expect(reader.replay.sessions.names == ["a", "c"])
    }

    /// A good frame does not lend its place to what was sealed for another.
    @Test func whatIsSealedIsBoundToItsPlaceAndItsJournal() throws {
        let (bytes, starts) = try Self.threeRecords(try TestFolder())
        let (other, _) = try Self.threeRecords(try TestFolder())
        let body = starts[0] + JournalFormat.frameSize..<starts[1]
        for foreign in [bytes[starts[1] + JournalFormat.frameSize..<starts[2]], other[body]] {
            var spliced = bytes
            spliced.replaceSubrange(body, with: foreign)
            let reader = try Self.read(spliced)
            #expect(reader.damage == [.records(1...1)] && reader.replay.sessions.names == ["b", "c"])
        }
    }

    @Test func noNonceIsUsedTwice() throws {
        let (bytes, starts) = try Self.threeRecords(try TestFolder())
        let nonces = starts.dropLast().map { Array(bytes[($0 + JournalFormat.frameSize)...].prefix(24)) }
        #expect(Set(nonces).count == 3)
    }

    @Test func aRecordThatSaysNothingKnownIsTold() throws {
        let folder = try TestFolder()
        let (bytes, _) = try Self.threeRecords(folder)
        let format = JournalFormat(key: key)
        var longer = bytes
        format.seal(SecretBytes("{\"later\":1}\n"), id: try Self.read(bytes).id, sequence: 4, into: &longer)
        try folder.write(longer, "data/journal")
        let read = try contents(of: folder)
        #expect(read.damage.map(\.what) == [.notUnderstood(4)] && read.sessions.count == 3)
    }

    @Test func withoutAnyHeaderItIsRefusedAndLeftAlone() throws {
        let folder = try TestFolder()
        let (bytes, _) = try Self.threeRecords(folder)
        for damaged in [[], Array(bytes[..<20]), Array(repeating: 0, count: 5000), Array(bytes[200...])] {
            try folder.write(damaged, "data/journal")
            #expect(throws: StoreFailure.journalDamaged(path: folder.path + "/data/journal")) {
                try contents(of: folder)
            }
            #expect(try folder.read("data/journal") == damaged && folder.names() == ["data/journal"])
        }
    }
}
