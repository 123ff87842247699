import Model

/// Why nothing is attached, for `explain` and for a script's stderr.
extension Prose {
    /// The cause, to stand after "nothing is attached: ".
    public static func cause(_ nothing: NotAttached) -> String {
        let names = names(nothing.sessions)
        return switch nothing.reason {
        case .attached: "it is"
        case .noMatch where nothing.otherPath != nil:
            "\(names)\(named(in: nothing.file)) is for \(nothing.otherPath ?? ""), and this path is outside of that"
        case .noMatch:
            nothing.sessions.isEmpty
                ? "no session is for \(nothing.origin)"
                : "\(names)\(named(in: nothing.file)) is not for \(nothing.origin)"
        case .plainHTTP: "\(names) is for https, this is http"
        case .notAmbient: "\(names) is not for plain programs (lanyard env)"
        case .ambiguous: "\(names) are equally good for \(nothing.origin)\(ended(nothing.ended))"
        case .noSession where nothing.sessions.isEmpty: "--session or LANYARD_SESSION names no session"
        case .noSession: "there is no session \(names)\(named(in: nothing.file))"
        case .brought: "the script brings a credential of its own"
        case .left: "a redirect left the protection space of \(names)"
        case .otherSession: "a redirect leads to \(names), which was not asked for"
        case .needsLogin: "\(names) needs a login: \(needsLogin(nothing.needsLogin ?? .expired))"
        case .expired: "the token of \(names) has expired, and renewing it failed"
        case .noCookie: "\(names) is for \(nothing.origin), but has no cookie for this address"
        case .proxy: "plain http through a proxy"
        case .unixSocket: "plain http over a Unix socket"
        case .hostHeader: "the script's Host header differs from the address"
        case .unverified: "TLS verification is off (curl -k)"
        case .notLoopback: "the connection does not end at \(nothing.origin)"
        case .unconfirmed: "\(names) waits for your consent to this program"
        case .refusedByPerson: "you have refused \(names) to this program"
        case .locked: "the store is locked"
        case .unavailable: "the store is unavailable"
        }
    }

    /// The next step; nil where there is none to name.
    public static func mend(_ nothing: NotAttached) -> String? {
        let first = nothing.sessions.first.map(\.description) ?? "NAME"
        return switch nothing.reason {
        case .noMatch where nothing.otherPath != nil:
            "if it is for all of \(nothing.origin): lanyard set \(first) for+=\(nothing.origin); else: lanyard login \(nothing.origin)"
        case .noMatch where nothing.sessions.isEmpty: "lanyard login \(nothing.origin)"
        case .noMatch: "name another, or if it is for there too: lanyard set \(first) for+=\(nothing.origin)"
        case .brought: "leave out the script's own (-u, -H, -b, netrc), or --require"
        case .left where nothing.origin.hasPrefix("https:"):
            "let the script ask \(nothing.origin) itself; if you trust it with \(first): lanyard set \(first) for+=\(nothing.origin)"
        // Where a redirect leads is the server's to say: nobody is talked into sending a credential in clear.
        case .left: "let the script ask \(nothing.origin) itself"
        case .otherSession:
            "let the script ask \(nothing.origin) itself, or name it: lanyard run --session \(first) -- COMMAND"
        case .noCookie: "lanyard cookies list \(first)"
        case .proxy: "use https, or leave that host out of the proxy: no_proxy=HOST"
        case .unixSocket: "use https, or leave out --unix-socket and --connect-to"
        case .hostHeader: "leave out the script's Host header"
        case .notLoopback: "use https, or leave out --resolve and --connect-to"
        case .noSession: "lanyard list"
        case .plainHTTP: "use https, or if it must be: lanyard set \(first) for+=\(nothing.origin)"
        case .notAmbient: "lanyard set \(first) ambient=true, or: lanyard curl"
        case .ambiguous where !nothing.ended.isEmpty: mendAmbiguous(nothing)
        case .ambiguous:
            "name one: lanyard run --session \(first) -- COMMAND, or for good: lanyard set \(first) default=true"
        case .needsLogin:
            (nothing.wasAdded ? nothing.sessions.first.map(addAnew) ?? "" : "lanyard login \(first)")
                + other(nothing.others)
        case .expired: "lanyard refresh \(first)"
        case .unverified: "leave out -k; for a CA of your own: curl --cacert FILE"
        case .unconfirmed: "lanyard confirm \(first) (for this terminal or job, until it ends; cron's next is another)"
        case .refusedByPerson:
            "to take that back: \(CommandProse.confirm(first, "PID")), as lanyard confirm lists it"
        case .locked: "lanyard unlock"
        case .unavailable: "lanyard status"
        case .attached: nil
        }
    }

