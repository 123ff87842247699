import Model
import Prose
import Varlink

/// The daemon as a command sees it: calls of `io.lanyard.Agent`, whose failures are ``Failure``s.
public struct Agent: ~Copyable {
    /// The methods that commands call.
    public enum Method: String, Sendable {
        case discover = "Discover"
        case login = "Login"
        case add = "Add"
        case list = "List"
        case show = "Show"
        case token = "Token"
        case explain = "Explain"
        case status = "Status"
        case refresh = "Refresh"
        case logout = "Logout"
        case remove = "Remove"
        case lock = "Lock"
        case unlock = "Unlock"
        case move = "Move"
        case rename = "Rename"
        case set = "Set"
        case cookies = "Cookies"
        case setCookie = "SetCookie"
        case deleteCookies = "DeleteCookies"
        case importCookies = "ImportCookies"
        case exportCookies = "ExportCookies"
        case curlConfig = "CurlConfig"
        case issuerKeys = "IssuerKeys"
        case why = "Why"
        case consents = "Consents"
        case consent = "Consent"
        case recipes = "Recipes"
        case checkRecipe = "CheckRecipe"
        case trust = "Trust"
        case distrust = "Distrust"
        case trusted = "Trusted"
        case reload = "Reload"
        case stop = "Stop"

        /// How long an answer may take, in seconds. A login is several requests to a server, each with the daemon's own
        /// deadline, and a passphrase's key takes seconds on a slow machine; what is beyond this is a daemon that hangs.
        var patience: Double {
            switch self {
            case .discover, .login, .logout, .issuerKeys: 180
            case .token, .refresh, .curlConfig, .lock, .unlock: 60
            // A jar of 100,000 cookies is one change.
            case .importCookies: 60
            // The daemon finishes what is under way, for at most 40.
            case .stop: 60
            // A keyring may take 0.1 s for each session.
            case .move: 600
            case .add, .list, .show, .explain, .status, .remove, .rename, .set, .cookies, .setCookie, .deleteCookies,
                .exportCookies, .why, .reload, .recipes, .checkRecipe, .consents, .consent, .trust,
                .distrust,
                .trusted:
                15
            }
        }

        /// What is waited for, as a person is told.
        var waiting: String {
            switch self {
            case .discover: CommandProse.lookingAtSite
            case .issuerKeys: CommandProse.askingForKeys
            case .login: CommandProse.loggingIn
            case .token, .refresh, .curlConfig: CommandProse.renewing
            case .logout: CommandProse.loggingOut
            case .unlock: CommandProse.openingStore
            case .move: CommandProse.movingSessions
            case .lock, .stop: CommandProse.finishing
            default: CommandProse.waitingForDaemon
            }
        }

        /// Whether doing it twice is as good as doing it once.
        var isRepeatable: Bool {
            switch self {
            case .discover, .list, .show, .token, .explain, .status, .cookies, .exportCookies, .curlConfig, .issuerKeys,
                .why,
                .lock, .reload, .recipes, .checkRecipe, .consents, .trust, .trusted:
                true
            case .login, .add, .refresh, .logout, .remove, .rename, .set, .setCookie, .deleteCookies, .importCookies,
                .unlock, .move, .consent, .distrust, .stop:
                false
            }
        }

        /// Whether the call says which version of the protocol it speaks. Two do not, so that a daemon of any version
        /// can be asked what it is, and stopped.
        var namesProtocol: Bool { self != .status && self != .stop }
    }

    fileprivate var connection: Connection
    /// Where another daemon can be started; nil where this connection is all there is.
    private let path: SocketPath?
    /// The daemon has answered on this connection, so it is no dying one.
    private var hasAnswered = false

    /// Talks over a connected socket.
    init(over connection: consuming Connection, to path: SocketPath? = nil) {
        self.connection = connection
        self.path = path
    }

    /// The daemon that listens; nil where none does.
    /// - Throws: a ``Failure`` where the socket is not to be trusted.
    public static func running(at path: SocketPath = .find()) throws(Failure) -> Agent? {
        guard let connection = try Connection.open(path) else { return nil }
        return Agent(over: connection)
    }

    /// The daemon that listens, or one that is started now.
    /// - Throws: a ``Failure``, `noDaemon` where none starts within five seconds.
    public static func reach(at path: SocketPath = .find()) throws(Failure) -> Agent {
        if let connection = try Connection.open(path) { return Agent(over: connection, to: path) }
        try DaemonStart(socket: path).perform()
        guard let connection = try Connection.open(path) else { throw CommandProse.daemonNotThere(path.text) }
        return Agent(over: connection, to: path)
    }

    /// Calls `method` and waits for its answer.
    ///
    /// A daemon that was just killed may still take a connection, and never answers. So a call that may be repeated is,
    /// once, to the daemon that is then started; and any other waits until the daemon has answered one that may.
    /// - Parameters:
    ///   - patience: how long to wait, in seconds; nil for what the method may take.
    ///   - parameters: writes the parameters but `protocol`.
    /// - Returns: the answer's parameters, an object.
    /// - Throws: the daemon's ``Failure``, or one that says why there is no answer.
    public mutating func call(
        _ method: Method, within patience: Double? = nil, _ parameters: (inout JSONWriter) -> Void = { _ in }
    ) throws(Failure) -> JSONValue {
        try Self.answer(reply(to: method, within: patience, more: false, parameters))
    }

