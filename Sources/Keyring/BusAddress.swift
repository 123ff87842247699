import CSecret
import Glibc

/// The address of the session bus as the environment has it now; nil where it has none.
///
/// `DBUS_SESSION_BUS_ADDRESS`, else the socket `bus` in `XDG_RUNTIME_DIR`, as systemd has it. Not GLib's own look-up,
/// which would start `dbus-launch` and wait for it.
func sessionBusAddress() -> String? {
    if let address = variable("DBUS_SESSION_BUS_ADDRESS") { return address }
    guard let folder = variable("XDG_RUNTIME_DIR") else { return nil }
    // The escaped text is ours to free.
    guard let escaped = unsafe g_dbus_address_escape_value(folder + "/bus") else { return nil }
    defer { unsafe g_free(escaped) }
    return unsafe "unix:path=" + String(cString: escaped)
}

private func variable(_ name: String) -> String? {
    // Nobody changes the environment of this process; the text is copied.
    guard let value = unsafe getenv(name) else { return nil }
    let text = unsafe String(cString: value)
    return text.isEmpty ? nil : text
}
