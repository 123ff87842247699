/// Why a request got a session or none; the words are those of the protocol.
public enum AttachReason: String, Sendable, CaseIterable {
    /// A session is attached.
    case attached
    /// No session's protection space has the URL.
    case noMatch = "no-match"
    /// A session is for this host, but over https.
    case plainHTTP = "plain-http"
    /// A session is for the URL, but not for plain programs under `lanyard env`.
    case notAmbient = "not-ambient"
    /// Two sessions are equally good.
    case ambiguous
    /// A session that was named does not exist.
    case noSession = "no-session"
    /// The script brings a credential of its own.
    case brought
    /// A redirect has left the session's protection space.
    case left
    /// A redirect leads to another session's protection space.
    case otherSession = "other-session"
    /// Only a person can go on.
    case needsLogin = "needs-login"
    /// The token has ended, and its renewal failed for now.
    case expired
    /// The jar has no cookie for this URL.
    case noCookie = "no-cookie"
    /// Plain HTTP through a proxy.
    case proxy
    /// Plain HTTP over a Unix socket.
    case unixSocket = "unix-socket"
    /// The script sets a Host header that differs from the URL.
    case hostHeader = "host-header"
    /// TLS verification is off.
    case unverified
    /// Plain HTTP to a loopback name or port, but the connected peer is another.
    case notLoopback = "not-loopback"
    /// The person is asked whether this program may have the session, and has not answered.
    case unconfirmed
    /// The person has refused it to this program.
    case refusedByPerson = "consent-refused"
    /// The store is locked.
    case locked
    /// The store cannot be used.
    case unavailable
}

/// Why a session was the one, among those that match.
public enum SelectionRule: String, Sendable {
    /// The only match.
    case only
    /// The longest match.
    case longest
    /// The default among equals.
    case byDefault = "default"
    /// Named by the person.
    case named
    /// Named in a `.lanyard` file that the person trusts.
    case file
}

/// That nothing is attached, why, and to whom it happened.
public struct NotAttached: Error, Equatable, Sendable {
    /// Why.
    public var reason: AttachReason
    /// The origin of the request's URL.
    public var origin: String
    /// The sessions concerned: the one that was chosen, or the equally good ones.
    public var sessions: [SessionName]
    /// Why a login is needed, where that is the reason.
    public var needsLogin: Session.NeedsLogin.Cause?
    /// Those of several equally good `sessions` that have nothing to send until a person logs in.
    public var ended: [SessionName] = []
    /// Where the one session concerned needs a login: equally good ones that do not. They are other accounts, perhaps, so
    /// that only the person can take one instead.
    public var others: [SessionName] = []
    /// The session was added by hand: there is nothing to log in by.
    public var wasAdded = false
    /// The `.lanyard` file that limits the request to `sessions`; nil where the person named them, or nobody.
    public var file: String?
    /// The place of the one session in `sessions` that is for this origin, but not for this path; nil where none is.
    public var otherPath: String?
    /// The version of the one session concerned, where the request is one of its own that has no cookie to carry yet:
    /// what comes back is kept, as a first answer fills a browser's empty jar. nil: nothing is kept.
    public var filledVersion: UInt64?

    /// Nothing is attached to a request for `origin`, because of `reason`.
    public init(
        _ reason: AttachReason, origin: String, sessions: [SessionName] = [],
        needsLogin: Session.NeedsLogin.Cause? = nil, file: String? = nil
    ) {
        self.reason = reason
        self.file = file
        self.origin = origin
        self.sessions = sessions
        self.needsLogin = needsLogin
    }
}
