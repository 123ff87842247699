/// What a person or a script is told when something cannot be done: a code, what happened, to which session, and what
/// mends it. Never a secret. The sentences are in Prose.
public struct Failure: Error, Equatable, Sendable {
    /// The codes; the names are those of the varlink errors.
    public enum Code: String, Sendable, CaseIterable {
        /// No session of that name, or none for that URL.
        case noMatch = "NoMatch"
        /// A person has to log in, or the login was refused.
        case loginNeeded = "LoginNeeded"
        /// Two sessions are equally good.
        case ambiguous = "Ambiguous"
        /// The store is locked.
        case storeLocked = "StoreLocked"
        /// The store cannot be used.
        case storeUnavailable = "StoreUnavailable"
        /// A rule of Lanyard's forbids it.
        case refused = "Refused"
        /// The network or the server failed.
        case networkFailed = "NetworkFailed"
        /// No daemon answers.
        case noDaemon = "NoDaemon"
        /// The daemon is of another version.
        case otherProtocol = "OtherProtocol"
        /// What was asked makes no sense.
        case usage = "Usage"
        /// A fault of Lanyard's own.
        case `internal` = "Internal"

        /// The exit status of a command that ends with this.
        public var exitStatus: Int32 {
            switch self {
            case .noMatch: 3
            case .loginNeeded: 4
            case .ambiguous: 5
            case .storeLocked: 6
            case .storeUnavailable: 7
            case .refused: 8
            case .networkFailed: 9
            case .noDaemon, .otherProtocol: 10
            case .usage: 64
            case .internal: 1
            }
        }
    }

    /// The code.
    public let code: Code
    /// What happened: lower case, no full stop.
    public let message: String
    /// The session it happened to.
    public let session: String?
    /// What mends it: a command, or words that end in one.
    public let mend: String?
    /// With ``Code/storeLocked``: there is no vault yet, and a passphrase makes one.
    public let isNew: Bool
    /// With ``Code/storeLocked``: a person has locked it, so that only `unlock` opens it and nobody is to be asked.
    public let isByHand: Bool
    /// The parameter of a call that makes no sense, where that is what happened.
    public let parameter: String?

    /// A failure.
    public init(
        _ code: Code, _ message: String, session: SessionName? = nil, mend: String? = nil, isNew: Bool = false,
        isByHand: Bool = false, parameter: String? = nil
    ) {
        self.parameter = parameter
        self.code = code
        self.message = message
        self.session = session?.description
        self.mend = mend
        self.isNew = isNew
        self.isByHand = isByHand
    }

    /// A failure as it came over the socket.
    public init(_ code: Code, message: String, session: String?, mend: String?, isNew: Bool, isByHand: Bool) {
        self.code = code
        self.message = message
        self.session = session
        self.mend = mend
        self.isNew = isNew
        self.isByHand = isByHand
        parameter = nil
    }
}