    /// Calls `method` and hands each of its answers to `take`: what does not fit one message comes in several.
    /// - Throws: as `call` does.
    public mutating func call(
        _ method: Method, _ parameters: (inout JSONWriter) -> Void = { _ in }, forEach take: (JSONValue) -> Void
    ) throws(Failure) {
        var reply = try reply(to: method, within: nil, more: true, parameters)
        while true {
            take(try Self.answer(reply))
            guard reply.continues else { return }
            do { reply = try connection.reply(until: Clock.system.boot() + method.patience) } catch {
                throw failure(for: error)
            }
        }
    }

    fileprivate static func answer(_ reply: VarlinkReply) throws(Failure) -> JSONValue {
        if let error = reply.error { throw failure(named: error, reply.parameters) }
        guard let answer = reply.parameters, answer.isObject else { throw CommandProse.notOurDaemon() }
        return answer
    }

    fileprivate mutating func reply(
        to method: Method, within patience: Double?, more: Bool, _ parameters: (inout JSONWriter) -> Void
    ) throws(Failure) -> VarlinkReply {
        if !hasAnswered, path != nil, !method.isRepeatable { _ = try call(.status) }
        let message = VarlinkCall.message("io.lanyard.Agent.\(method.rawValue)", more: more) { json in
            if method.namesProtocol { json.member("protocol", Lanyard.protocolVersion) }
            parameters(&json)
        }
        let first: VarlinkReply
        do {
            first = try connection.call(
                message, within: patience ?? method.patience, saying: method.waiting)
        } catch {
            guard error == .closed, !hasAnswered, method.isRepeatable, let path else { throw failure(for: error) }
            self = try Agent.reach(at: path)
            hasAnswered = true
            return try reply(to: method, within: patience, more: more, parameters)
        }
        hasAnswered = true
        return first
    }

    fileprivate func failure(for failure: Connection.CallFailure) -> Failure {
        switch failure {
        case .closed: CommandProse.daemonHungUp(log: DaemonStart.log)
        case .late: CommandProse.daemonIsLate(connection.peer)
        case .notVarlink: CommandProse.notOurDaemon()
        case .tooLong: CommandProse.tooLong()
        }
    }

    /// The failure that the varlink error `name` stands for.
    static func failure(named name: String, _ parameters: JSONValue?) -> Failure {
        if name == "org.varlink.service.InvalidParameter", let parameter = parameters?["parameter"]?.string {
            return .badParameter(parameter)
        }
        let interface = "io.lanyard.Agent."
        guard name.hasPrefix(interface),
            let code = Failure.Code(rawValue: String(name.dropFirst(interface.utf8.count))),
            let message = parameters?["message"]?.string
        else { return CommandProse.otherDaemon(version: nil) }
        if code == .otherProtocol { return CommandProse.otherDaemon(version: parameters?["version"]?.string) }
        return Failure(
            code, message: message, session: parameters?["session"]?.string, mend: parameters?["mend"]?.string,
            lock: parameters?["lock"]?.string.flatMap(Failure.Lock.init))
    }
}

extension Agent {
    /// How long a person may take at most, in seconds: the daemon's own limits, of half an hour at most, come first.
    private static let personPatience = 2000.0

    /// Calls a method that says what it does before it returns a session.
    /// - Parameters:
    ///   - take: gets each step; what it returns is said to be waited for, for so many seconds.
    ///   - parameters: writes the parameters but `protocol`.
    /// - Throws: a ``Failure``, also where the last answer has no session.
    public mutating func session(
        _ method: Method, inSteps take: (JSONValue) throws(Failure) -> (what: String, seconds: Double)?,
        _ parameters: (inout JSONWriter) -> Void
    ) throws(Failure) -> SessionView {
        let answer = try call(method, inSteps: take, parameters)
        guard let session = answer["session"].flatMap(SessionView.init) else { throw CommandProse.notOurDaemon() }
        return session
    }

    /// Calls a method whose answer is preceded by steps; `take` gets each, and says what is waited for then, and for how
    /// many seconds.
    /// - Parameter parameters: writes the parameters but `protocol`.
    public mutating func call(
        _ method: Method, inSteps take: (JSONValue) throws(Failure) -> (what: String, seconds: Double)?,
        _ parameters: (inout JSONWriter) -> Void
    ) throws(Failure) -> JSONValue {
        var reply = try reply(to: method, within: nil, more: true, parameters)
        while true {
            let answer = try Self.answer(reply)
            guard reply.continues else { return answer }
            var patience = method.patience
            if let step = answer["step"], let (what, seconds) = try take(step) {
                connection.wait(for: what, until: Clock.system.boot() + seconds)
                patience = Self.personPatience
            }
            do { reply = try connection.reply(until: Clock.system.boot() + patience) } catch {
                throw failure(for: error)
            }
        }
    }

    /// Calls a method that returns a session.
    /// - Throws: a ``Failure``, also where the answer has none.
    public mutating func session(
        _ method: Method, _ parameters: (inout JSONWriter) -> Void
    ) throws(Failure) -> SessionView {
        let answer = try call(method, parameters)
        guard let session = answer["session"].flatMap(SessionView.init) else { throw CommandProse.notOurDaemon() }
        return session
    }
}
