import CLinux
import Cookies
import EventLoop
import Glibc
import Keyring
import LoopTesting
import Model
import Testing

@testable import Store

/// The store as the daemon uses it, on the event loop.
struct StoreTests {
    static let passphrase = "correct horse battery"

    /// A store whose passphrase is in a file.
    @LoopActor static func byFile(_ folder: TestFolder, _ passphrase: String = passphrase) throws -> Store {
        try folder.write(Array(passphrase.utf8), "passphrase")
        let settings = StoreSettings(passphraseFile: folder.path + "/passphrase")
        return Store(folders: folder.folders, environment: settings, clock: clock, keyring: noKeyring())
    }

    @LoopActor static func byHand(_ folder: TestFolder, kind: String = "auto") -> Store {
        Store(folders: folder.folders, environment: StoreSettings(kind: kind), clock: clock, keyring: noKeyring())
    }

    @Test func aPassphraseFileMakesAVaultAndOpensIt() async throws {
        try await onLoop {
            let folder = try TestFolder()
            let store = try Self.byFile(folder)
            #expect(await store.start().isEmpty)
            #expect(store.state == .open && store.kind == "vault" && store.reason == .noKeyring)
            let session = try full(.header(name: "X-Api-Key", value: SecretBytes("key-secret")))
            try await store.apply([.session(session), .cookies(session.id, JarChange(set: [cookie("a", "b")]))])
            try await store.apply([.renewalBegun(session.id, version: session.version)])
            await store.close()
            await #expect(throws: StoreFailure.locked) { try await store.apply([.session(session)]) }

            let again = try Self.byFile(folder)
            let sessions = await again.start()
            #expect(again.state == .open && again.reason == .recorded && again.damage.isEmpty)
            var jar = CookieJar()
            jar.apply(JarChange(set: [cookie("a", "b")]))
            #expect(sessions.map(written) == [written(StoredSession(session: session, jar: jar))])
            await again.close()
            #expect(try folder.read("state/store") == Array("vault\n".utf8))
        }
    }

    @Test func aLockedStoreTakesNothingAndStaysOurs() async throws {
        try await onLoop {
            let folder = try TestFolder()
            let store = try Self.byFile(folder)
            _ = await store.start()
            try await store.apply([.session(try small("a"))])
            await store.lock()
            #expect(store.state == .locked(isNew: false))
            await #expect(throws: StoreFailure.locked) { try await store.apply([.session(try small("b"))]) }

            let other = try Self.byFile(folder)
            _ = await other.start()
            #expect(other.state == .unavailable(.anotherWriter(path: folder.path + "/data/lock")))
            await other.close()

            #expect(await store.start(staysLocked: true).isEmpty && store.state == .locked(isNew: false))
            #expect(await store.start().names == ["a"] && store.state == .open)
            await store.lock()
            let passphrase = SecretBytes(Self.passphrase)
            #expect(try await store.unlock(passphrase: passphrase, create: false).names == ["a"])
            await store.close()
        }
    }

