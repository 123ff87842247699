/// One login at one place.
public struct Session: Sendable {
    /// What the store knows it by.
    public let id: SessionID
    /// Counts the session's changes; of two copies the higher one is the newer.
    public var version: UInt64 = 1
    /// What the person knows it by.
    public var name: SessionName
    /// The user at the server; nil where that is not known.
    public var account: String?
    /// Where it may be sent.
    public var space: ProtectionSpace
    /// How it was obtained and is renewed; nil for a credential the person brought.
    public var recipe: RecipeUse?
    /// The OAuth server and client it is of; nil for other recipes.
    public var oauth: OAuthUse?
    /// What it sends.
    public var credential: Credential
    /// What renews it.
    public var refresh: RefreshToken?
    /// The cookies that other hosts set on its login's way through them, as `RecipeCookies` writes them: the recipe's own,
    /// for the next login and renewals alone. Written anew at each, so that it tells one from the next; nil where the login
    /// was at its own origin alone.
    public var recipeCookies: SecretBytes?
    /// What the servers of its login, renewal and logout are verified against; nil for what the system trusts.
    public var authorities: CertificateAuthorities?
    /// What the person has set.
    public var settings = Settings()
    /// When it was made.
    public var created: WallInstant
    /// The request it was last attached to.
    public var lastUse: LastUse?
    /// Since when only a person can go on; nil while that is not so.
    public var needsLogin: NeedsLogin?
    /// Since when the cookie that is the session is gone from its jar, and why; nil while it is there, or has ended there.
    public var cookieEnd: NeedsLogin?
    /// A renewal was begun and its answer is not known: the refresh token may be spent.
    public var renewalBegun = false
    /// Seconds the server's clock was ahead of ours when it last told the time.
    public var skew: Int64 = 0

    /// A new session.
    public init(
        id: SessionID = SessionID(), name: SessionName, space: ProtectionSpace, credential: Credential,
        created: WallInstant
    ) {
        self.id = id
        self.name = name
        self.space = space
        self.credential = credential
        self.created = created
    }

    /// What a person can set of a session.
    public struct Settings: Hashable, Sendable {
        /// Wins where two sessions match equally well.
        public var isDefault = false
        /// Is attached even where TLS verification is off.
        public var insecure = false
        /// Is attached to plain programs in a shell with `lanyard env`, not under `lanyard run` alone.
        public var isAmbient = false
        /// The person is asked before a program gets it for the first time.
        public var confirms = false

        /// Nothing set.
        public init() {}
    }

    /// How a session was obtained: a recipe and what it was told.
    public struct RecipeUse: Hashable, Sendable {
        /// The recipe's name.
        public var recipe: String
        /// The address of the login.
        public var url: String
        /// The OAuth client the refresh token was given to.
        public var clientID: String?
        /// The other origins that the login may pass through.
        public var loginHosts: [String]

        /// A use of the recipe `recipe` at `url`.
        public init(recipe: String, url: String, clientID: String? = nil, loginHosts: [String] = []) {
            self.recipe = recipe
            self.url = url
            self.clientID = clientID
            self.loginHosts = loginHosts
        }
    }

    /// A request that a session was attached to; no query string.
    public struct LastUse: Hashable, Sendable {
        /// When.
        public var time: WallInstant
        /// The program's name.
        public var program: String
        /// The request's method.
        public var method: String
        /// Its path.
        public var path: String

        /// A use.
        public init(time: WallInstant, program: String, method: String, path: String) {
            self.time = time
            self.program = program
            self.method = method
            self.path = path
        }
    }

    /// Why only a person can go on.
    public struct NeedsLogin: Hashable, Sendable {
        /// The causes.
        public enum Cause: String, Sendable {
            /// The server no longer takes the refresh token.
            case refreshRefused = "refresh-refused"
            /// A renewal was cut off, and the server no longer takes the old refresh token.
            case renewalLost = "renewal-lost"
            /// A renewal brought an ID token that is not to be believed, or somebody else's.
            case wrongIdentity = "wrong-identity"
            /// The cookies or the token have expired, and nothing can renew them.
            case expired
            /// The server answered a request as one does that has ended the session.
            case loggedOut = "logged-out"
            /// A host that the login passes through asks for the password again.
            case signOnEnded = "sign-on-ended"
            /// The person has deleted the cookie that was the session.
            case deleted
        }
        /// Since when.
        public var since: WallInstant
        /// Why.
        public var cause: Cause
        /// Only an answer to a script says so, which may have been about one page alone: the session is sent all the same,
        /// and the server decides.
        public var isDoubtful: Bool { cause == .loggedOut }

        /// Since `since`, because of `cause`.
        public init(since: WallInstant, cause: Cause) {
            self.since = since
            self.cause = cause
        }
    }
}

/// How a session is, everywhere it is shown.
public enum SessionState: String, Sendable {
    /// Works.
    case active
    /// A fifth or less of its life is left and it cannot renew by itself, or its renewal is failing.
    case expiring
    /// Its token has ended, but may still be renewed.
    case expired
    /// Only a person can go on.
    case needsLogin = "needs-login"
}

extension Session {
    /// Whether it can renew by itself.
    public var renews: Bool {
        (refresh != nil || oauth?.flow == .clientCredentials || recipeCookies != nil) && recipe != nil
            && needsLogin == nil
    }

    /// What a renewal shows the server: the refresh token, the recipe's own cookies or, where the client's own credentials
    /// are shown, the token that is to be replaced, which tells this renewal from one after it.
    public var renewed: SecretBytes? { refresh?.value ?? recipeCookies ?? credential.accessToken?.value }

    /// The state at `now`.
    /// - Parameters:
    ///   - expiry: when what would be sent now ends: the access token's expiry, or that of the session's cookies.
    ///   - lifetime: how many seconds that lived for when it was new; nil where that is not known.
    ///   - renewalIsFailing: the last renewal failed and is being tried again.
    public func state(
        at now: BootInstant, expiry: Expiry?, lifetime: Double?, renewalIsFailing: Bool
    ) -> SessionState {
        if needsLogin != nil { return .needsLogin }
        guard let expiry else { return renewalIsFailing ? .expiring : .active }
        let left = expiry.boot - now
        if left <= 0 { return renews ? .expired : .needsLogin }
        if renewalIsFailing { return .expiring }
        if !renews, let lifetime, left <= lifetime / 5 { return .expiring }
        return .active
    }
}
