import Glibc
import Model
import Testing

@testable import Store

/// A disk that fails loses nothing that was acknowledged, and nothing that failed comes back.
struct JournalFailureTests {
    /// A file whose next fsync fails, as that of a disk with a bad sector does: once.
    final class FailingFile: File {
        private var fails = true

        override func sync() throws(StoreFailure) {
            if !fails { return try super.sync() }
            fails = false
            throw .io(path: path, errno: EIO)
        }
    }

    /// A journal that holds the session "a", on a file that fails once.
    func failing(_ folder: TestFolder) throws -> Journal {
        try writeJournal(folder, [[.session(try small("a"))]])
        let journal = try Journal.open(in: folder.folder(), key: key, clock: clock).0
        let opened = unsafe open(folder.path + "/data/journal", O_RDWR | O_CLOEXEC)
        journal.file = FailingFile(opened, path: folder.path + "/data/journal")
        return journal
    }

    func append(_ name: String, _ journal: Journal) throws {
        try journal.append([journal.batch([.session(small(name))])])
    }

    func id(_ folder: TestFolder) throws -> [UInt8] { Array(try folder.read("data/journal")[20..<36]) }

    @Test func afterAFailedFsyncTheFileIsWrittenAnew() throws {
        let folder = try TestFolder()
        let journal = try failing(folder)
        let before = try folder.read("data/journal")
        #expect(throws: StoreFailure.io(path: folder.path + "/data/journal", errno: EIO)) {
            try append("b", journal)
        }
        #expect(try folder.read("data/journal") == before)
        let old = try id(folder)
        try append("c", journal)
        #expect(try id(folder) != old)
        try append("d", journal)
        let read = try contents(of: folder)
        #expect(read.damage.isEmpty && read.sessions.names == ["a", "c", "d"])
    }

    @Test func nothingIsAcknowledgedBeforeItIsWrittenAnew() throws {
        let folder = try TestFolder()
        let journal = try failing(folder)
        #expect(throws: StoreFailure.self) { try append("b", journal) }
        // A folder of that name is in the way of the rewriting.
        unsafe mkdir(folder.path + "/data/journal.new", 0o700)
        #expect(throws: StoreFailure.self) { try append("c", journal) }
        #expect(throws: StoreFailure.self) { try append("d", journal) }
        unsafe rmdir(folder.path + "/data/journal.new")
        try append("e", journal)
        #expect(try contents(of: folder).sessions.names == ["a", "e"])
    }

    @Test func aCompactionThatFailsHoldsNothingUp() throws {
        let folder = try TestFolder()
        let journal = try Journal.open(in: folder.folder(), key: key, clock: clock).0
        unsafe mkdir(folder.path + "/data/journal.new", 0o700)
        var session = try small("a", secret: String(repeating: "x", count: 50_000))
        for version in 1...7 {
            session.version = UInt64(version)
            try journal.append([journal.batch([.session(session)])])
            journal.compactIfGrown()
        }
        #expect(try folder.read("data/journal").count > 350_000)
        unsafe rmdir(folder.path + "/data/journal.new")
        for version in 8...16 {
            session.version = UInt64(version)
            try journal.append([journal.batch([.session(session)])])
            journal.compactIfGrown()
        }
        #expect(try folder.read("data/journal").count < 350_000)
        #expect(try contents(of: folder).sessions.map(\.session.version) == [16])
    }

    /// The kernel is asked, and believed where it says no: a pipe and a folder of /proc cannot be synced.
    @Test func whatCannotBeSyncedIsToldSo() throws {
        var ends: [Int32] = [-1, -1]
        unsafe pipe(&ends)
        defer { close(ends[1]) }
        let pipe = File(ends[0], path: "pipe")
        #expect(throws: StoreFailure.io(path: "pipe", errno: EINVAL)) { try pipe.sync() }
        let folder = try Folder("/proc/self/fdinfo")
        #expect(throws: StoreFailure.io(path: folder.path, errno: EINVAL)) { try folder.sync() }
    }
}
