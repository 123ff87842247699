import Model

/// The sentences that the commands themselves say, by the rules of ``Prose``. The parts of a result are separated by
/// ` · `; nothing that a server said is put into a sentence without ``shown(_:)``.
public enum CommandProse {
    // MARK: results

    /// After a login.
    public static func loggedIn(_ session: SessionView, now: WallInstant = Clock.system.wall()) -> String {
        let who = session.account.map { "logged in as \($0)" } ?? "logged in"
        return [who, "session \"\(session.name)\"", place(session), lifetime(session, TimePhrase(now: now))]
            .joined(separator: " · ")
    }

    /// What to do after a login; nil where the session is for no single place.
    /// - Parameter isChosen: a request there gets this session without its being named.
    public static func tryCurl(_ session: SessionView, isChosen: Bool) -> String? {
        guard let url = tryURL(session) else { return nil }
        return isChosen ? "try: lanyard curl \(url)" : "try: lanyard run --session \(session.name) -- curl \(url)"
    }

    /// The address that a person may try a session with; nil where it is for no single place.
    public static func tryURL(_ session: SessionView) -> String? {
        guard let place = session.places.first, !place.contains("*") else { return nil }
        return place + "/"
    }

    /// After `add`.
    public static func kept(_ session: SessionView, now: WallInstant = Clock.system.wall()) -> String {
        ["kept \"\(session.name)\"", kind(session), place(session), lifetime(session, TimePhrase(now: now))]
            .joined(separator: " · ")
    }

    /// After `refresh`.
    public static func renewed(_ session: SessionView, now: WallInstant = Clock.system.wall()) -> String {
        "renewed \"\(session.name)\" · \(lifetime(session, TimePhrase(now: now)))"
    }

    /// After `remove`.
    public static func removed(_ name: String) -> String { "forgot \"\(name)\"; the server was not told" }

    /// After `lock`.
    public static let storeLocked = "the store is locked, and the daemon has forgotten every secret"

    /// After `unlock`.
    public static let storeOpen = "the store is open"

    /// After `store move`.
    public static func moved(_ sessions: Int, to store: String) -> String {
        "\(sessions == 1 ? "1 session is" : "\(sessions) sessions are") in \(store) now"
    }
    /// The keyring, as a place.
    public static let theKeyring = "your keyring"
    /// The vault, as a place.
    public static let theVault = "the vault"
    /// What a move has left in the keyring.
    public static func leftInKeyring(_ reason: String) -> String {
        "the keyring still holds what was there: \(reason); delete the items named Lanyard in its own program"
    }

    /// After `daemon start`.
    public static func listening(_ path: String, wasRunning: Bool) -> String {
        "the daemon \(wasRunning ? "already listens" : "listens") at \(shown(path))"
    }

    /// After `daemon stop`.
    public static func stopped(wasRunning: Bool) -> String {
        wasRunning ? "the daemon has ended" : "no daemon was running"
    }

    /// After `daemon reload`, where nothing was to be done.
    public static let upToDate = "the daemon has read settings and recipes, and is up to date"

    /// Before `daemon reload` ends the daemon.
    public static let programChanged =
        "another lanyardd is installed than the one that runs: stopping it, starting that"

    /// After `daemon reload` has started the new one; `wasOpen` and `isOpen` are about the store.
    public static func reloaded(wasOpen: Bool, isOpen: Bool) -> String {
        wasOpen && !isOpen
            ? "the daemon runs anew; your vault is locked now, to open it: lanyard unlock" : "the daemon runs anew"
    }

    private static func place(_ session: SessionView) -> String { "for " + session.places.joined(separator: " ") }

    private static func lifetime(_ session: SessionView, _ time: TimePhrase) -> String {
        switch (session.expires, session.renews) {
        case (nil, true): "renewed by itself"
        case (nil, false): "no expiry known"
        case (let end?, true):
            "token \(TimePhrase.length(session.lifetime ?? end - time.now)), renewed by itself"
        case (let end?, false): end < time.now ? "expired \(time.distance(end))" : time.until(end)
        }
    }

    // MARK: questions

    /// Asks for the token that `add --bearer` and `--token` keep, or for any other secret of that name.
    public static func askSecret(_ name: String) -> String { "\(shown(name)) (not shown):" }
    /// Asks for what the daemon says a login needs.
    public static func question(_ prompt: String) -> String { prompt.hasSuffix(":") ? prompt : prompt + ":" }
    package static let keyringPassword = "password of your keyring (not shown):"
    package static let keyringAsks = "your keyring is locked; it asks for its password in a window of its own"
    package static let passphrase = "passphrase of the vault (not shown):"
    package static let newVault = "choose a passphrase for your vault, in which your sessions will be"
    package static let newPassphrase = "new passphrase (not shown):"
    package static let newPassphraseAgain = "once more (not shown):"
    package static let passphrasesDiffer = "the two differ; again"

