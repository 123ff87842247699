import Cookies
import Glibc
import Model
import Testing

@testable import Store

/// A journal that is whole, cut off, or being rewritten.
struct JournalTests {
    @Test func comesBackAsItWas() throws {
        let folder = try TestFolder()
        var sessions: [StoredSession] = []
        for (number, credential) in ChangeRecordTests.credentials.enumerated() {
            var session = try full(credential)
            session.name = try #require(SessionName("s\(number)"))
            var jar = CookieJar()
            jar.apply(JarChange(set: [cookie("a", "1"), cookie("b", "2", sequence: 2)]))
            sessions.append(StoredSession(session: session, jar: jar))
        }
        let changes: [[Change]] = sessions.map { stored in
            [.session(stored.session), .cookies(stored.session.id, JarChange(set: stored.jar.cookies))]
        }
        try writeJournal(folder, changes)
        let read = try contents(of: folder)
        #expect(read.damage.isEmpty)
        #expect(read.sessions.map(written) == sessions.map(written))
    }

    @Test func aTornTailIsCutAtEveryByte() throws {
        let folder = try TestFolder()
        try writeJournal(folder, [[.session(try small("a"))], [.session(try small("b"))]])
        let whole = try folder.read("data/journal").count
        try writeJournal(folder, [[.session(try small("c"))]])
        let bytes = try folder.read("data/journal")
        for length in whole..<bytes.count {
            try folder.write(Array(bytes[..<length]), "data/journal")
            let read = try contents(of: folder)
            #expect(read.sessions.names == ["a", "b"] && read.damage.isEmpty, "cut at \(length)")
            #expect(try folder.read("data/journal").count == whole)
        }
        try writeJournal(folder, [[.session(try small("d"))]])
        #expect(try contents(of: folder).sessions.names == ["a", "b", "d"])
        #expect(try folder.names() == ["data/journal"])
    }

    @Test func aTailOfZerosIsCut() throws {
        let folder = try TestFolder()
        try writeJournal(folder, [[.session(try small("a"))]])
        let whole = try folder.read("data/journal").count
        try writeJournal(folder, [[.session(try small("b"))]])
        let bytes = try folder.read("data/journal")
        // Up to its tag: a record with a part of its tag is told as damage.
        for length in whole...(bytes.count - Sodium.tagSize) {
            let zeros = Array(repeating: UInt8(0), count: bytes.count - length)
            try folder.write(Array(bytes[..<length]) + zeros, "data/journal")
            let read = try contents(of: folder)
            #expect(read.sessions.names == ["a"])
            #expect(read.damage.isEmpty || length - whole < JournalFormat.frameSize, "zeros from \(length)")
        }
    }

    @Test func compactingChangesNothingButTheLength() throws {
        let folder = try TestFolder()
        let journal = try Journal.open(in: folder.folder(), key: key, clock: clock).0
        var session = try small("a", secret: String(repeating: "x", count: 2000))
        let gone = try small("gone")
        try journal.append([journal.batch([.session(gone), .removed(gone.id, version: 1)])])
        var longest = 0
        for version in 1...400 {
            session.version = UInt64(version)
            let jar = JarChange(set: [cookie("c", "\(version)")])
            try journal.append([journal.batch([.session(session), .cookies(session.id, jar)])])
            longest = max(longest, try folder.read("data/journal").count)
            journal.compactIfGrown()
        }
        #expect(longest < 270_000)
        // Once more while it is compacted: what was dropped does not come back with a late answer.
        try journal.append([journal.batch([.session(gone)])])
        let read = try contents(of: folder)
        #expect(read.damage.isEmpty && read.sessions.names == ["a"])
        let stored = try #require(read.sessions.first)
        #expect(stored.session.version == 400)
        #expect(stored.jar.cookies.map { $0.value.exposedText() } == ["400"])
    }

    @Test func aLongJournalIsCompactedAtTheStart() throws {
        let folder = try TestFolder()
        var session = try small("a", secret: String(repeating: "x", count: 20_000))
        var batches: [[Change]] = []
        for version in 1...20 {
            session.version = UInt64(version)
            batches.append([.session(session)])
        }
        try writeJournal(folder, batches)
        #expect(try folder.read("data/journal").count > 400_000)
        #expect(try contents(of: folder).sessions.names == ["a"])
        #expect(try folder.read("data/journal").count < 25_000)
        #expect(try contents(of: folder).sessions.map(\.session.version) == [20])
    }

