/// Why the keyring did not do what was asked.
public enum KeyringFailure: Error, Equatable, Sendable {
    /// The default collection is locked, or another one that holds an item of ours.
    case locked
    /// A service answers and has no default collection: there is nothing yet to store in.
    case noCollection
    /// There is a bus and no Secret Service on it, none that can be started, or it has ended during the call.
    case noService
    /// There is no session bus, or it has gone.
    case noBus
    /// No answer within the deadline. What was asked may have been done, or may yet be: read back before asking again.
    case timedOut
    /// The person closed the keyring's dialog, or it could not be shown (no display).
    case dismissed
    /// It asks the person, who has not answered within the deadline; the dialog stays. What was asked may yet be done: it
    /// is not to be asked again by itself, which would bring another dialog.
    case asking
    /// There is no such item any more.
    case gone
    /// The service refused: wrong password, or it wants to ask the person first where nobody was to be asked.
    case denied
    /// The service has no encrypted session to offer; secrets are not sent in the clear.
    case unencrypted
    /// The service said no for a reason of its own (a full disk is one), in its own words: printable ASCII, at most 200
    /// characters. It is told secrets in encrypted form only.
    case refused(String)
    /// The service does not know the session that it has just agreed to: it is being restarted, over and over.
    case sessionGone
    /// `close()` was called.
    case closed
}

extension KeyringFailure {
    /// The failure of something that was asked of a collection.
    var ofCollection: KeyringFailure { self == .gone ? .noCollection : self }

    /// From a failed call.
    init(_ failure: BusFailure) {
        switch failure {
        case .cancelled: self = .timedOut
        case .disconnected: self = .noBus
        case .remote(let name, let text): self = Self.remote(name, text)
        case .other(let text): self = .refused(Self.printable(text))
        }
    }

    /// From a D-Bus error name (Secret Service API, "Errors"; D-Bus specification; GNOME Keyring's own).
    private static func remote(_ name: String, _ text: String) -> KeyringFailure {
        switch name {
        case "org.freedesktop.Secret.Error.IsLocked": .locked
        case "org.freedesktop.Secret.Error.NoSession": .sessionGone
        case "org.freedesktop.Secret.Error.NoSuchObject",
            "org.freedesktop.DBus.Error.UnknownMethod", "org.freedesktop.DBus.Error.UnknownObject",
            "org.freedesktop.DBus.Error.UnknownInterface":
            .gone
        case "org.freedesktop.DBus.Error.AccessDenied", "org.gnome.keyring.Error.Denied": .denied
        case "org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.DBus.Error.NameHasNoOwner",
            // The bus's answer in the service's place, when that has ended during the call.
            "org.freedesktop.DBus.Error.NoReply", "org.freedesktop.DBus.Error.Disconnected":
            .noService
        case _ where name.hasPrefix("org.freedesktop.DBus.Error.Spawn."): .noService
        default: .refused(printable("\(text) (\(name))"))
        }
    }

    private static func printable(_ text: String) -> String {
        String(text.unicodeScalars.prefix(200).map { (0x20...0x7E).contains($0.value) ? Character($0) : "?" })
    }
}
