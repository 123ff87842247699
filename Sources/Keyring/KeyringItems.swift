import CSecret
import EventLoop
import Model

extension Keyring {
    /// An item of ours. It is named by its path, which stays the same for as long as the item exists.
    public struct Item: Hashable, Sendable {
        /// The object path by which the service knows it.
        public let path: String
        /// The id it was created with.
        public let id: String
    }

    /// How many secrets are asked for, or attributes read, at a time: one message with 1,000 secrets of 2 KiB costs
    /// half as much memory again, and is no faster.
    static let batch = 50
    /// The longest id, in bytes.
    static let longestID = 64

    private static let itemInterface = "org.freedesktop.Secret.Item"

    /// All items of ours, in any collection; without their secrets, and with those whose creation was interrupted. What
    /// is not among them is not there: throws `locked` where a collection is locked that might hold more. Items without
    /// an id, which we cannot have made, are left out.
    public func items() async throws(KeyringFailure) -> [Item] {
        try await search(id: nil)
    }

    /// The item with this id, and any other with the same one: for reading back after `create` has timed out.
    public func items(id: String) async throws(KeyringFailure) -> [Item] {
        try await search(id: id)
    }

    /// The secrets of `items`, by path. Left out are items that have gone, and those with an empty secret, which is
    /// what a service leaves behind that was killed as it created the item. Each batch of 50 has a deadline of its own.
    public func secrets(of items: [Item]) async throws(KeyringFailure) -> [String: SecretBytes] {
        var found: [String: SecretBytes] = [:]
        for start in stride(from: 0, to: items.count, by: Self.batch) {
            let paths = items[start..<min(start + Self.batch, items.count)].map(\.path)
            let moment = moment()
            _ = try await openCollection(until: moment)
            let bus = try await bus(until: moment)
            let secrets = try await withSession(bus, until: moment) { session throws(KeyringFailure) in
                let parameters = Variant.paths(paths, session.path)
                let answer = try await bus.callService("GetSecrets", parameters, "(a{o(oayays)})", moment)
                return Self.decode(answer[0], with: session)
            }
            // A keyring that was locked meanwhile leaves its items out, and says nothing.
            _ = try await openCollection(until: moment)
            found.merge(secrets) { $1 }
        }
        return found
    }

    /// Makes an item, beside whatever else is there. `id` is at most 64 bytes, random, and told to everybody.
    public func create(id: String, secret: SecretBytes) async throws(KeyringFailure) -> Item {
        precondition(!id.isEmpty && id.utf8.count <= Self.longestID && !id.utf8.contains(0), "no id for an item")
        let moment = moment()
        let collection = try await openCollection(until: moment)
        let bus = try await bus(until: moment)
        let answer: Variant
        do throws(KeyringFailure) {
            answer = try await withSession(bus, until: moment) { session throws(KeyringFailure) in
                let item = Variant.newItem(application, id, session.encode(secret))
                return try await bus.call(
                    collection, Self.collectionInterface, "CreateItem", item, answer: "(oo)", until: moment)
            }
        } catch {
            throw error.ofCollection
        }
        try await finish(answer[1].text, bus, until: moment)
        if answer[0].text != "/" { return Item(path: answer[0].text, id: id) }
        // Made behind the prompt.
        guard let item = try await items(id: id).first else { throw .refused("the item that was made is not there") }
        return item
    }

    /// Replaces the item's secret, and nothing else of it.
    public func setSecret(_ item: Item, _ secret: SecretBytes) async throws(KeyringFailure) {
        let moment = moment()
        _ = try await openCollection(until: moment)
        let bus = try await bus(until: moment)
        _ = try await withSession(bus, until: moment) { session throws(KeyringFailure) in
            let encoded = session.encode(secret)
            return try await bus.call(
                item.path, Self.itemInterface, "SetSecret", .secret(encoded),
                answer: "()", until: moment)
        }
    }

    /// Removes the item.
    public func delete(_ item: Item) async throws(KeyringFailure) {
        let moment = moment()
        _ = try await openCollection(until: moment)
        let bus = try await bus(until: moment)
        let answer = try await bus.call(
            item.path, Self.itemInterface, "Delete", .none, answer: "(o)", until: moment)
        try await finish(answer[0].text, bus, until: moment)
    }

    private func search(id: String?) async throws(KeyringFailure) -> [Item] {
        let moment = moment()
        // First, and not only because a locked keyring finds nothing: some show a dialog at a search.
        _ = try await openCollection(until: moment)
        let bus = try await bus(until: moment)
        let answer = try await bus.callService("SearchItems", .search(application, id), "(aoao)", moment)
        if answer[1].count > 0 { throw .locked }
        return try await identify(answer[0].texts, bus, until: moment)
    }

    /// Reads the ids of the items at `paths`; those that have gone meanwhile are left out.
    private func identify(
        _ paths: [String], _ bus: Bus, until moment: BootInstant
    ) async throws(KeyringFailure) -> [Item] {
        var items: [Item] = []
        for start in stride(from: 0, to: paths.count, by: Self.batch) {
            // Asked together: one after the other each would wait for two switches between processes.
            let questions = paths[start..<min(start + Self.batch, paths.count)].map { path in
                (
                    path,
                    EventLoop.task { () async -> Result<Variant, KeyringFailure> in
                        do throws(KeyringFailure) {
                            return .success(
                                try await bus.property("Attributes", of: path, Self.itemInterface, until: moment))
                        } catch {
                            return .failure(error)
                        }
                    }
                )
            }
            for (path, question) in questions {
                switch await question.value {
                case .success(let attributes):
                    if let id = attributes.attribute("id"), id.utf8.count <= Self.longestID {
                        items.append(Item(path: path, id: id))
                    }
                case .failure(.gone): break
                case .failure(let failure): throw failure
                }
            }
        }
        return items
    }

    private static func decode(_ secrets: Variant, with session: SecretSession) -> [String: SecretBytes] {
        var found: [String: SecretBytes] = [:]
        for index in 0..<secrets.count {
            let entry = secrets[index]
            if let secret = session.decode(entry[1]), secret.count > 0 { found[entry[0].text] = secret }
        }
        return found
    }

    /// Finishes what the service has put behind a prompt (`/` says that it has not). Not where the keyring has been locked
    /// meanwhile: then it would be its password that is asked for.
    private func finish(_ prompt: String, _ bus: Bus, until moment: BootInstant) async throws(KeyringFailure) {
        if prompt == "/" { return }
        _ = try await openCollection(until: moment)
        do { try await perform(prompt: prompt, bus, until: moment) } catch {
            throw error == .timedOut ? .asking : error
        }
    }
}
