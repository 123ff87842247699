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

    /// What a locked store is opened with.
    public enum Lock: String, Sendable {
        /// The vault's passphrase.
        case vault
        /// A passphrase that makes the vault, which there is not yet.
        case newVault = "new_vault"
        /// The keyring's own dialog, or its password.
        case keyring
        /// `lanyard unlock` alone: a person has locked it, and nobody is to be asked.
        case byHand = "by_hand"
    }

    /// The code.
    public let code: Code
    /// What happened: lower case, no full stop.
    public let message: String
    /// The session it happened to.
    public let session: String?
    /// What mends it: a command, or words that end in one.
    public let mend: String?
    /// With ``Code/storeLocked``: what opens it.
    public let lock: Lock?
    /// The parameter of a call that makes no sense, where that is what happened.
    public let parameter: String?

    /// A failure.
    public init(
        _ code: Code, _ message: String, session: SessionName? = nil, mend: String? = nil, lock: Lock? = nil,
        parameter: String? = nil
    ) {
        self.parameter = parameter
        self.code = code
        self.message = message
        self.session = session?.description
        self.mend = mend
        self.lock = lock
    }

    /// A failure as it came over the socket.
    public init(_ code: Code, message: String, session: String?, mend: String?, lock: Lock?) {
        self.code = code
        self.message = message
        self.session = session
        self.mend = mend
        self.lock = lock
        parameter = nil
    }
}
