import Model

/// The failures that the daemon tells.
extension Failure {
    /// There is no session of that name.
    /// - Parameter nearest: one that may have been meant.
    public static func noSession(_ name: SessionName, nearest: String? = nil) -> Failure {
        Failure(
            .noMatch, "there is no session \"\(name)\"\(Prose.didYouMean(nearest))", session: name,
            mend: "lanyard list")
    }

    /// Nothing would be attached.
    public static func notAttached(_ nothing: NotAttached) -> Failure {
        let code: Code =
            switch nothing.reason {
            case .ambiguous: .ambiguous
            case .needsLogin: .loginNeeded
            case .expired: .networkFailed
            case .locked: .storeLocked
            case .unavailable: .storeUnavailable
            case .unverified, .proxy, .unixSocket, .hostHeader, .notLoopback, .left, .otherSession, .unconfirmed,
                .refusedByPerson:
                .refused
            default: .noMatch
            }
        return Failure(code, Prose.cause(nothing), session: nothing.sessions.first, mend: Prose.mend(nothing))
    }

    /// Only a person can go on.
    /// - Parameter wasAdded: it was added by hand: there is nothing to log in by.
    public static func needsLogin(
        _ name: SessionName, _ cause: Session.NeedsLogin.Cause, wasAdded: Bool
    ) -> Failure {
        Failure(
            .loginNeeded, "\"\(name)\" needs a login: \(Prose.needsLogin(cause))", session: name,
            mend: wasAdded ? Prose.addAnew(name) : "lanyard login \(name)")
    }

    /// The session cannot renew by itself.
    public static func cannotRenew(_ name: SessionName) -> Failure {
        Failure(
            .loginNeeded, "\"\(name)\" has nothing to renew it with: a new one takes a login", session: name,
            mend: "lanyard login \(name)")
    }

    /// The session was added by hand, and can neither renew nor log in by itself.
    public static func wasAdded(_ name: SessionName) -> Failure {
        Failure(
            .loginNeeded, "\"\(name)\" was added by hand: Lanyard has nothing to renew it with or to log in by",
            session: name, mend: Prose.addAnew(name))
    }

    /// The session was removed while something else was under way.
    public static func removedMeanwhile(_ name: SessionName) -> Failure {
        Failure(.noMatch, "\"\(name)\" was removed meanwhile", session: name, mend: "lanyard list")
    }

    /// The session has no token to print.
    public static func noToken(_ name: SessionName, _ kind: Credential.Kind) -> Failure {
        Failure(
            .usage, "\"\(name)\" is a \(kind.rawValue) session and has no token to print", session: name,
            mend: "lanyard curl-config URL")
    }

    /// The name is taken.
    public static func nameTaken(_ name: SessionName) -> Failure {
        Failure(
            .usage, "there is a session \"\(name)\" already", session: name,
            mend: "take another name, or: lanyard remove \(name)")
    }

    /// A text is no session name. The text itself is not repeated: it may hold a newline.
    public static let badName = Failure(
        .usage,
        "a session's name is 1 to 64 of A-Z a-z 0-9 . _ @ / -, beginning with neither - nor ., and no part empty, . or ..",
        mend: "for example: work/django")

    /// The secret cannot stand in a header field.
    public static let badSecret = Failure(
        .usage,
        "the secret is empty, or longer than 30 KiB, or has a control character in it (CR, LF, NUL), or is not UTF-8",
        mend: "check what was given on stdin")

    /// A text is no place for `--for`.
    public static func badPlace(_ text: String, _ fault: PlaceFault) -> Failure {
        Failure(
            .usage,
            "\(text.isEmpty ? "\"\"" : Prose.withoutUser(text)) is not a place a session can be for: \(Prose.why(fault))",
            mend: "for example: --for https://api.example.com or https://*.example.com/v1")
    }

    /// A text is no URL.
    public static func badURL(_ text: String) -> Failure {
        Failure(
            .usage, "\(Prose.withoutUser(text)) is not an http or https address",
            mend: "write it in full: https://HOST[:PORT][/PATH], without a user and blanks"
        )
    }

    /// A parameter of the protocol is missing or wrong.
    public static func badParameter(_ name: String) -> Failure {
        Failure(.usage, "the value of \(Prose.printable(name)) makes no sense", parameter: name)
    }

    /// Plain HTTP to another machine.
    public static func plainHTTP(_ origin: String) -> Failure {
        Failure(
            .refused, "\(origin) is plain http: everyone on the way could read the password",
            mend: "use https, or if it must be: --for \(origin)")
    }

    /// There is no recipe of that name.
    public static func noRecipe(_ name: String, known: [String]) -> Failure {
        Failure(
            .usage, "there is no recipe \(Prose.printable(name))", mend: "one of: \(known.joined(separator: ", "))")
    }

    /// Discovery found no way to log in.
    public static func noWayToLogIn(_ url: String, seen: [String], mend: String) -> Failure {
        let saw = seen.isEmpty ? "" : ": " + seen.joined(separator: "; ")
        return Failure(
            .networkFailed, "\(url) does not say how to log in\(saw)",
            mend: mend)
    }

    /// The caller speaks another version of the protocol.
    public static func otherProtocol(theirs: Int64) -> Failure {
        Failure(
            .otherProtocol,
            "lanyardd \(Lanyard.version) speaks protocol \(Lanyard.protocolVersion), the caller \(theirs)",
            mend: "lanyard daemon stop, then try again")
    }
}

extension Prose {
    /// A name that may have been meant, after what says that there is none like that; nothing where it is nil.
    public static func didYouMean(_ name: String?) -> String { name.map { "; did you mean \"\($0)\"?" } ?? "" }

    /// Why a text is no place, to stand after a colon.
    static func why(_ fault: PlaceFault) -> String {
        switch fault {
        case .empty: "it is empty"
        case .tooLong: "it is longer than 2,048 bytes"
        case .blank: "it has a space or a control character"
        case .noScheme: "it does not begin with https:// or http://"
        case .otherScheme: "its scheme is neither https nor http"
        case .user: "it names a user"
        case .query: "it has a query or a fragment"
        case .noHost: "it has no host"
        case .port: "its port is no number from 1 to 65,535"
        case .host: "its host cannot be a name or an address"
        case .wildcard: "a * stands only for all of what is below a name, https://*.example.com"
        case .publicSuffix: "the names below that one are not one site's"
        case .belowAddress: "no name is below an address"
        case .dotSegment: "its path has a . or .. in it"
        }
    }

    /// A URL that a person typed, without what stands before an `@`: it may be a password.
    static func withoutUser(_ text: String) -> String {
        guard let at = text.lastIndex(of: "@") else { return printable(text) }
        let start = text.firstRange(of: "://")?.upperBound ?? text.startIndex
        return printable(start < at ? text[..<start] + "…" + text[at...] : text[at...])
    }

    /// A text that came from outside, fit for a terminal and cut at 200 characters.
    public static func printable(_ text: some StringProtocol) -> String { shown(text.prefix(200)) }
}

extension Failure {
    /// A cookie that no server could set.
    public static func badCookie(_ name: String, _ refusal: CookieRefusal) -> Failure {
        Failure(
            .usage, "\(Prose.printable(name)) cannot be such a cookie: \(Prose.refusal(refusal))",
            mend: Prose.mend(refusal))
    }
    /// A line of a cookie file makes no sense.
    public static func badJarLine(_ number: Int, _ cause: String) -> Failure {
        Failure(
            .usage, "line \(number) of the cookie file is no cookie: \(CommandProse.damage(cause))",
            mend: "a Netscape file has seven fields between tabs")
    }
}
