import CSecret

/// A GError of GDBus or libsecret, as far as anyone asks.
enum BusFailure: Error, Equatable {
    /// The cancellable was used.
    case cancelled
    /// The connection to the bus is closed.
    case disconnected
    /// The other side answered with this D-Bus error.
    case remote(name: String, text: String)
    /// Anything else: an answer of another type, a bus that does not let us in.
    case other(String)

    /// Takes over and frees `error`.
    init(taking error: UnsafeMutablePointer<GError>?) {
        guard let error = unsafe error else {
            // No function used here fails without one.
            self = .other("no reason given")
            return
        }
        defer { unsafe g_error_free(error) }
        self = unsafe Self.read(error)
    }

    private static func read(_ error: UnsafeMutablePointer<GError>) -> BusFailure {
        // GLib owns the strings of the error for as long as it lives; the name of a remote error is ours to free.
        if let name = unsafe g_dbus_error_get_remote_error(error) {
            defer { unsafe g_free(name) }
            unsafe g_dbus_error_strip_remote_error(error)
            return unsafe .remote(name: String(cString: name), text: String(cString: error.pointee.message))
        }
        if unsafe error.pointee.domain == g_io_error_quark() {
            switch unsafe error.pointee.code {
            case gint(G_IO_ERROR_CANCELLED.rawValue): return .cancelled
            case gint(G_IO_ERROR_CLOSED.rawValue): return .disconnected
            default: break
            }
        }
        return unsafe .other(String(cString: error.pointee.message))
    }
}
