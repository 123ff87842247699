import CSecret
import EventLoop
import Model

/// A word to a person at a desktop (https://specifications.freedesktop.org/notification-spec), over a connection to the
/// session bus that is made for it and closed after.
@LoopActor public enum DesktopNotification {
    /// As long as the desktop may take, in seconds: it may start its notification service for this.
    private static let patience = 10.0

    /// Shows a title and a text, neither of which may be a secret.
    /// - Returns: false where nobody shows it: no bus, or no such service on it.
    public static func show(_ title: String, _ text: String) async -> Bool {
        guard let address = sessionBusAddress() else { return false }
        let calls = PendingCalls()
        let moment = Clock.system.boot() + patience
        guard let bus = try? await Bus.connect(to: address, calls, until: moment) else { return false }
        defer { bus.close() }
        let answer: Variant? = try? await unsafe calls.wait(until: moment) { cancellable, data in
            // GDBus takes references of its own to all that it keeps; the texts are copied.
            unsafe lanyard_bus_notify(bus.pointer, title, text, cancellable, called, data)
        }
        return answer != nil
    }
}