    @Test(arguments: [0, 100, 10_000])
    func aRewritingThatWasCutOffLeavesTheOldJournal(_ length: Int) throws {
        let folder = try TestFolder()
        try writeJournal(folder, [[.session(try small("a"))]])
        try folder.write(Array(repeating: 0x5A, count: length), "data/journal.new")
        #expect(try contents(of: folder).sessions.names == ["a"])
        #expect(try folder.names() == ["data/journal"])
    }

    @Test func aRewritingThatWasCutOffBeforeTheRenameIsForgotten() throws {
        let (old, new) = (try TestFolder(), try TestFolder())
        try writeJournal(old, [[.session(try small("a"))]])
        try writeJournal(new, [[.session(try small("b"))]])
        try old.write(try new.read("data/journal"), "data/journal.new")
        #expect(try contents(of: old).sessions.names == ["a"])
        #expect(try old.names() == ["data/journal"])
    }

    @Test func aNewerFormatIsRefusedAndLeftAlone() throws {
        let folder = try TestFolder()
        try writeJournal(folder, [[.session(try small("a"))]])
        var bytes = try folder.read("data/journal")
        var header = Array(bytes[..<JournalFormat.headerSize].dropLast(16))
        header[JournalFormat.magic.count] = 2
        header += Sodium.hash(header, length: 16)
        bytes.replaceSubrange(..<JournalFormat.recordsStart, with: header + header)
        try folder.write(bytes, "data/journal")
        let path = folder.path + "/data/journal"
        #expect(throws: StoreFailure.newerFormat(path: path, found: 2)) { try contents(of: folder) }
        #expect(try folder.read("data/journal") == bytes)
    }

    @Test func anotherKeyIsRefusedAndTheJournalLeftAlone() throws {
        let folder = try TestFolder()
        try writeJournal(folder, [[.session(try small("a"))]])
        let bytes = try folder.read("data/journal")
        let other = SecretBytes(Array(repeating: 8, count: 32))
        #expect(throws: StoreFailure.journalOfOtherKey(path: folder.path + "/data/journal")) {
            try Journal.open(in: folder.folder(), key: other, clock: clock)
        }
        #expect(try folder.read("data/journal") == bytes && folder.names() == ["data/journal"])
    }

    @Test func aFolderThatOthersCanWriteToIsRefused() throws {
        let folder = try TestFolder()
        unsafe mkdir(folder.path + "/data", 0o700)
        unsafe chmod(folder.path + "/data", 0o720)
        #expect(throws: StoreFailure.folder(path: folder.path + "/data", .writableByOthers)) { try folder.folder() }
        unsafe rmdir(folder.path + "/data")
        try folder.write([], "data")
        #expect(throws: StoreFailure.folder(path: folder.path + "/data", .notAFolder)) { try folder.folder() }
        unsafe unlink(folder.path + "/data")
    }

    @Test func aLinkInTheJournalsPlaceIsNotFollowed() throws {
        let folder = try TestFolder()
        try writeJournal(folder, [[.session(try small("a"))]])
        let path = folder.path + "/data/journal"
        #expect(unsafe rename(path, folder.path + "/elsewhere") == 0 && symlink(folder.path + "/elsewhere", path) == 0)
        defer { unsafe unlink(path) }
        #expect(throws: StoreFailure.io(path: path, errno: ELOOP)) { try contents(of: folder) }
        #expect(throws: StoreFailure.io(path: path, errno: ELOOP)) { try folder.folder().create("journal") }
    }

    @Test func whatIsMadeIsTheOwnersAlone() throws {
        let old = umask(0)
        defer { umask(old) }
        let folder = try TestFolder()
        try writeJournal(folder, [[.session(try small("a"))]])
        for (name, mode) in [("data", 0o700), ("data/journal", 0o600)] {
            var status = stat()
            unsafe stat(folder.path + "/" + name, &status)
            #expect(status.st_mode & 0o777 == mode_t(mode), "\(name)")
        }
    }
}
