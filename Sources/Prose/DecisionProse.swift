import Model

/// What `why` says of a decision; the rest of a line are facts.
extension Prose {
    /// A session was attached.
    public static func decided(_ name: SessionName, dropped: Int, file: String? = nil) -> String {
        let name = name.description + named(in: file)
        return switch dropped {
        case 0: name
        case 1: "\(name) (its oldest cookie had no room)"
        default: "\(name) (its \(dropped) oldest cookies had no room)"
        }
    }

    /// Nothing was attached.
    public static func decided(_ nothing: NotAttached) -> String { "nothing: \(cause(nothing))" }

    /// A server refused what a request carried.
    public static func decidedRefused(_ name: SessionName) -> String { "\(name): the server refused it (401)" }

    /// A session was renewed.
    public static func decidedRenewed(_ name: SessionName) -> String { "\(name): renewed" }

    /// A session was not renewed.
    public static func decidedNotRenewed(_ name: SessionName, _ failure: Failure) -> String {
        "\(name): not renewed: \(failure.message)"
    }
}

extension CommandProse {
    /// The last line of `why`: how many decisions there are, and since when.
    /// - Parameters:
    ///   - count: how many there have been.
    ///   - shown: how many stand above.
    ///   - isComplete: none has been forgotten since the daemon was started.
    package static func decisions(
        _ count: Int, shown: Int, since: WallInstant, isComplete: Bool, _ time: TimePhrase
    ) -> String {
        let since = time.since(since)
        guard isComplete else { return "\(number(shown)) of the last 1,000 \(since); earlier ones are forgotten" }
        let started = "\(since), when the daemon was started"
        switch count {
        case 0: return "nothing was decided \(started)"
        case shown: return "\(count == 1 ? "1 decision" : "\(number(count)) decisions") \(started)"
        default: return "\(number(shown)) of \(number(count)) decisions \(started)"
        }
    }

    /// `1,132`.
    package static func number(_ number: Int) -> String {
        var digits = String(number)
        var grouped = ""
        while digits.count > 3 {
            grouped = "," + digits.suffix(3) + grouped
            digits.removeLast(3)
        }
        return digits + grouped
    }
}
