import CSecret
import EventLoop
import Glibc
import Model

/// A word to a person at a desktop (https://specifications.freedesktop.org/notification-spec), over a connection to the
/// session bus that is made for it and closed after.
@LoopActor public enum DesktopNotification {
    /// As long as the desktop may take, in seconds: it may start its notification service for this.
    private static let patience = 10.0

    /// Shows a title and a text, neither of which may be a secret.
    /// - Returns: false where nobody shows it: no bus, or no such service on it.
    public static func show(_ title: String, _ text: String) async -> Bool {
        await withBus { bus, calls in await notify(bus, calls, title, text, []) } != nil
    }

    /// As long as a person may take to answer, in seconds.
    private static let personPatience = 300.0

    /// Shows a title and a text, neither of which may be a secret, with buttons, and waits for the person; without the
    /// buttons, and without waiting, where the desktop has none.
    /// - Parameter buttons: the name and the label of each.
    /// - Returns: the name of the button; nil where there was no answer within five minutes, or will be none.
    public static func ask(
        _ title: String, _ text: String, buttons: [(name: String, label: String)]
    ) async -> String? {
        await withBus { bus, calls in
            guard await hasButtons(bus, calls) else {
                _ = await notify(bus, calls, title, text, [])
                return nil
            }
            let choice = Choice()
            // Before it is shown: it may be answered before the desktop has said which it is.
            bus.subscribe(sender: LANYARD_NOTIFICATIONS, interface: LANYARD_NOTIFICATIONS) { choice.take($0) }
            bus.onClose = { choice.end(nil) }
            let names = buttons.flatMap { [$0.name, $0.label] }
            guard let id = await notify(bus, calls, title, text, names) else { return nil }
            return await choice.wait(for: id, until: Clock.system.boot() + personPatience)
        }
    }

    private static func withBus<Answer>(
        _ body: @LoopActor (Bus, PendingCalls) async -> Answer?
    ) async -> Answer? {
        guard let address = sessionBusAddress() else { return nil }
        let calls = PendingCalls()
        let moment = Clock.system.boot() + patience
        guard let bus = try? await Bus.connect(to: address, calls, until: moment) else { return nil }
        defer { bus.close() }
        return await body(bus, calls)
    }

    private static func hasButtons(_ bus: Bus, _ calls: PendingCalls) async -> Bool {
        let moment = Clock.system.boot() + patience
        let answer: Variant? = try? await unsafe calls.wait(until: moment) { cancellable, data in
            // GDBus takes references of its own to all that it keeps.
            unsafe lanyard_bus_notification_capabilities(bus.pointer, cancellable, called, data)
        }
        return answer?[0].texts.contains("actions") ?? false
    }

    /// - Returns: the number that the desktop gives it; nil where nobody shows it.
    private static func notify(
        _ bus: Bus, _ calls: PendingCalls, _ title: String, _ text: String, _ names: [String]
    ) async -> UInt32? {
        let moment = Clock.system.boot() + patience
        // C's copies of the texts live until the call has begun, which copies them.
        var copies = unsafe names.map { unsafe UnsafePointer(strdup($0)) }
        defer { unsafe copies.forEach { unsafe free(UnsafeMutablePointer(mutating: $0)) } }
        let answer: Variant? = try? await unsafe calls.wait(until: moment) { cancellable, data in
            // GDBus takes references of its own to all that it keeps; the texts are copied.
            unsafe lanyard_bus_notify(bus.pointer, title, text, &copies, copies.count, cancellable, called, data)
        }
        return answer.map { unsafe g_variant_get_uint32($0[0].pointer) }
    }
}

/// The person's answer to a notification.
@LoopActor private final class Choice {
    /// Answers to others that come before it is known which one is ours: more is a flood.
    private static let mostEarly = 64

    private var id: UInt32?
    private var early: [(id: UInt32, name: String?)] = []
    private var outcome: String??
    private var continuation: CheckedContinuation<Void, Never>?

    /// Takes the parameters of a signal: ActionInvoked has a button's name, NotificationClosed a reason.
    func take(_ signal: Variant) {
        var name: String?
        if unsafe g_variant_check_format_string(signal.pointer, "(us)", 0) != 0 {
            name = signal[1].text
        } else if unsafe g_variant_check_format_string(signal.pointer, "(uu)", 0) == 0 {
            return
        }
        let about = unsafe g_variant_get_uint32(signal[0].pointer)
        if let id {
            if about == id { end(name) }
        } else if early.count < Self.mostEarly {
            early.append((about, name))
        }
    }

    /// Ends the wait with the name of a button, or without one.
    func end(_ name: String?) {
        guard outcome == nil else { return }
        outcome = .some(name)
        continuation?.resume()
        continuation = nil
    }

    /// Waits for the answer to the notification of this number; nil at `moment`.
    func wait(for id: UInt32, until moment: BootInstant) async -> String? {
        self.id = id
        if let answer = early.first(where: { $0.id == id }) { end(answer.name) }
        let timer = Timer(at: moment) { self.end(nil) }
        if outcome == nil { await withCheckedContinuation { continuation = $0 } }
        timer.cancel()
        return outcome ?? nil
    }
}
