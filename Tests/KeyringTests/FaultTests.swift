import EventLoop
import LoopTesting
import Model
import Testing

@testable import Keyring

@Suite(.timeLimit(.minutes(1)), .serialized) struct FaultTests {
    @Test func locked() async throws {
        let service = try PrivateKeyring()
        try await withKeyring(at: service.address) { keyring in
            let changes = Changes(keyring)
            let item = try await keyring.create(id: "1", secret: SecretBytes("secret"))
            try service.tell("lock")
            await changes.wait(for: .locked)
            await expectEverywhere(.locked, keyring, item)
            #expect(await failure { () throws(KeyringFailure) in try await keyring.items() } == .locked)
            try service.tell("unlock")
            await changes.wait(for: .open)
            #expect(try await keyring.secrets(of: [item]) == [item.path: SecretBytes("secret")])
            try service.tell("restart_locked")
            await changes.wait(for: .locked)
            await expectEverywhere(.locked, keyring, item)
            try service.tell("unlock")
            await changes.wait(for: .open)
            #expect(try await keyring.secrets(of: [item]) == [item.path: SecretBytes("secret")])
        }
    }

    @Test func unlockedWithItsPassword() async throws {
        let service = try PrivateKeyring("locked")
        try await withKeyring(at: service.address) { keyring in
            #expect(
                await failure { () throws(KeyringFailure) in
                    try await keyring.unlock(password: SecretBytes("wrong"))
                } == .denied)
            #expect(await keyring.state() == .locked)
            try await keyring.unlock(password: SecretBytes(PrivateKeyring.password))
            #expect(await keyring.state() == .open)
            try await keyring.unlock(password: SecretBytes("not asked for"))
        }
    }

    @Test func noDisplayForItsDialog() async throws {
        let service = try PrivateKeyring("locked")
        try await withKeyring(at: service.address) { keyring in
            #expect(await failure { () throws(KeyringFailure) in try await keyring.unlock() } == .dismissed)
            #expect(await keyring.state() == .locked)
            try service.tell("unlock")
            try await keyring.unlock()
        }
    }

    @Test func aDialogThatNobodyAnswers() async throws {
        let service = try PrivateKeyring("locked")
        try service.tell("hang_prompter")
        try await withKeyring(at: service.address) { keyring in
            let first = try await unlocking(keyring)
            let second = try await unlocking(keyring)
            // Both wait for the same one.
            #expect(keyring.prompts.count == 1)
            try service.tell("kill")
            let outcomes = [await first.value, await second.value]
            #expect(outcomes == [.noService, .noService])
            try service.tell("restart_locked")
            let third = try await unlocking(keyring)
            keyring.prompts.values.first?.end(.failure(.timedOut))
            #expect(await third.value == .timedOut)
            #expect(keyring.prompts.isEmpty)
            #expect(await keyring.state() == .locked)
            let fourth = try await unlocking(keyring)
            keyring.close()
            #expect(await fourth.value == .closed)
        }
    }

    @Test func killedAndRestarted() async throws {
        let service = try PrivateKeyring()
        try await withKeyring(at: service.address) { keyring in
            let changes = Changes(keyring)
            let item = try await keyring.create(id: "1", secret: SecretBytes("secret"))
            try service.tell("kill")
            await changes.wait(for: .unavailable(.noService))
            await expectEverywhere(.noService, keyring, item)
            try service.tell("restart")
            await changes.wait(for: .open)
            try await keyring.setSecret(item, SecretBytes("new"))
            // Without a word from the bus between: what was agreed with the last one is of no use.
            try service.tell("restart")
            #expect(try await keyring.secrets(of: [item]) == [item.path: SecretBytes("new")])
        }
    }

    @Test func restartedBetweenTwoSteps() async throws {
        let service = try PrivateKeyring()
        try await withKeyring(at: service.address) { keyring in
            let item = try await keyring.create(id: "1", secret: SecretBytes("secret"))
            let moment = keyring.moment()
            let bus = try await keyring.bus(until: moment)
            var attempts = 0
            // The loop is held up until the new service is there: the session of the old one is used once more.
            try await keyring.withSession(bus, until: moment) { session throws(KeyringFailure) in
                attempts += 1
                if attempts == 1 {
                    do { try service.tell("restart") } catch { throw .refused("\(error)") }
                }
                _ = try await bus.callService(
                    "GetSecrets", .paths([item.path], session.path), "(a{o(oayays)})", moment)
            }
            #expect(attempts == 2)
        }
    }

    @Test func activatedByTheBus() async throws {
        let service = try PrivateKeyring("activated")
        try await withKeyring(at: service.address) { keyring in
            #expect(await keyring.state() == .locked)
            try service.tell("unlock")
            _ = try await keyring.create(id: "1", secret: SecretBytes("secret"))
            try service.tell("kill")
            #expect(await keyring.state() == .locked)
        }
    }

    @Test func stopped() async throws {
        let service = try PrivateKeyring()
        try await withKeyring(at: service.address) { keyring in
            let item = try await keyring.create(id: "1", secret: SecretBytes("secret"))
            let hasty = Keyring(deadline: 0.3, address: service.address)
            defer { hasty.close() }
            _ = await hasty.state()
            try service.tell("stop")
            let ticks = Ticks()
            ticks.tick()
            let start = Clock.system.boot()
            #expect(await hasty.state() == .unavailable(.timedOut))
            let took = Clock.system.boot() - start
            #expect(took >= 0.3 && took < 2)
            // Nobody else has been held up.
            #expect(ticks.count > 3)
            #expect(
                await failure { () throws(KeyringFailure) in
                    try await hasty.setSecret(item, SecretBytes("never sent"))
                } == .timedOut)
            try service.tell("cont")
            #expect(try await keyring.secrets(of: [item]) == [item.path: SecretBytes("secret")])
        }
    }

    @Test func stoppedFromTheStart() async throws {
        let service = try PrivateKeyring()
        try service.tell("stop")
        try await withKeyring(at: service.address, deadline: 3) { keyring in
            #expect(await keyring.state() == .unavailable(.timedOut))
            try service.tell("cont")
            #expect(await keyring.state() == .open)
        }
    }

    @Test func stoppedInTheMiddleOfAWrite() async throws {
        let service = try PrivateKeyring()
        try await withKeyring(at: service.address) { keyring in
            // The session is there already.
            _ = try await keyring.create(id: "early", secret: SecretBytes("secret"))
            let moment = Clock.system.boot() + 0.5
            let bus = try await keyring.bus(until: moment)
            let timedOut = await failure { () throws(KeyringFailure) in
                try await keyring.withSession(bus, until: moment) { session throws(KeyringFailure) in
                    do { try service.tell("stop") } catch { throw .refused("\(error)") }
                    let item = Variant.newItem("lanyard", "late", session.encode(SecretBytes("secret")))
                    return try await bus.call(
                        "/org/freedesktop/secrets/collection/login", "org.freedesktop.Secret.Collection", "CreateItem",
                        item, answer: "(oo)", until: moment)
                }
            }
            #expect(timedOut == .timedOut)
            try service.tell("cont")
            // It was done all the same, and reading back shows it.
            #expect(try await keyring.items(id: "late").count == 1)
        }
    }

    @Test func noCollection() async throws {
        let service = try PrivateKeyring("empty")
        try await withKeyring(at: service.address) { keyring in
            #expect(await keyring.state() == .unavailable(.noCollection))
            #expect(await failure { () throws(KeyringFailure) in try await keyring.items() } == .noCollection)
            #expect(
                await failure { () throws(KeyringFailure) in
                    try await keyring.create(id: "1", secret: SecretBytes("secret"))
                } == .noCollection)
            #expect(await failure { () throws(KeyringFailure) in try await keyring.unlock() } == .noCollection)
        }
    }

    @Test func noService() async throws {
        let service = try PrivateKeyring("none")
        try await withKeyring(at: service.address) { keyring in
            let changes = Changes(keyring)
            #expect(await keyring.state() == .unavailable(.noService))
            try service.tell("restart")
            await changes.wait(for: .open)
        }
    }

    @Test func noBus() async throws {
        try await withKeyring(at: "unix:path=/nonexistent/bus") { keyring in
            let start = Clock.system.boot()
            #expect(await keyring.state() == .unavailable(.noBus))
            #expect(Clock.system.boot() - start < 1)
        }
    }

    @Test func theBusGoesAndComesBack() async throws {
        let service = try PrivateKeyring()
        try await withKeyring(at: service.address) { keyring in
            let changes = Changes(keyring)
            let item = try await keyring.create(id: "1", secret: SecretBytes("secret"))
            try service.tell("stop_bus")
            await changes.wait(for: .unavailable(.noBus))
            await expectEverywhere(.noBus, keyring, item)
            try service.tell("start_bus")
            try service.tell("restart")
            #expect(try await keyring.secrets(of: [item]) == [item.path: SecretBytes("secret")])
            try service.tell("lock")
            await changes.wait(for: .locked)
        }
    }

    @Test func noRoomOnTheDisk() async throws {
        let service = try PrivateKeyring()
        try await withKeyring(at: service.address) { keyring in
            let item = try await keyring.create(id: "1", secret: SecretBytes("secret"))
            try service.tell("fill_disk")
            for refused in [
                await failure { () throws(KeyringFailure) in try await keyring.setSecret(item, SecretBytes("new")) },
                await failure { () throws(KeyringFailure) in
                    _ = try await keyring.create(id: "2", secret: SecretBytes("new"))
                },
            ] {
                guard case .refused = refused else {
                    Issue.record("\(refused.map { "\($0)" } ?? "done")")
                    continue
                }
            }
            #expect(try await keyring.secrets(of: keyring.items()) == [item.path: SecretBytes("secret")])
            try service.tell("free_disk")
            try await keyring.setSecret(item, SecretBytes("new"))
            #expect(try await keyring.secrets(of: [item]) == [item.path: SecretBytes("new")])
        }
    }

    @Test func closedMeanwhile() async throws {
        let service = try PrivateKeyring()
        try service.tell("stop")
        try await withKeyring(at: service.address) { keyring in
            let asking = EventLoop.task { await keyring.state() }
            // After the task has sent its question, or before: both end.
            EventLoop.task { keyring.close() }
            #expect(await asking.value == .unavailable(.closed))
            #expect(await keyring.state() == .unavailable(.closed))
        }
    }

    @Test func saysNothingOfItsOwnWrites() async throws {
        let service = try PrivateKeyring()
        try await withKeyring(at: service.address) { keyring in
            let changes = Changes(keyring)
            _ = await keyring.state()
            let item = try await keyring.create(id: "1", secret: SecretBytes("secret"))
            try await keyring.setSecret(item, SecretBytes("new"))
            try await keyring.delete(item)
            // Signals come before the answer of a call that was made after them.
            _ = await keyring.state()
            #expect(changes.count == 0)
        }
    }
}

