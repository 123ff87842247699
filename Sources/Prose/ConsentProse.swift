import Model

/// What is said where a session asks before a program gets it.
extension Prose {
    /// The title of the question on the desktop.
    public static func consentTitle(_ name: SessionName) -> String { "may a program use \"\(name)\"?" }
    /// Its text.
    public static func consentText(_ name: SessionName, program: String, tree: String) -> String {
        "\(program) asks for it; consent is for \(tree) and all that it starts, until it ends; or: lanyard confirm \(name)"
    }
    /// The button that allows it.
    public static let allow = "allow"
    /// The button that refuses it.
    public static let refuse = "refuse"
}

extension Failure {
    /// `confirm NAME`: more than one terminal or job waits, or was refused.
    public static func severalAsk(_ name: SessionName, wereRefused: Bool, _ programs: [String]) -> Failure {
        let what = wereRefused ? "were refused \"\(name)\"" : "wait for your consent to \"\(name)\""
        return Failure(
            .ambiguous, "\(programs.count) \(what): \(programs.joined(separator: ", "))",
            session: name, mend: "lanyard confirm \(name) --process PID, with the number of the one you mean")
    }
}

extension CommandProse {
    /// A process, by the name of its program and its number.
    public static func program(_ name: String, _ pid: Int32) -> String { "\(shown(name)) \(pid)" }

    /// `confirm`: nothing waits.
    public static let nobodyWaits = "no program waits for your consent"

    /// `confirm NAME`: nothing waits for this one.
    public static func nobodyWaits(for name: String) -> Failure {
        Failure(
            .noMatch, "no program waits for your consent to \"\(shown(name))\"",
            mend: "run the program first: it is asked about when it wants the session; what waits: lanyard confirm")
    }

    /// `confirm`: a program that waits.
    package static func waits(_ wish: JSONValue, _ time: TimePhrase) -> String {
        let since = wish["since"]?.instant.map { " " + time.since($0) } ?? ""
        return "\"\(session(wish))\": \(asker(wish)) waits\(since)"
    }

    /// `confirm`: a program that was refused.
    package static func wasRefused(_ wish: JSONValue) -> String { "\"\(session(wish))\": \(asker(wish)) was refused" }

    /// `confirm`: how it is answered.
    public static let howToAnswer = "to allow: lanyard confirm NAME; to refuse: lanyard confirm NAME --refuse"

    /// `confirm NAME`: a program that has its answer.
    package static func answered(_ wish: JSONValue, allowed: Bool) -> String {
        let tree = "\(program(wish, "leader_program", "leader")) and all that it starts"
        return allowed
            ? "\(tree) may use \"\(session(wish))\" until it ends"
            : "\(tree) may not use \"\(session(wish))\"; to take that back: lanyard confirm \(session(wish))"
    }

    private static func session(_ wish: JSONValue) -> String { wish["session"]?.shownText ?? "" }

    private static func asker(_ wish: JSONValue) -> String {
        let program = program(wish, "program", "pid")
        guard wish["pid"]?.integer != wish["leader"]?.integer else { return program }
        return "\(program), in \(Self.program(wish, "leader_program", "leader")),"
    }

    private static func program(_ wish: JSONValue, _ name: String, _ pid: String) -> String {
        program(wish[name]?.string ?? "?", Int32(truncatingIfNeeded: wish[pid]?.integer ?? 0))
    }
}
