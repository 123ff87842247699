import Model

/// What the desktop shows, and what the log says of the commands that a person has set.
extension Prose {
    /// The title of a notification.
    public static func needsLoginTitle(_ name: SessionName) -> String { "\"\(name)\" needs a login" }
    /// Its text.
    public static func logInTo(_ name: SessionName) -> String { "lanyard login \(name)" }
    /// Its text where the session was added by hand.
    public static func addAnewTo(_ name: SessionName) -> String { addAnew(name) }

    /// How a command of the person's ended.
    public enum HookEnd: Equatable, Sendable {
        /// With this status.
        case exited(Int32)
        /// By this signal.
        case signal(Int32)
        /// It was killed after so long.
        case tooLong(seconds: Int)
        /// It could not be started, in the system's words.
        case notStarted(String)
    }

    /// What the log says of a command's end; nil where all is well.
    public static func hookEnd(_ program: String, _ end: HookEnd) -> String? {
        switch end {
        case .exited(0): nil
        case .exited(let status): "\(printable(program)), which was run for a session, ended with status \(status)"
        case .signal(let number): "\(printable(program)), which was run for a session, was ended by signal \(number)"
        case .tooLong(let seconds): "\(printable(program)), which was run for a session, was killed after \(seconds) s"
        case .notStarted(let reason): "\(printable(program)) could not be run for a session: \(reason)"
        }
    }
}
