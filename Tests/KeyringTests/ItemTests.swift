import CSecret
import EventLoop
import LoopTesting
import Model
import Testing

@testable import Keyring

@Suite(.timeLimit(.minutes(1)), .serialized) struct ItemTests {
    @Test func keepsAHundredItems() async throws {
        let service = try PrivateKeyring()
        // All byte values, NUL among them, and more than one block of the cipher.
        func secret(_ number: Int, _ round: Int) -> SecretBytes {
            SecretBytes([UInt8(number), UInt8(round)] + (0...255) + [0, 0])
        }
        try await withKeyring(at: service.address) { keyring in
            #expect(await keyring.state() == .open)
            var made: [Keyring.Item] = []
            for number in 0..<100 {
                made.append(try await keyring.create(id: "id-\(number)", secret: secret(number, 1)))
            }
            #expect(Set(try await keyring.items()) == Set(made))
            #expect(try await keyring.items(id: "id-7") == [made[7]])
            #expect(try await keyring.items(id: "id") == [])
            for number in 0..<50 { try await keyring.setSecret(made[number], secret(number, 2)) }
            let secrets = try await keyring.secrets(of: made)
            #expect(secrets.count == 100)
            for number in 0..<100 { #expect(secrets[made[number].path] == secret(number, number < 50 ? 2 : 1)) }
        }
        try service.tell("restart")
        try await withKeyring(at: service.address) { keyring in
            let items = try await keyring.items()
            let secrets = try await keyring.secrets(of: items)
            for item in items {
                let number = try #require(Int(item.id.dropFirst(3)))
                #expect(secrets[item.path] == secret(number, number < 50 ? 2 : 1))
                try await keyring.delete(item)
            }
            #expect(items.count == 100)
            #expect(try await keyring.items() == [])
            #expect(try await keyring.secrets(of: items) == [:])
        }
    }

    @Test func seesItsOwnItemsOnly() async throws {
        let service = try PrivateKeyring()
        try await withKeyring(at: service.address) { keyring in
            let other = Keyring(application: "other", address: service.address)
            defer { other.close() }
            _ = try await other.create(id: "1", secret: SecretBytes("theirs"))
            #expect(try await keyring.items() == [])
            #expect(try await other.items().count == 1)
            // The same id twice is two items: nothing is ever replaced.
            _ = try await keyring.create(id: "1", secret: SecretBytes("first"))
            _ = try await keyring.create(id: "1", secret: SecretBytes("second"))
            #expect(try await keyring.items(id: "1").count == 2)
        }
    }

    @Test func leavesOutWhatACrashLeftBehind() async throws {
        let service = try PrivateKeyring()
        try await withKeyring(at: service.address) { keyring in
            let empty = try await keyring.create(id: "empty", secret: SecretBytes(""))
            let whole = try await keyring.create(id: "whole", secret: SecretBytes("secret"))
            let items = try await keyring.items()
            #expect(Set(items) == [empty, whole])
            #expect(try await keyring.secrets(of: items) == [whole.path: SecretBytes("secret")])
        }
    }

    @Test func saysThatAnItemHasGone() async throws {
        let service = try PrivateKeyring()
        try await withKeyring(at: service.address) { keyring in
            let item = try await keyring.create(id: "1", secret: SecretBytes("secret"))
            try service.tell("remove_items")
            #expect(await failure { () throws(KeyringFailure) in try await keyring.delete(item) } == .gone)
            #expect(
                await failure { () throws(KeyringFailure) in
                    try await keyring.setSecret(item, SecretBytes("new"))
                } == .gone)
            #expect(try await keyring.secrets(of: [item]) == [:])
        }
    }

    @Test func tellsNobodyMoreThanTheId() async throws {
        let service = try PrivateKeyring()
        let secret = "the secret that nobody sees"
        let monitor = try Helper(
            ["dbus-monitor", "--binary"], environment: ["DBUS_SESSION_BUS_ADDRESS=" + service.address])
        // Its own first message: from now on it sees all.
        try monitor.read { !$0.isEmpty }
        let (attributes, label) = try await withKeyring(at: service.address) { keyring in
            let item = try await keyring.create(id: "a-random-id", secret: SecretBytes(secret))
            try await keyring.setSecret(item, SecretBytes(secret + "!"))
            #expect(try await keyring.secrets(of: [item]) == [item.path: SecretBytes(secret + "!")])
            let bus = try await keyring.bus(until: keyring.moment())
            func read(_ name: String) async throws -> String {
                try await bus.property(name, of: item.path, "org.freedesktop.Secret.Item", until: keyring.moment())
                    .printed
            }
            let seen = (try await read("Attributes"), try await read("Label"))
            try await keyring.delete(keyring.create(id: "the-last-one", secret: SecretBytes(secret)))
            return seen
        }
        #expect(
            attributes.components == [
                "'application': 'lanyard'", "'id': 'a-random-id'", "'xdg:schema': 'io.lanyard.Item'",
            ])
        #expect(label == "(<'Lanyard'>,)")
        try monitor.read { $0.contains(Array("Delete".utf8)) }
        #expect(["a-random-id", secret].map(monitor.received.holds) == [true, false])
        // GNOME Keyring writes the names of attributes, and hashes of their values.
        let file = try service.file()
        #expect(["application", "xdg:schema", "a-random-id", secret].map(file.holds) == [true, true, false, false])
    }
}

extension [UInt8] {
    fileprivate func holds(_ text: String) -> Bool { contains(Array(text.utf8)) }
}

extension Variant {
    /// GVariant's text form.
    fileprivate var printed: String {
        // The text is ours to free.
        guard let text = unsafe g_variant_print(pointer, 0) else { return "" }
        defer { unsafe g_free(text) }
        return unsafe String(cString: text)
    }
}

extension String {
    /// The entries of a printed dictionary, sorted.
    fileprivate var components: [String] {
        trimmingPrefix("(<{").prefix { $0 != "}" }.split(separator: ", ").map(String.init).sorted()
    }
}
