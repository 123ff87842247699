import Model

/// What is said about the cookies of a session.
extension Failure {
    /// The session has no jar.
    public static func noJar(_ name: SessionName, _ kind: Credential.Kind) -> Failure {
        Failure(
            .usage, "\"\(name)\" is a \(kind.rawValue) session and has no cookies", session: name,
            mend: "lanyard show \(name)")
    }
    /// There is no such cookie.
    public static func noCookie(_ name: SessionName, _ cookie: String) -> Failure {
        Failure(
            .noMatch, "\"\(name)\" has no such cookie \(Prose.printable(cookie))", session: name,
            mend: "lanyard cookies list \(name)")
    }
    /// Several cookies have that name.
    public static func severalCookies(_ name: SessionName, _ cookie: String, _ count: Int) -> Failure {
        Failure(
            .ambiguous, "\"\(name)\" has \(count) cookies \(Prose.printable(cookie))", session: name,
            mend: "name one with --domain or --path, as: lanyard cookies list \(name)")
    }
}

extension Prose {
    /// Why a cookie is not taken, to stand after a colon.
    static func refusal(_ refusal: CookieRefusal) -> String {
        switch refusal {
        case .empty: "it has neither a name nor a value"
        case .controlCharacter: "it has a control character in it"
        case .delimiter: "a name has no = and no ; in it, a value no ;"
        case .tooLong: "name and value have more than 4,096 bytes"
        case .notUTF8: "its name, domain or path is not UTF-8"
        case .badDomain: "its domain is no host's name"
        case .publicSuffix: "its domain is nobody's own, everybody can have a host there"
        case .foreignDomain: "its domain is not the host's"
        case .insecureOrigin: "it is Secure, and the place is not https"
        case .prefix:
            "a name with __Secure- or __Host- is for https alone, one with __Host- for a single host and the path /"
        case .partition: "it is Partitioned, and not Secure"
        }
    }

    /// What a person does about it who sets a cookie; nil where there is nothing to say.
    static func mend(_ refusal: CookieRefusal) -> String? {
        switch refusal {
        case .delimiter: "servers mostly read %3B for ; and %3D for ="
        case .tooLong: "let it be shorter: no browser keeps it either"
        case .prefix: "take another name, or a place it may have: --for https://HOST"
        case .publicSuffix: "name a host of it: --for https://HOST"
        case .empty, .controlCharacter, .notUTF8, .badDomain, .foreignDomain, .insecureOrigin, .partition: nil
        }
    }
}

extension CommandProse {
    package static let cookieHeadings = ["NAME", "FOR", "EXPIRES", "FLAGS", "VALUE"]

    /// A session without cookies.
    package static func noCookies(_ session: String) -> String { "\"\(session)\" has no cookies" }

    /// Where a cookie goes: a domain with a leading dot means the hosts below it too, as cookie files write it.
    package static func cookiePlace(_ cookie: JSONValue) -> String {
        let dot = cookie["host_only"]?.bool ?? true ? "" : "."
        return dot + (cookie["domain"]?.shownText ?? "") + (cookie["path"]?.shownText ?? "")
    }

    package static func cookieEnd(_ cookie: JSONValue, _ time: TimePhrase) -> String {
        guard let end = cookie["expires"]?.instant else { return "never by itself" }
        guard cookie["expired"]?.bool == true else { return time.distance(end) }
        return end < time.now ? "expired \(time.distance(end))" : "expired just now"
    }

    package static func cookieFlags(_ cookie: JSONValue) -> String {
        var flags: [String] = []
        if cookie["secure"]?.bool == true { flags.append("secure") }
        if cookie["http_only"]?.bool == true { flags.append("http only") }
        if let site = cookie["same_site"]?.shownText { flags.append("same site \(site)") }
        if cookie["partition"]?.shownText != nil { flags.append("partitioned") }
        return flags.isEmpty ? "-" : flags.joined(separator: ", ")
    }

    /// After `cookies set`.
    public static func cookieSet(_ cookie: JSONValue, of session: String) -> String {
        "set \(cookie["name"]?.shownText ?? "") of \"\(session)\" for \(cookiePlace(cookie))"
    }

    /// After `cookies set`, where the jar was as it should be already.
    public static func cookieStays(_ name: String, of session: String) -> String {
        "\(shown(name)) of \"\(session)\" had that value already"
    }

    /// After `cookies delete`.
    public static func cookieDeleted(_ cookie: JSONValue, of session: String) -> String {
        "deleted \(cookie["name"]?.shownText ?? "") of \"\(session)\" for \(cookiePlace(cookie))"
    }

    /// After `cookies clear`.
    public static func cookiesCleared(_ count: Int64, of session: String, onlyExpired: Bool) -> String {
        let what = onlyExpired ? "expired cookie" : "cookie"
        return "deleted \(count == 0 ? "no" : number(Int(count))) \(what)\(count == 1 ? "" : "s") of \"\(session)\""
    }

    /// After the jar lost what makes the session; nil where it works on.
    public static func cookiesNeeded(_ session: SessionView) -> String? {
        guard session.needsPerson else { return nil }
        return session.recipe == nil
            ? "it does nothing until it gets its cookie: lanyard cookies list \(session.name)"
            : "to log in again: lanyard login \(session.name)"
    }
}
