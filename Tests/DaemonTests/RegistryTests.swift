import Cookies
import EventLoop
import Glibc
import LoopTesting
import Model
import Store
import Testing

@testable import Daemon

/// A change is durable before it is seen.
struct RegistryTests {
    @Test func whatCannotBeWrittenIsNotSeen() async throws {
        try await onLoop {
            let agent = try agent(try entry("old", ["https://api.example.com"]))
            let registry = agent.registry
            let old = try #require(registry.all.first)
            let new = try entry("new", ["https://new.example.com"]).session
            await #expect(throws: Failure.self) { _ = try await registry.add(new, CookieJar(), renaming: false) }
            await #expect(throws: Failure.self) { try await registry.remove(old) }
            await #expect(throws: Failure.self) {
                try await registry.update(old) { session in
                    session.account = "somebody"
                    return true
                }
            }
            await #expect(throws: Failure.self) {
                try await registry.replace(old, jar: CookieJar()) { $0.account = "somebody" }
            }
            #expect(registry.all.map(\.session.name.description) == ["old"] && registry.find(new.name) == nil)
            #expect(old.session.account == nil && old.session.version == 1 && old.gone == nil)
            #expect(try registry.matches(target("https://api.example.com/")).count == 1)
            #expect(try registry.matches(target("https://new.example.com/")).isEmpty)
        }
    }

    @Test func changesAtOnceAreAllKept() async throws {
        try await onLoop {
            try await Self.withStore { registry in
                let session = try entry("a", ["https://api.example.com"]).session
                let entry = try await registry.add(session, CookieJar(), renaming: false)
                let version = entry.session.version
                let edits: [(inout Session) -> Void] = [
                    { $0.account = "somebody" }, { $0.skew = 7 }, { $0.settings.isDefault = true },
                ]
                let tasks = edits.map { edit in
                    EventLoop.task {
                        _ = try? await registry.update(entry) { session in
                            edit(&session)
                            return true
                        }
                    }
                }
                for task in tasks { await task.value }
                let changed = entry.session
                #expect(changed.account == "somebody" && changed.skew == 7 && changed.settings.isDefault)
                #expect(changed.version == version + 3)
            }
        }
    }

    @Test func ofTwoThatTakeANameAtOnceOneGetsIt() async throws {
        try await onLoop {
            try await Self.withStore { registry in
                let outcome = Outcome()
                let tasks = try (0..<2).map { _ in
                    let session = try entry("a", ["https://api.example.com"]).session
                    return EventLoop.task {
                        if (try? await registry.add(session, CookieJar(), renaming: false)) != nil {
                            outcome.added += 1
                        }
                    }
                }
                for task in tasks { await task.value }
                #expect(outcome.added == 1 && registry.count == 1)
            }
        }
    }

    @Test func whatIsRemovedIsNotChangedAnyMore() async throws {
        try await onLoop {
            try await Self.withStore { registry in
                let session = try entry("a", ["https://api.example.com"]).session
                let entry = try await registry.add(session, CookieJar(), renaming: false)
                try await registry.remove(entry)
                await #expect(throws: Failure.self) { try await registry.update(entry) { _ in true } }
                await #expect(throws: Failure.self) { try await registry.replace(entry, jar: CookieJar()) { _ in } }
                let url = try target("https://api.example.com/")
                let version = entry.session.version
                try await registry.merge(
                    [SecretBytes("a=b")], from: url, began: url, into: entry, version: version, without: [])
                #expect(entry.jar.count == 0)
                await #expect(throws: Failure.self) { try await registry.remove(entry) }
                #expect(registry.count == 0)
                #expect(try registry.matches(target("https://api.example.com/")).isEmpty)
            }
        }
    }

    @Test func ofTheSessionsForAnOriginTheFirstByNameIsFound() async throws {
        try await onLoop {
            let agent = try agent(
                // A wildcard's are looked at last.
                try entry("c", ["https://api.example.com/c"]), try entry("a", ["https://*.example.com"]),
                try entry("b", ["https://api.example.com/b", "https://*.example.com"]),
                try entry("0", ["https://other.example.org"]))
            let url = try target("https://api.example.com/elsewhere")
            @LoopActor func first(_ isMeant: (SessionName) -> Bool) -> String? {
                agent.registry.first(forOriginOf: url, where: isMeant)?.session.name.description
            }
            #expect(first { _ in true } == "a")
            #expect(first { $0.description != "a" } == "b")
            #expect(first { $0.description == "c" } == "c")
            #expect(first { $0.description == "0" } == nil)
        }
    }

    @LoopActor private final class Outcome {
        var added = 0
    }

    /// A registry on an open store, in a folder that goes when `body` has ended.
    @LoopActor private static func withStore(_ body: (Registry) async throws -> Void) async throws {
        let parent = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/lanyard-daemon-XXXXXX".utf8CString)
        guard let made = unsafe mkdtemp(&template) else { throw Failure(.internal, "no folder for the test") }
        let folder = unsafe String(cString: made)
        let store = Store(
            folders: StoreFolders(data: folder + "/data", state: folder + "/state"),
            environment: StoreSettings(kind: "vault"),
            clock: .system)
        defer {
            for name in ["data/journal", "data/lock", "data/vault.key", "state/store"] {
                unsafe unlink(folder + "/" + name)
            }
            for name in ["/data", "/state", ""] { unsafe rmdir(folder + name) }
        }
        _ = await store.start()
        _ = try await store.unlock(passphrase: SecretBytes("correct horse"), create: true)
        let result: Result<Void, any Error>
        do { result = .success(try await body(Registry(store: store, clock: .system))) } catch {
            result = .failure(error)
        }
        await store.close()
        try result.get()
    }
}
