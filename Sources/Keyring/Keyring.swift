import CSecret
import EventLoop
import Model

/// A person's keyring, over the Secret Service API: items of ours in their default collection.
///
/// Everything is asynchronous, and each call returns within its deadline, whatever the service does; a service that is
/// stopped or a missing bus holds up nobody. Nothing but `unlock()` shows a
/// dialog, unless a service asks the person before it makes or deletes an item. The connection and the encrypted
/// session are made when they are needed, and anew when the service or the bus has gone; the caller only asks again.
///
/// What can be read of an item while the keyring is locked, or of its bus, is a constant label, the schema's name, the
/// application and the item's random id. The kind of content belongs in the secret.
@LoopActor public final class Keyring {
    static let collectionInterface = "org.freedesktop.Secret.Collection"

    let application: String
    let deadline: Double
    private let address: String?
    let calls = PendingCalls()
    private let sharedBus = SharedValue<Bus>()
    private var connection: Bus?
    private let sharedSession = SharedValue<SecretSession>()
    let sharedUnlocking = SharedValue<Void>()
    /// Of a dialog that waits for the person.
    var prompts: [ObjectIdentifier: Prompt] = [:]

    /// Called when what `state()` says may have changed: the service has appeared or gone, a collection was locked,
    /// unlocked, made or deleted, the bus has gone. A bus that comes back, or a new default among collections, does not
    /// tell: ask then.
    public var onChange: (@LoopActor () -> Void)?

    /// A keyring for items of `application`. A call ends after `deadline` seconds. The bus is the one at `address`, or
    /// the session bus as the environment has it when it is needed.
    public init(application: String = "lanyard", deadline: Double = 5, address: String? = nil) {
        self.application = application
        self.deadline = deadline
        self.address = address
    }

    /// What can be had of the keyring now.
    public enum State: Equatable, Sendable {
        /// The default collection can be read and written.
        case open
        /// It is there and locked.
        case locked
        /// Nothing can be had, and why.
        case unavailable(KeyringFailure)
    }

    /// A dialog waits for the person.
    public var isAsking: Bool { !prompts.isEmpty }

    /// Whether the default collection is there and open; unlocks nothing and asks nobody.
    public func state() async -> State {
        do {
            _ = try await openCollection(until: moment())
            return .open
        } catch {
            return error == .locked ? .locked : .unavailable(error)
        }
    }

    /// The number of the process that is the keyring, for its program's name; nil where the bus does not say.
    public func process() async -> Int32? {
        let end = moment()
        return try? await bus(until: end).serviceProcess(until: end)
    }

    /// Ends the connection and all that is under way, with `closed`, for good.
    public func close() {
        calls.close()
        onChange = nil
        disconnect()
    }

    /// Ends the connection and the encrypted session, whose keys are forgotten; the next call makes them anew. Nothing
    /// is told by `onChange` until then.
    public func disconnect() {
        for prompt in prompts.values { prompt.end(.failure(.closed)) }
        connection?.close()
        connection = nil
        sharedBus.drop()
        sharedSession.drop()
    }

    /// The moment at which a call that begins now ends.
    func moment() -> BootInstant { Clock.system.boot() + deadline }

    /// The connection, made if there is none.
    func bus(until moment: BootInstant) async throws(KeyringFailure) -> Bus {
        if calls.isClosed { throw .closed }
        return try await sharedBus.get { [self] () async throws(KeyringFailure) in
            guard let address = address ?? sessionBusAddress() else { throw .noBus }
            let bus = try await Bus.connect(to: address, calls, until: moment)
            watch(bus)
            connection = bus
            return bus
        }
    }

    /// Runs `body` with the session. Where the service no longer knows it, with a new one, once.
    func withSession<Answer: Sendable>(
        _ bus: Bus, until moment: BootInstant,
        _ body: @LoopActor (SecretSession) async throws(KeyringFailure) -> Answer
    ) async throws(KeyringFailure) -> Answer {
        do {
            return try await body(session(bus, until: moment))
        } catch {
            guard error == .sessionGone else { throw error }
            sharedSession.drop()
            return try await body(session(bus, until: moment))
        }
    }

    private func session(_ bus: Bus, until moment: BootInstant) async throws(KeyringFailure) -> SecretSession {
        try await sharedSession.get { [self] () async throws(KeyringFailure) in
            try await SecretSession.open(on: bus, calls, until: moment)
        }
    }

    /// The path of the default collection. Throws `locked` where it is.
    func openCollection(until moment: BootInstant) async throws(KeyringFailure) -> String {
        let (path, isLocked) = try await defaultCollection(until: moment)
        if isLocked { throw .locked }
        return path
    }

    func defaultCollection(
        until moment: BootInstant
    ) async throws(KeyringFailure) -> (path: String, isLocked: Bool) {
        let bus = try await bus(until: moment)
        let path = try await bus.callService("ReadAlias", .string("default"), "(o)", moment)[0].text
        // What a service without a default answers.
        if path == "/" { throw .noCollection }
        let locked: Variant
        do {
            locked = try await bus.property("Locked", of: path, Self.collectionInterface, until: moment)
        } catch {
            throw error.ofCollection
        }
        switch unsafe lanyard_boxed_boolean(locked.pointer) {
        case 0: return (path, false)
        case 1: return (path, true)
        default: throw .refused("the collection does not say whether it is locked")
        }
    }

    private func watch(_ bus: Bus) {
        bus.onClose = { [weak self] in
            guard let self else { return }
            sharedBus.drop()
            connection = nil
            serviceHasChanged(.noBus)
        }
        bus.subscribe(
            sender: "org.freedesktop.DBus", interface: "org.freedesktop.DBus", signal: "NameOwnerChanged",
            firstArgument: LANYARD_SECRETS_NAME
        ) { [weak self] _ in self?.serviceHasChanged(.noService) }
        // CollectionChanged is what tells of locks. Not PropertiesChanged, which lists all items at each write of
        // anybody's.
        bus.subscribe(interface: LANYARD_SECRETS_SERVICE) { [weak self] _ in self?.onChange?() }
    }

    /// The service's session and dialogs have ended with it.
    private func serviceHasChanged(_ failure: KeyringFailure) {
        sharedSession.drop()
        for prompt in prompts.values { prompt.end(.failure(failure)) }
        onChange?()
    }
}

extension Bus {
    /// Calls a method of the service object.
    func callService(
        _ method: String, _ parameters: Variant, _ answer: String, _ moment: BootInstant
    ) async throws(KeyringFailure) -> Variant {
        try await call(
            LANYARD_SECRETS_PATH, LANYARD_SECRETS_SERVICE, method, parameters, answer: answer, until: moment)
    }

    /// Reads a property of an object: a variant in a tuple.
    func property(
        _ name: String, of path: String, _ interface: String, until moment: BootInstant
    ) async throws(KeyringFailure) -> Variant {
        try await call(
            path, "org.freedesktop.DBus.Properties", "Get",
            .strings(interface, name), answer: "(v)", until: moment)
    }
}
