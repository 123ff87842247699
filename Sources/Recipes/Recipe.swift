import Model

/// How to log in, renew and log out at a kind of site: data, which ``RecipeRun`` carries out.
public struct Recipe: Sendable {
    /// What `--recipe` and the store call it.
    public let name: String
    /// What such a site asks for, to follow "shop.example.com asks for".
    public let title: String
    /// What its sessions send; where this is `token` or `jwt`, ``Grant/isJWT`` says which one came.
    public let kind: Credential.Kind
    /// Where the login is on a site whose address was given without a path; nil where that cannot be known.
    public let defaultPath: String?
    /// The exchanges that get a session; empty where only the person can bring it.
    public let login: [Exchange]
    /// The exchanges that get a new access token; empty where there is no way.
    public let renewal: [Exchange]
    /// The exchanges that end the session at the server; empty where there is no way.
    public let logout: [Exchange]
    /// The cookies that such a site's session is made of; nil where it is not made of cookies.
    public let cookies: SessionCookies?
    /// The hosts it is known to be right for.
    public let hosts: [HostPattern]
    /// Whether a login by it can pass through other hosts: all that it says of a login is to fill in the form that is found.
    public let canSignOn: Bool
    /// Other origins that a login may pass through, as the recipe's file has them.
    public let loginHosts: [String]
    /// The answers, besides 401, by which a site says that the session has ended there.
    public let loggedOut: [LoggedOutRule]
    /// The reference, from the address of the login, of what is asked where a rule of ``loggedOut`` wants to see a body.
    public let check: String?
    /// The file it was read from; nil for one that comes with Lanyard.
    public var path: String?

    /// A recipe of these parts.
    public init(
        name: String, title: String, kind: Credential.Kind, defaultPath: String? = nil, login: [Exchange] = [],
        renewal: [Exchange] = [], logout: [Exchange] = [], cookies: SessionCookies? = nil, hosts: [HostPattern] = [],
        canSignOn: Bool = false, loginHosts: [String] = [], loggedOut: [LoggedOutRule] = [], check: String? = nil,
        path: String? = nil
    ) {
        self.name = name
        self.title = title
        self.kind = kind
        self.defaultPath = defaultPath
        self.login = login
        self.renewal = renewal
        self.logout = logout
        self.cookies = cookies
        self.hosts = hosts
        self.canSignOn = canSignOn
        self.loginHosts = loginHosts
        self.loggedOut = loggedOut
        self.check = check
        self.path = path
    }

    /// Which cookies a site of cookies uses for what.
    public struct SessionCookies: Sendable {
        /// The usual name of the one that is the session, a `*` at its end for any end; another one is recognised by
        /// being HttpOnly. nil where nothing is known of it: then it may also have been set before the login.
        public let session: String?
        /// The names the one against cross-site requests may have, the usual one first.
        public let csrf: [String]
        /// The header field that an unsafe request repeats that one in; nil where it does not.
        public let csrfHeader: String?
        /// Cookies that a login sets and that are not the session, a `*` at the end for any end.
        public let other: [String]

        /// Cookies of these names.
        public init(session: String?, csrf: [String], csrfHeader: String? = nil, other: [String] = []) {
            self.session = session
            self.csrf = csrf
            self.csrfHeader = csrfHeader
            self.other = other
        }
    }

    /// The built-in recipe of this name; nil where there is none.
    public static func named(_ name: String) -> Recipe? { builtIn.first { $0.name == name } }

    /// The address of the login at `url`: the default path is filled in where it has none.
    public func loginURL(for url: String, syntax: URLSyntax) -> String {
        guard let defaultPath, let target = syntax.parse(url), target.path == "/" else { return url }
        return target.origin + defaultPath
    }

    /// The exchanges of a phase.
    func exchanges(of phase: RecipePhase) -> [Exchange] {
        switch phase {
        case .login: login
        case .renewal: renewal
        case .logout: logout
        }
    }
}

/// What a recipe is run for.
public enum RecipePhase: Sendable {
    /// To get a session.
    case login
    /// To get a new access token.
    case renewal
    /// To end the session at the server.
    case logout
}