    // MARK: logins in a browser

    package static let openingBrowser = "opening your browser; if it does not open:"
    package static let openAnywhere = "to log in, open this in a browser:"
    package static let askAddress =
        "then paste the address it ends at, whatever it shows (not shown; just Enter where the browser is on this machine):"
    package static let waitingForYou = "waiting for you to finish there, Ctrl-C to give up"
    package static let joinsLogin = "this login is already under way in your browser; waiting for it too"
    package static let waitingForBrowser = "waiting for you to finish there"
    package static let waitingForCode = "waiting"

    /// What to do with a device code: the code in a line of its own.
    package static func enterCode(_ code: String, at url: String, complete: String?) -> [String] {
        ["to log in, open \(shown(url)) on any device and enter", "    \(shown(code))"]
            + (complete.map { ["or open \(shown($0))"] } ?? [])
    }

    // MARK: waiting

    package static let lookingAtSite = "looking at the site"
    package static let askingForKeys = "asking the issuer for its keys"
    package static let loggingIn = "logging in"
    package static let renewing = "renewing"
    package static let loggingOut = "logging out"
    package static let openingStore = "opening the store"
    package static let movingSessions = "moving your sessions"
    package static let finishing = "waiting for what is under way"
    package static let waitingForDaemon = "waiting for the daemon"
    package static let startingDaemon = "starting the daemon"

    /// What is waited for, and for how long at most.
    package static func waiting(_ what: String, seconds: Int64) -> String {
        let rest = seconds % 60
        return "\(what), \(seconds / 60):\(rest < 10 ? "0" : "")\(rest) left, Ctrl-C to give up"
    }

    // MARK: list and show

    package static let noSessions = "no session yet; to log in: lanyard login https://…"
    package static let listHeadings = ["NAME", "KIND", "FOR", "STATE", "EXPIRES"]

    /// What a session sends, in a word or two.
    package static func kind(_ session: SessionView) -> String {
        switch (session.kind, session.recipe) {
        case ("cookie", _): "session cookie"
        case ("jwt", "oauth2"): "OAuth, JWT"
        case (_, "oauth2"): "OAuth"
        case ("header", _): session.header ?? "header"
        case ("jwt", nil): "JWT"
        case (_, let recipe?): recipe
        case (let kind, nil): kind
        }
    }

    package static func state(_ state: String) -> String { state == "needs-login" ? "needs login" : state }

    package static func state(_ state: String, since: WallInstant?, cause: String?, _ time: TimePhrase) -> String {
        var text = Self.state(state)
        if let since { text += " " + time.since(since) }
        if let cause { text += " (\(cause))" }
        return text
    }

    /// The last column of the list.
    package static func expiry(_ session: SessionView, _ time: TimePhrase) -> String {
        shortExpiry(session, time) + (session.renews && session.expires != nil ? ", renews itself" : "")
    }

    /// The same where there is little room.
    package static func shortExpiry(_ session: SessionView, _ time: TimePhrase) -> String {
        if session.needsPerson, let since = session.since { return time.since(since) }
        guard let end = session.expires else { return session.renews ? "renews itself" : "unknown" }
        return time.distance(end)
    }

    /// The list's last line; nil where no session needs the person.
    package static func needingPerson(_ sessions: [SessionView]) -> String? {
        guard !sessions.isEmpty else { return nil }
        let commands = sessions.map { $0.recipe == nil ? "lanyard show \($0.name)" : "lanyard login \($0.name)" }
        let subject = sessions.count == 1 ? "1 session needs you" : "\(sessions.count) sessions need you"
        return "\(subject): \(commands.joined(separator: "; "))"
    }

    /// What stands for a secret: how it begins, where that is no part of it, and how long it is.
    package static func redacted(start: String, bytes: Int64) -> String {
        return "\(start.isEmpty ? "" : start + "…")(redacted, \(number(Int(bytes))) byte\(bytes == 1 ? "" : "s"))"
    }

    package static let redacted = "(redacted)"
    /// Before the digits of bytes that are no text.
    package static let noText = "hexadecimal "

    package static func end(_ end: WallInstant, _ time: TimePhrase) -> String {
        "\(time.moment(end, exact: true)) (\(time.distance(end)))"
    }

