import Model

/// What is said about cookie files.
extension CommandProse {
    /// After `import`.
    public static func imported(_ count: Int64, into session: String) -> String {
        "imported \(cookies(count)) into \"\(session)\""
    }

    /// Cookies of a file that are not kept, from the daemon's answer to `import`.
    public static func notImported(_ answer: JSONValue) -> [String] {
        let ended = answer["ended"]?.integer ?? 0
        let left = answer["no_room"]?.integer ?? 0
        return [
            ended > 0 ? "\(cookies(ended)) had ended and \(ended == 1 ? "is" : "are") not kept" : nil,
            left > 0 ? "\(cookies(left)) had no room: a jar keeps 3,000 of a domain, the last of the file" : nil,
        ].compactMap(\.self)
    }

    /// The lines of a file that were skipped, from the daemon's answer.
    public static func damagedLines(_ answer: JSONValue) -> [String] {
        let damaged = answer["damaged"]?.elements ?? []
        let more = (answer["damaged_count"]?.integer ?? 0) - Int64(damaged.count)
        return damaged.map { line in
            "line \(line["line"]?.integer ?? 0) was skipped: \(damage(line["cause"]?.string ?? ""))"
        }
            + (more > 0 ? ["\(number(Int(more))) more lines were skipped"] : [])
    }

    /// What is wrong with a line; `cause` is a word of the protocol.
    static func damage(_ cause: String) -> String {
        switch cause {
        case "fields": "it has not seven fields with tabs between them"
        case "flag": "its second and fourth field have to be TRUE or FALSE"
        case "expiry": "its fifth field, the end, is no number"
        case "domain": "its first field is no host, or a domain that is nobody's own"
        case "path": "its third field, the path, does not begin with /"
        default:
            "no server could set such a cookie"
                + (CookieRefusal(rawValue: cause).map { ": " + Prose.refusal($0) } ?? "")
        }
    }

    /// What a cookie file cannot say of a jar, from the daemon's answer to `export`.
    public static func lostInFile(_ lost: JSONValue) -> [String] {
        let losses: [(String, String)] = [
            ("same_site", "their SameSite"), ("partition", "the site they are kept apart for"),
            ("address", "that an address is no domain"),
        ]
        var lines = losses.compactMap { member, what in
            let count = lost[member]?.integer ?? 0
            return count > 0 ? "a cookie file cannot say \(what): \(cookies(count))" : nil
        }
        if let count = lost["left_out"]?.integer, count > 0 {
            lines.append("a cookie file cannot hold a tab: \(cookies(count)) left out")
        }
        return lines
    }

    private static func cookies(_ count: Int64) -> String {
        "\(count == 0 ? "no" : number(Int(count))) cookie\(count == 1 ? "" : "s")"
    }

    /// A file with a line that is too long for a cookie file's.
    public static func noCookieFile(_ path: String) -> Failure {
        Failure(
            .usage, "\(shown(path)) is no cookie file: a line of it is longer than 128 KiB",
            mend: "a Netscape file has seven fields between tabs")
    }
}

/// Cookie files that cannot be imported as one change; nothing of them is.
extension Failure {
    /// The file is larger than one change can be.
    public static func cookieFileTooLarge(megabytes: Int) -> Failure {
        Failure(
            .usage, "the cookie file is larger than \(megabytes) MiB, nothing was imported",
            mend: "cut it in several, and import one after the other")
    }
    /// The file has more cookies than a jar holds.
    public static func tooManyCookies(_ most: Int) -> Failure {
        Failure(
            .usage, "the cookie file has more than \(CommandProse.number(most)) cookies, nothing was imported",
            mend: "leave out those of other hosts: a jar holds no more")
    }
    /// The parts before this one are gone.
    public static let importInterrupted = Failure(
        .internal,
        "the store was locked while the cookie file came, or its next part was too long in coming; nothing was imported",
        mend: "import it again")
}
