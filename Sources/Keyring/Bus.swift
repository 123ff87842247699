import CSecret
import EventLoop
import Model

/// A connection of our own to a D-Bus message bus, for calls to the Secret Service and signals from it.
@LoopActor final class Bus {
    private let connection: ObjectReference
    private let calls: PendingCalls
    private var handlers: [SignalHandler] = []
    /// Called once, when the bus has closed the connection.
    var onClose: (@LoopActor () -> Void)?

    private init(_ connection: ObjectReference, _ calls: PendingCalls) {
        self.connection = connection
        self.calls = calls
    }

    var pointer: OpaquePointer { unsafe connection.pointer }

    /// Connects to the bus at `address` and says hello. Whatever goes wrong but the deadline means that there is no
    /// bus.
    static func connect(
        to address: String, _ calls: PendingCalls, until moment: BootInstant
    ) async throws(KeyringFailure) -> Bus {
        let connection: ObjectReference
        do {
            connection = try await unsafe calls.wait(until: moment) { cancellable, data in
                // GIO copies the address and takes a reference of its own to the cancellable.
                unsafe lanyard_bus_connect(address, cancellable, connected, data)
            }
        } catch {
            throw error == .timedOut || error == .closed ? error : .noBus
        }
        let bus = Bus(connection, calls)
        let box = unsafe Unmanaged.passRetained(ClosingHandler(bus)).toOpaque()
        // The box is GObject's until the connection ends, and is then released by the last argument.
        unsafe _ = lanyard_bus_on_closed(connection.pointer, closed, box, releaseClosingHandler)
        return bus
    }

    /// Calls `method` of the Secret Service. `answer` is the D-Bus type of what it must return.
    func call(
        _ path: String, _ interface: String, _ method: String, _ parameters: Variant, answer: String,
        until moment: BootInstant
    ) async throws(KeyringFailure) -> Variant {
        try await unsafe calls.wait(until: moment) { cancellable, data in
            // GDBus takes references of its own to all that it keeps.
            unsafe lanyard_bus_call(
                connection.pointer, path, interface, method, parameters.pointer, answer, cancellable, called, data)
        }
    }

    /// The number of the process that is the Secret Service.
    func serviceProcess(until moment: BootInstant) async throws(KeyringFailure) -> Int32 {
        let answer: Variant = try await unsafe calls.wait(until: moment) { cancellable, data in
            // GDBus takes references of its own to all that it keeps.
            unsafe lanyard_bus_service_process(connection.pointer, cancellable, called, data)
        }
        return Int32(truncatingIfNeeded: unsafe g_variant_get_uint32(answer[0].pointer))
    }

    /// Calls `handler` with the parameters of each signal that matches, until the connection ends or the handler that
    /// is returned is cancelled. nil matches all.
    @discardableResult
    func subscribe(
        sender: String = LANYARD_SECRETS_NAME, path: String? = nil, interface: String, signal: String? = nil,
        firstArgument: String? = nil, handler: @escaping @LoopActor (Variant) -> Void
    ) -> SignalHandler {
        let box = SignalHandler(connection, handler)
        // GDBus holds the box until the subscription ends, and releases it with the last argument.
        box.subscription = unsafe g_dbus_connection_signal_subscribe(
            connection.pointer, sender, interface, signal, path, firstArgument, G_DBUS_SIGNAL_FLAGS_NONE, signalled,
            Unmanaged.passRetained(box).toOpaque(), releaseSignalHandler)
        handlers.append(box)
        return box
    }

    /// Closes the connection, if it is not, and lets go of the handlers, each of which holds it; calls under way are
    /// ended by their owner.
    func close() {
        onClose = nil
        for handler in handlers { handler.cancel() }
        handlers = []
        // Nobody waits for it, and one that is closed already stays so.
        unsafe g_dbus_connection_close(connection.pointer, nil, nil, nil)
    }

    func forget(_ handler: SignalHandler) {
        handler.cancel()
        handlers.removeAll { $0 === handler }
    }

    fileprivate func hasClosed() {
        let tell = onClose
        close()
        tell?()
    }
}

/// A subscription to signals.
@LoopActor final class SignalHandler {
    private let connection: ObjectReference
    fileprivate var handler: (@LoopActor (Variant) -> Void)?
    fileprivate var subscription: guint = 0

    fileprivate init(_ connection: ObjectReference, _ handler: @escaping @LoopActor (Variant) -> Void) {
        self.connection = connection
        self.handler = handler
    }

    /// The handler is not called again.
    func cancel() {
        guard handler != nil else { return }
        handler = nil
        unsafe g_dbus_connection_signal_unsubscribe(connection.pointer, subscription)
    }
}

/// Who is told that the bus has closed the connection.
private final class ClosingHandler: Sendable {
    // Weak: the connection belongs to the bus, and must not keep it.
    weak let bus: Bus?
    init(_ bus: Bus) { self.bus = bus }
}

// GLib's callbacks, all on the loop's thread. Written here, at file level, because a closure written in loop-isolated
// code would be isolated itself. Pointers do not cross into isolated code: what they point to is taken over before.

private let connected: GAsyncReadyCallback = { _, result, data in
    var error: UnsafeMutablePointer<GError>?
    if let connection = unsafe g_dbus_connection_new_for_address_finish(result, &error) {
        unsafe Waiter<ObjectReference>.end(data, .success(ObjectReference(taking: connection)))
    } else {
        unsafe Waiter<ObjectReference>.end(data, .failure(BusFailure(taking: error)))
    }
}

let called: GAsyncReadyCallback = { source, result, data in
    var error: UnsafeMutablePointer<GError>?
    // The source is the connection that the call was made on.
    if let answer = unsafe g_dbus_connection_call_finish(source.map { OpaquePointer($0) }, result, &error) {
        unsafe Waiter<Variant>.end(data, .success(Variant(taking: answer)))
    } else {
        unsafe Waiter<Variant>.end(data, .failure(BusFailure(taking: error)))
    }
}

private let signalled: GDBusSignalCallback = { _, _, _, _, _, parameters, data in
    guard let parameters = unsafe parameters, let data = unsafe data else { return }
    // GDBus holds both during the call.
    let values = unsafe Variant(taking: g_variant_ref(parameters))
    let box = unsafe Unmanaged<SignalHandler>.fromOpaque(data).takeUnretainedValue()
    LoopActor.assumeIsolated { box.handler?(values) }
}

private let releaseSignalHandler: GDestroyNotify = { data in
    if let data = unsafe data { unsafe Unmanaged<SignalHandler>.fromOpaque(data).release() }
}

private let closed:
    @convention(c) (OpaquePointer?, gboolean, UnsafeMutablePointer<GError>?, UnsafeMutableRawPointer?) -> Void = {
        _, _, _, data in
        guard let data = unsafe data else { return }
        // GObject holds the box during the call.
        let box = unsafe Unmanaged<ClosingHandler>.fromOpaque(data).takeUnretainedValue()
        LoopActor.assumeIsolated { box.bus?.hasClosed() }
    }

private let releaseClosingHandler: @convention(c) (UnsafeMutableRawPointer?, UnsafeMutablePointer<GClosure>?) -> Void =
    { data, _ in
        if let data = unsafe data { unsafe Unmanaged<ClosingHandler>.fromOpaque(data).release() }
    }
