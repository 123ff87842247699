import CSecret
import EventLoop
import Model

/// An encrypted session with the service (Secret Service API, "Transfer of Secrets"), and the coding of secrets for it.
@LoopActor final class SecretSession {
    private let service: ObjectReference

    private init(_ service: ObjectReference) { self.service = service }

    /// Agrees on a key with the service.
    static func open(
        on bus: Bus, _ calls: PendingCalls, until moment: BootInstant
    ) async throws(KeyringFailure) -> SecretSession {
        let service: ObjectReference = try await unsafe calls.wait(until: moment) { cancellable, data in
            // GIO takes references of its own to the connection and the cancellable.
            unsafe lanyard_secret_service_open(bus.pointer, cancellable, opened, data)
        }
        let session = SecretSession(service)
        // libsecret falls back to a session in the clear where the service knows no other.
        if session.algorithms == "plain" { throw .unencrypted }
        return session
    }

    private var pointer: UnsafeMutablePointer<SecretService> {
        // `opened` has put a SecretService there.
        unsafe UnsafeMutablePointer(service.pointer)
    }

    private var algorithms: String? {
        // The text is the session's own.
        guard let text = unsafe secret_service_get_session_algorithms(pointer) else { return nil }
        return unsafe String(cString: text)
    }

    /// The path by which the service knows the session.
    var path: String {
        // The text is the session's own; the session is open, or there would be no object.
        guard let text = unsafe secret_service_get_session_dbus_path(pointer) else { return "/" }
        return unsafe String(cString: text)
    }

    /// `secret`, encrypted, as a struct of the API.
    func encode(_ secret: SecretBytes) -> Variant {
        unsafe secret.withUnsafeBytes { bytes in
            // Lent, not copied: the value ends before the bytes do, and frees nothing. Octets, because a service may
            // take text apart and put it together anew.
            let value = unsafe secret_value_new_full(
                UnsafeMutablePointer(mutating: bytes.baseAddress?.assumingMemoryBound(to: CChar.self)),
                gssize(bytes.count), "application/octet-stream", nil)
            defer { unsafe secret_value_unref(UnsafeMutableRawPointer(value)) }
            return unsafe Variant(taking: secret_service_encode_dbus_secret(pointer, value))
        }
    }

    /// The secret in a struct of the API, decrypted; nil where it was not encrypted for this session.
    func decode(_ encoded: Variant) -> SecretBytes? {
        guard let value = unsafe secret_service_decode_dbus_secret(pointer, encoded.pointer) else { return nil }
        // Copied out of libsecret's own locked memory, which is zeroed with the value.
        defer { unsafe secret_value_unref(UnsafeMutableRawPointer(value)) }
        var count: gsize = 0
        guard let bytes = unsafe secret_value_get(value, &count) else { return nil }
        return unsafe SecretBytes(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
    }
}

private let opened: GAsyncReadyCallback = { source, result, data in
    var error: UnsafeMutablePointer<GError>?
    if let service = unsafe lanyard_secret_service_open_finish(source, result, &error) {
        unsafe Waiter<ObjectReference>.end(data, .success(ObjectReference(taking: OpaquePointer(service))))
    } else {
        unsafe Waiter<ObjectReference>.end(data, .failure(BusFailure(taking: error)))
    }
}
