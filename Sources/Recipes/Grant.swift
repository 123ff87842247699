import Cookies
import Model

/// What a recipe is given; those it needs and does not get make it fail with ``RecipeFailure/needsInput(_:)``.
public struct RecipeInputs: Sendable {
    /// The user's name at the server.
    public var user: String?
    /// The password.
    public var password: SecretBytes?
    /// The session's access token, for a logout.
    public var access: AccessToken?
    /// The session's refresh token, for a renewal and a logout.
    public var refresh: SecretBytes?
    /// The OAuth client; servers that want none get none.
    public var clientID: String?

    /// These inputs.
    public init(
        user: String? = nil, password: SecretBytes? = nil, access: AccessToken? = nil, refresh: SecretBytes? = nil,
        clientID: String? = nil
    ) {
        self.user = user
        self.password = password
        self.access = access
        self.refresh = refresh
        self.clientID = clientID
    }

    func has(_ input: RecipeInput) -> Bool {
        switch input {
        case .user: user != nil
        case .password: password != nil
        case .access: access != nil
        case .refresh: refresh != nil
        case .clientID: clientID != nil
        }
    }
}

/// What a recipe came to.
public struct Grant: Sendable {
    /// The access token, with the end of its life; nil where the session is made of cookies, and after a logout.
    public var access: AccessToken?
    /// Whether the access token is a JWT.
    public var isJWT = false
    /// The refresh token; nil where none came: the old one, if there is one, stays.
    public var refresh: RefreshToken?
    /// The jar, with what the answers set.
    public var jar: CookieJar
    /// What the answers have changed in the jar, one after the other: a renewal leaves all else as it has become meanwhile.
    public var changes: [JarChange] = []
    /// The cookies that other hosts have set on the login's way through them: the recipe's own.
    public var recipeJar = CookieJar()
    /// The name of the cookie that is the session; nil where it is not made of cookies.
    public var sessionCookie: String?
    /// The user who logged in; nil but for a login.
    public var account: String?
    /// The recipe whose the session is; nil but for a login.
    public var recipe: String?
    /// The address where the login was in the end, redirects followed: what to log in, renew and log out at from now on;
    /// nil but for a login.
    public var loginURL: String?
    /// Seconds the server's clock is ahead of ours; nil where the last answer did not tell the time.
    public var skew: Int64?
    /// What became of a logout; nil but for a logout.
    public var told: LogoutResult?

    init(jar: CookieJar) { self.jar = jar }
}