/// Starts to unlock, and returns when the dialog is waited for.
@LoopActor private func unlocking(_ keyring: Keyring) async throws -> Task<KeyringFailure?, Never> {
    let unlocking = EventLoop.task {
        await failure { () throws(KeyringFailure) in try await keyring.unlock() }
    }
    while keyring.prompts.isEmpty {
        let state = await keyring.state()
        try #require(state == .locked)
    }
    return unlocking
}

/// Counts how often the loop has had time, every 10 ms.
@LoopActor private final class Ticks {
    private(set) var count = 0

    func tick() {
        count += 1
        Timer(after: 0.01) { [weak self] in self?.tick() }
    }
}

/// Whatever is asked of the keyring fails with `expected`.
@LoopActor private func expectEverywhere(_ expected: KeyringFailure, _ keyring: Keyring, _ item: Keyring.Item) async {
    #expect(await failure { () throws(KeyringFailure) in try await keyring.items() } == expected)
    #expect(await failure { () throws(KeyringFailure) in try await keyring.secrets(of: [item]) } == expected)
    #expect(await failure { () throws(KeyringFailure) in try await keyring.delete(item) } == expected)
    #expect(
        await failure { () throws(KeyringFailure) in
            try await keyring.create(id: "2", secret: SecretBytes("secret"))
        } == expected)
    #expect(
        await failure { () throws(KeyringFailure) in
            try await keyring.setSecret(item, SecretBytes("new"))
        } == expected)
}