    @Test func aPersonMakesAVaultAndOpensIt() async throws {
        try await onLoop {
            let folder = try TestFolder()
            let store = Self.byHand(folder)
            _ = await store.start()
            #expect(store.state == .locked(isNew: true))
            let passphrase = SecretBytes(Self.passphrase)
            await #expect(throws: StoreFailure.noVault) {
                try await store.unlock(passphrase: passphrase, create: false)
            }
            await #expect(throws: StoreFailure.emptyPassphrase) {
                try await store.unlock(passphrase: SecretBytes(""), create: true)
            }
            _ = try await store.unlock(passphrase: passphrase, create: true)
            await #expect(throws: StoreFailure.alreadyOpen) {
                try await store.unlock(passphrase: passphrase, create: false)
            }
            try await store.apply([.session(try small("a"))])
            await store.close()

            _ = await store.start()
            #expect(store.state == .locked(isNew: false))
            await #expect(throws: StoreFailure.vaultExists) {
                try await store.unlock(passphrase: passphrase, create: true)
            }
            await #expect(throws: StoreFailure.wrongPassphrase) {
                try await store.unlock(passphrase: SecretBytes("wrong"), create: false)
            }
            #expect(store.state == .locked(isNew: false))
            #expect(try await store.unlock(passphrase: passphrase, create: false).names == ["a"])
            #expect(store.state == .open)
            await store.close()
        }
    }

    @Test func aWrongPassphraseFileIsToldAndAPersonMayStillOpen() async throws {
        try await onLoop {
            let folder = try TestFolder()
            let store = try Self.byFile(folder)
            _ = await store.start()
            await store.close()
            let wrong = try Self.byFile(folder, "wrong")
            _ = await wrong.start()
            #expect(wrong.state == .unavailable(.wrongPassphrase))
            await #expect(throws: StoreFailure.wrongPassphrase) { try await wrong.apply([.session(small("a"))]) }
            _ = try await wrong.unlock(passphrase: SecretBytes(Self.passphrase), create: false)
            #expect(wrong.state == .open)
            await wrong.close()
            unsafe unlink(folder.path + "/passphrase")
            _ = await wrong.start()
            #expect(wrong.state == .unavailable(.passphraseFile(path: folder.path + "/passphrase", .missing)))
            await wrong.close()
        }
    }

    @Test func aSecondWriterIsKeptOut() async throws {
        try await onLoop {
            let folder = try TestFolder()
            let (first, second) = (try Self.byFile(folder), try Self.byFile(folder))
            _ = await first.start()
            _ = await second.start()
            let refused = StoreFailure.anotherWriter(path: folder.path + "/data/lock")
            #expect(first.state == .open && second.state == .unavailable(refused))
            let passphrase = SecretBytes(Self.passphrase)
            await #expect(throws: refused) { try await second.unlock(passphrase: passphrase, create: false) }
            await first.close()
            _ = try await second.unlock(passphrase: passphrase, create: false)
            #expect(second.state == .open)
            await second.close()
        }
    }

    @Test func theBackendIsNeverAnotherByItself() async throws {
        try await onLoop {
            let folder = try TestFolder()
            for (kind, failure) in [
                ("secret-service", StoreFailure.keyring(.noBus)), ("x", .unknownBackend("x")),
            ] {
                let store = Self.byHand(folder, kind: kind)
                _ = await store.start()
                #expect(store.state == .unavailable(failure))
                await store.close()
            }
            #expect(try folder.names().isEmpty)
            let made = try Self.byFile(folder)
            _ = await made.start()
            await made.close()
            let other = Self.byHand(folder, kind: "secret-service")
            _ = await other.start()
            #expect(other.state == .unavailable(.otherBackend(recorded: "vault", asked: "secret-service")))
            await other.close()
            try folder.write(Array("secret-service\n".utf8), "state/store")
            let later = Self.byHand(folder)
            _ = await later.start()
            #expect(later.state == .unavailable(.keyring(.noBus)) && later.reason == .recorded)
            await later.close()
        }
    }

    @Test func filesThatAreGoneAreTold() async throws {
        try await onLoop {
            let folder = try TestFolder()
            let store = try Self.byFile(folder)
            _ = await store.start()
            try await store.apply([.session(try small("a"))])
            await store.close()
            let (journal, key) = (try folder.read("data/journal"), try folder.read("data/vault.key"))
            unsafe unlink(folder.path + "/data/journal")
            #expect(await store.start().isEmpty)
            #expect(store.damage == [Damage(what: .noJournal, keptAt: nil)])
            await store.close()
            try folder.write(journal, "data/journal")
            unsafe unlink(folder.path + "/data/vault.key")
            _ = await store.start()
            #expect(store.state == .unavailable(.keyFileMissing(path: folder.path + "/data/vault.key")))
            await store.close()
            try folder.write(key, "data/vault.key")
            #expect(await store.start().names == ["a"])
            await store.close()
        }
    }

    @Test func noSecretIsInAnyFile() async throws {
        try await onLoop {
            let folder = try TestFolder()
            let store = Self.byHand(folder)
            _ = await store.start()
            _ = try await store.unlock(passphrase: SecretBytes(Self.passphrase), create: true)
            for (number, credential) in ChangeRecordTests.credentials.enumerated() {
                let session = try full(credential)
                let jar = JarChange(set: [cookie("a", "cookie-secret-\(number)")])
                try await store.apply([.session(session), .cookies(session.id, jar)])
            }
            await store.close()
            let names = try folder.names()
            #expect(names == ["data/journal", "data/lock", "data/vault.key", "state/store"])
            for name in names {
                // Each byte that is no letter becomes a space: a secret in clear would stand there as a word.
                let text = String(
                    decoding: try folder.read(name).map { $0 > 0x20 && $0 < 0x7F ? $0 : 0x20 }, as: UTF8.self)
                for word in ["secret", "sessionid", "opaque", "alice", "example", "simplejwt", "correct", "full"] {
                    #expect(!text.contains(word), "\(word) in \(name)")
                }
                var status = stat()
                unsafe stat(folder.path + "/" + name, &status)
                #expect(status.st_mode & 0o777 == 0o600)
            }
        }
    }

    @Test func tenThousandBatchesAreInOrder() async throws {
        try await onLoop {
            let folder = try TestFolder()
            let store = try Self.byFile(folder)
            _ = await store.start()
            let session = try small("a")
            try await store.apply([.session(session)])
            // The disk is busy until all have come, so that they are one group, after which the journal is compacted.
            var pipe: [Int32] = [-1, -1]
            try #require(unsafe pipe2(&pipe, O_CLOEXEC) == 0)
            let (busy, free) = (pipe[0], pipe[1])
            let holding = EventLoop.task {
                let hold: @Sendable (StoreFiles) throws(StoreFailure) -> Void = { _ in
                    var byte: UInt8 = 0
                    // One byte at most, written during the call.
                    _ = unsafe read(busy, &byte, 1)
                }
                do { try await store.perform(hold) } catch { Issue.record(error) }
            }
            let tasks = (1...10_000).map { number in
                EventLoop.task {
                    // Cookies have no version: the last in the file wins.
                    let change = JarChange(set: [cookie("c", "\(number)")])
                    do { try await store.apply([.cookies(session.id, change)]) } catch { Issue.record(error) }
                }
            }
            // Behind all of them.
            await EventLoop.task {}.value
            close(free)
            await holding.value
            for task in tasks { await task.value }
            close(busy)
            await store.close()
            let sessions = await store.start()
            #expect(sessions.first?.jar.cookies.map { $0.value.exposedText() } == ["10000"])
            #expect(store.damage.isEmpty)
            #expect(try folder.read("data/journal").count < 1000)
            await store.close()
        }
    }

    /// The limit on a file's size is a disk that is full in the middle of a write: part of it is taken.
    @Test func aFullDiskFailsTheBatchAndNothingElse() async throws {
        try await onLoop {
            let folder = try TestFolder()
            let store = try Self.byFile(folder)
            _ = await store.start()
            try await store.apply([.session(try small("a"))])
            let before = try folder.read("data/journal")
            var old = rlimit()
            unsafe getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &old)
            // Far above what other tests of this process write.
            var full = rlimit(rlim_cur: 4 << 20, rlim_max: old.rlim_max)
            unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &full)
            let large = try small("b", secret: String(repeating: "x", count: 5 << 20))
            await #expect(throws: StoreFailure.io(path: folder.path + "/data/journal", errno: EFBIG)) {
                try await store.apply([.session(large)])
            }
            unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &old)
            #expect(try folder.read("data/journal") == before && store.state == .open)
            try await store.apply([.session(try small("c"))])
            await store.close()
            #expect(await store.start().names == ["a", "c"])
            #expect(store.damage.isEmpty)
            await store.close()
        }
    }
}
