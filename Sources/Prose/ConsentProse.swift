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
    /// `confirm NAME`: more than one terminal or job waits.
    public static func severalAsk(_ name: SessionName, _ leaders: [(name: String, pid: Int32)]) -> Failure {
        Failure(
            .ambiguous, "\(leaders.count) wait for your consent to \"\(name)\": \(listed(leaders))",
            session: name, mend: "\(CommandProse.confirm(name, "PID")), with the number of the one you mean")
    }

    /// `confirm NAME`: nothing waits, and these terminals or jobs were refused.
    public static func onlyRefused(_ name: SessionName, _ leaders: [(name: String, pid: Int32)]) -> Failure {
        let mend =
            if leaders.count == 1, let only = leaders.first { CommandProse.confirm(name, "\(only.pid)") } else {
                "\(CommandProse.confirm(name, "PID")), with the number of the one you mean"
            }
        return Failure(
            .noMatch, "no program waits for your consent to \"\(name)\"; you have refused it to \(listed(leaders))",
            session: name, mend: "to take that back: \(mend)")
    }

    private static func listed(_ leaders: [(name: String, pid: Int32)]) -> String {
        leaders.map { CommandProse.program($0.name, $0.pid) }.joined(separator: ", ")
    }
}

extension CommandProse {
    /// A process, by the name of its program and its number.
    public static func program(_ name: String, _ pid: Int32) -> String { "\(shown(name)) \(pid)" }

    /// The command that answers the one terminal or job that this process leads.
    static func confirm(_ name: some CustomStringConvertible, _ process: String) -> String {
        "lanyard confirm \(name) --process \(process)"
    }

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
    package static func wasRefused(_ wish: JSONValue) -> String {
        "\"\(session(wish))\": \(asker(wish)) was refused; \(takeBack(wish))"
    }

    /// `confirm`: how what waits is answered.
    public static let howToAnswer = "to allow: lanyard confirm NAME; to refuse: lanyard confirm NAME --refuse"

    /// `confirm NAME`: a program that has its answer.
    package static func answered(_ wish: JSONValue, allowed: Bool) -> String {
        let tree = "\(program(wish, "leader_program", "leader")) and all that it starts"
        return allowed
            ? "\(tree) may use \"\(session(wish))\" until it ends"
            : "\(tree) may not use \"\(session(wish))\"; \(takeBack(wish))"
    }

    private static func takeBack(_ wish: JSONValue) -> String {
        "to take that back: \(confirm(session(wish), "\(wish["leader"]?.integer ?? 0)"))"
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