    package static func cookie(_ cookie: JSONValue, _ time: TimePhrase) -> String {
        var parts = [(cookie["domain"]?.shownText ?? "") + (cookie["path"]?.shownText ?? "")]
        let end = cookie["expires"]?.instant
        parts.append(end.map { $0 <= time.now ? "expired" : time.until($0) } ?? "until the server ends it")
        if cookie["secure"]?.bool == true { parts.append("secure") }
        if cookie["http_only"]?.bool == true { parts.append("http only") }
        return parts.filter { !$0.isEmpty }.joined(separator: ", ")
    }

    package static func refresh(_ refresh: JSONValue, _ time: TimePhrase) -> String {
        var text = "kept"
        switch refresh["rotations"]?.integer ?? 0 {
        case 0: break
        case 1: text += ", rotated once"
        case let count: text += ", rotated \(count) times"
        }
        if let last = refresh["last_rotation"]?.instant { text += ", last \(time.moment(last, exact: true))" }
        if let end = refresh["expires"]?.instant { text += ", \(time.until(end))" }
        return text
    }

    /// The OAuth client of a session: what it begins with is enough to tell it by.
    package static func client(_ id: String, isRegistered: Bool) -> String {
        let start = id.count > 12 ? shown(id.prefix(8)) + "…" : shown(id)
        return "client \(start)" + (isRegistered ? " (registered by Lanyard)" : "")
    }

    /// What the daemon verifies the session's servers against.
    package static func authorities(_ count: Int64) -> String {
        "\(count == 1 ? "one certificate" : "\(count) certificates") of your own, and no others (--ca)"
    }

    package static func skew(_ seconds: Int64) -> String {
        "the server's is \(TimePhrase.length(abs(seconds))) \(seconds > 0 ? "ahead of" : "behind") this machine's"
    }

    package static func storeName(_ kind: String) -> String {
        kind == "secret-service" ? "the keyring" : kind == "vault" ? "the vault" : kind
    }

    // MARK: status and explain

    package static func daemon(_ status: JSONValue, _ time: TimePhrase) -> String {
        var text = "running"
        if let started = status["started"]?.instant { text += " " + time.since(started) }
        if let version = status["version"]?.shownText { text += ", version \(version)" }
        if let pid = status["pid"]?.integer { text += ", process \(pid)" }
        return text
    }

    package static func store(_ store: JSONValue?) -> String {
        let name = storeName(store?["kind"]?.shownText ?? "none")
        let state = store?["state"]?.shownText ?? "unknown"
        guard let reason = store?["reason"]?.shownText, !reason.isEmpty else { return "\(name), \(state)" }
        return "\(name), \(state) (\(reason))"
    }

    /// How many sessions there are; nil where the store is not open.
    package static func sessions(_ count: Int64?) -> String {
        count.map { number(Int($0)) } ?? "not known while the store is not open"
    }

    package static func renewal(_ renewal: JSONValue, _ time: TimePhrase) -> String {
        let when = renewal["at"]?.instant.map { time.distance($0) } ?? "soon"
        let idle = renewal["idle"]?.bool == true ? ", or when it is used" : ""
        return "\(renewal["session"]?.shownText ?? "") \(when)\(idle)"
    }

    package static func memory(isLocked: Bool) -> String {
        isLocked
            ? "locked: no secret reaches the swap" : "not locked: secrets can reach the swap (ulimit -l is too low)"
    }

    /// The line after what `explain` found.
    public static func explainMend(_ mend: String) -> String { "mend: \(shown(mend))" }

    // MARK: on stderr

    /// What the argument parser has to say, in this tone.
    public static func usage(_ message: String) -> String {
        let text = message.hasSuffix(".") ? String(message.dropLast()) : message
        return lowered(text)
    }

    /// After a misuse of `command`.
    public static func seeHelp(_ command: String?) -> String {
        "see: lanyard \(command.map { "help \($0)" } ?? "--help")"
    }

    /// What mends a failure: a command on its own is introduced, a sentence stands as it is.
    package static func mend(_ mend: String) -> String { mend.hasPrefix("lanyard ") ? "run: \(mend)" : mend }

    package static func runsWithout() -> String { "running it without your sessions" }

    package static func cannotRun(_ program: String, _ reason: String) -> String {
        "cannot run \(program): \(lowered(reason))"
    }

    /// `text` as part of a sentence: glibc's words begin with a capital.
    package static func lowered(_ text: String) -> String { text.prefix(1).lowercased() + text.dropFirst() }
}