    /// The lines a script's stderr gets where nothing is attached; none where the script wanted it so.
    /// - Parameter isRequired: the request is not sent then (`run --require`).
    public static func notice(_ nothing: NotAttached, isRequired: Bool = false) -> [String] {
        if nothing.reason == .brought, !isRequired { return [] }
        let cause = cause(nothing)
        if isRequired { return ["not sent: \(cause)"] + (mend(nothing).map { ["mend: \($0)"] } ?? []) }
        guard let mend = mend(nothing) else { return ["sent without a session: \(cause)"] }
        switch nothing.reason {
        case .needsLogin:
            return [cause, nothing.wasAdded ? "sent without it; \(mend)" : "sent without it; to log in: \(mend)"]
        case .unverified: return ["sent without \(names(nothing.sessions)): \(cause)", "mend: \(mend)"]
        default: return ["sent without a session: \(cause)", "mend: \(mend)"]
        }
    }

    /// Which of equally good sessions cannot be used, to stand after what they are.
    private static func ended(_ names: [SessionName]) -> String {
        names.isEmpty ? "" : ", and \(self.names(names)) \(names.count == 1 ? "needs" : "need") a login"
    }

    /// Nobody is given another's session unasked: the person names the one that can be used, or lets go of the others.
    private static func mendAmbiguous(_ nothing: NotAttached) -> String {
        let used = nothing.sessions.first { !nothing.ended.contains($0) }
        let ended = nothing.ended.first.map(\.description) ?? "NAME"
        guard let used else { return "lanyard show \(ended)" }
        return "name one: lanyard run --session \(used) -- COMMAND, or forget the other: lanyard remove \(ended)"
    }

    /// What else there is, to stand after the step that mends it.
    private static func other(_ names: [SessionName]) -> String {
        names.first.map { "; or use the other: lanyard run --session \($0) -- COMMAND" } ?? ""
    }

    /// The next step where a session was added by hand.
    static func addAnew(_ name: SessionName) -> String { "add it anew after: lanyard remove \(name)" }

    /// A token has ended, and is sent all the same.
    public static func sentExpired(_ name: SessionName) -> String {
        "the token of \"\(name)\" has expired, and there is no newer one: sent as it is; to renew it: lanyard refresh \(name)"
    }

    /// A site has answered as if the session had ended; it is sent all the same.
    public static func doubtful(_ name: SessionName) -> String {
        "\"\(name)\" seems to need a login, the server has answered so: used as it is; to log in: lanyard login \(name)"
    }

    /// A token may do too little; `scopes` are printable and have no quote in them, and are none where nobody says which.
    public static func lacksScope(_ name: SessionName, _ scopes: [String]) -> String {
        let asked = scopes.isEmpty ? "SCOPE" : "'\(scopes.joined(separator: " "))'"
        let what = scopes.isEmpty ? "more scopes" : "the scope \(scopes.joined(separator: " "))"
        return "the server wants \(what) of \"\(name)\"; to ask for that too: lanyard login \(name) --scope \(asked)"
    }

    /// Why a session needs a login, to stand after "needs a login: ".
    public static func needsLogin(_ cause: Session.NeedsLogin.Cause) -> String {
        switch cause {
        case .refreshRefused: "the server no longer takes its refresh token"
        case .renewalLost: "a renewal was cut off, and the server no longer takes the refresh token from before it"
        case .wrongIdentity: "the server answered a renewal with an ID token that is not to be believed"
        case .expired: "it has expired"
        case .loggedOut: "the server has ended it"
        case .signOnEnded: "where it logs in, a person is asked again"
        case .deleted: "its cookie was deleted by hand"
        }
    }

    /// What `explain` says where a session is attached.
    public static func explained(
        _ name: SessionName, place: String, rule: SelectionRule, file: String? = nil
    ) -> String {
        let why =
            switch rule {
            case .only: "the only match"
            case .longest: "the longest match"
            case .byDefault: "the default among equals"
            case .named: "named"
            case .file: "named in \(file.map(shownPath) ?? ".lanyard")"
            }
        return "\"\(name)\" is attached: \(place) is its protection space (\(why))"
    }

    /// What `explain` says where none is.
    public static func explained(_ nothing: NotAttached) -> String { "nothing is attached: \(cause(nothing))" }
}
