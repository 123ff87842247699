import Model

/// Failures of logins, renewals and logouts at a server.
extension Failure {
    /// The server refused the password.
    public static func wrongPassword(site: String, user: String) -> Failure {
        Failure(.loginNeeded, "\(site) does not take this password for \(Prose.printable(user))", mend: "try again")
    }

    /// The server refused the login, and not for the password.
    public static func loginRefused(site: String, status: Int) -> Failure {
        Failure(
            .loginNeeded, "\(site) refused the login (\(status)): it may not be the password that is wrong",
            mend: "see in a browser whether it lets you in, or asks for more; else keep a token you have: lanyard add")
    }

    /// The server could not be reached or did not answer properly.
    public static func network(site: String, _ cause: String, session: SessionName?, mend: String? = nil) -> Failure {
        let whose = session.map { "\"\($0)\": " } ?? ""
        return Failure(
            .networkFailed, "\(whose)\(site): \(cause)", session: session,
            mend: mend ?? "check the address and try again")
    }

    /// The server could not be told of a logout: the session is still here.
    public static func notLoggedOut(_ failure: Failure, _ name: SessionName) -> Failure {
        Failure(
            failure.code, failure.message, session: name,
            mend: "try again, or forget it without telling the server: lanyard remove \(name)")
    }

    /// Nothing says any more how to log out: the session is still here.
    public static func noWayOut(_ failure: Failure, _ name: SessionName) -> Failure {
        let mend = [failure.mend, "or forget it without telling the server: lanyard remove \(name)"]
        return Failure(
            failure.code, failure.message, session: name, mend: mend.compactMap(\.self).joined(separator: "; "))
    }

    /// The login has to be given something.
    public static func needsInput(_ what: String) -> Failure {
        Failure(
            .loginNeeded, "the login needs a \(what)",
            mend: "give it with --user and --password-stdin, or run it in a terminal")
    }
}

/// What went wrong between us and a server, to stand after its name and a colon.
extension Prose {
    /// There is no such host.
    public static let unknownHost = "there is no host of that name"
    /// Nothing listens there.
    public static let connectionRefused = "nobody answers there"
    /// No answer within the deadline.
    public static let timedOut = "no answer in time"
    /// The connection ended in the middle.
    public static let cutOff = "the connection broke before the answer was whole"
    /// What came back is no HTTP.
    public static let notHTTP = "what answers there does not speak HTTP"
    /// The answer is over the limit.
    public static func tooLarge(bytes: Int) -> String { "the answer is larger than \(bytes / 1024) KiB" }
    /// The certificate or the handshake failed.
    public static func tls(_ reason: String) -> String { "TLS failed: \(printable(reason))" }
    /// The mend of a certificate that does not verify.
    public static let mendTLS = "for a CA of your own: lanyard login --ca FILE, with the same address or name"
    /// The answer is not JSON.
    public static let notJSON = "the answer is not JSON"
    /// The page has no form.
    public static let noForm = "the page has no login form"
    /// The form has no password field.
    public static let noPasswordField = "the form has no password field"
    /// The answer lacks what was asked for.
    public static func missing(_ what: String) -> String { "the answer has no \(what)" }
    /// The answer sets no session cookie.
    public static let noSessionCookie = "the answer sets no session cookie"
    /// An answer that the recipe does not know.
    public static func unexpected(status: Int) -> String {
        status >= 500 ? "the server failed (status \(status))" : "the server answered with status \(status)"
    }
    /// The server asks for a pause.
    public static let busy = "the server is busy and asks to wait"
    /// Redirects without end.
    public static let tooManyRedirects = "redirects without end"
    /// The login leads elsewhere.
    public static func leftOrigin(_ origin: String) -> String {
        "the login leads to \(printable(origin)), and a password is not sent to another place than was asked for"
    }
    /// The token cannot be used.
    public static let unacceptableToken = "the token it gave has control characters in it or is empty"
    /// The answer has no token where the recipe looks for one.
    public static let noCSRFToken = "the answer has no token against cross-site requests where the recipe looks for one"
    /// The form's CSRF check failed.
    public static let csrf = "the server's CSRF check refused the form"

    /// The form would put the password into an address.
    public static let passwordInURL = "its form would put the password into an address, where logs keep it"
    /// The token's type is not one that is sent here.
    public static let unsupportedTokenType = "the token it gave is to be sent in a way that this version does not know"
    /// The recipe does not have what was asked.
    public static let notOffered = "sites of this kind do not offer that"
    /// The address or a header cannot be sent.
    public static let unsendable = "the address it leads to is not one that can be asked"
    /// The proxy failed.
    public static let proxyFailed = "the proxy of the environment does not let it through"
    /// Too many header lines.
    public static let tooManyHeaders = "the answer has too many header lines"
    /// The daemon ended.
    public static let cancelled = "the daemon was stopped meanwhile"
    /// libcurl could not be used.
    public static func libcurlFailed(_ reason: String) -> String { "libcurl cannot be used: \(printable(reason))" }

    /// Logout: the server was told.
    public static func toldToEnd(_ site: String) -> String { "told \(site) to end the session" }
    /// Logout: the server was told to revoke.
    public static func toldToRevoke(_ site: String) -> String { "told \(site) to revoke the refresh token" }
    /// Logout: the server has no way to be told.
    public static func notTold(_ site: String) -> String {
        "\(site) has no logout that Lanyard knows: what it gave stays valid there until it ends"
    }
    /// Logout: the server refused.
    public static func logoutRefused(_ site: String) -> String {
        "\(site) refused the logout: the session stays valid there until it ends"
    }
    /// Logout: it was over there already.
    public static func wasOut(_ site: String) -> String { "\(site) had ended it already" }
    /// Logout: a JWT cannot be taken back.
    public static let jwtStays = "its access token cannot be taken back: the server takes it until it expires"
    /// Logout: there is no server to tell.
    public static func wasAdded(_ name: SessionName) -> String {
        "\"\(name)\" was added by hand: no server was told, and what it gives stays valid there"
    }
    /// Logout: the session is gone here.
    public static func forgot(_ name: SessionName) -> String { "forgot \"\(name)\"" }
    /// Login: what a site asks for.
    public static func asksFor(_ site: String, _ what: String) -> String { "\(site) asks for \(what)" }
}

extension Prose {
    /// What a session is, in a few words.
    /// - Parameter recipe: the name of the recipe that it came by; nil where it was added by hand.
    public static func kind(_ session: Session, recipe: String?) -> String {
        let what =
            switch session.credential {
            case .cookies: "session cookie"
            // Django REST framework's scheme is Token.
            case .token(let token): token.scheme.lowercased() == "token" ? "token" : "\(token.scheme) token"
            case .jwt: "JWT"
            case .basic: "user name and password (Basic)"
            case .header(let name, _): "\(name) header"
            }
        if let oauth = session.oauth {
            let how =
                switch oauth.flow {
                case .browser: "OAuth 2 with PKCE"
                case .device: "OAuth 2 by a device code"
                case .clientCredentials: "OAuth 2 by the client's own credentials"
                }
            return session.credential.kind == .jwt ? "\(how), access token is a JWT" : how
        }
        return recipe.map { "\(what) (\($0))" } ?? what
    }
}

extension Prose {
    /// Discovery saw a form that would put the password into an address.
    public static func sawFormForURL(at url: String) -> String { "\(printable(url)): \(passwordInURL)" }
    /// Discovery saw a page whose script logs in.
    public static func sawScriptedLogin(at url: String) -> String {
        "\(printable(url)) asks for a password, but a script sends it"
    }
    /// What to do about that.
    public static let mendScriptedLogin =
        "find the address that the script posts to (the browser's network tools show it), and: lanyard login ADDRESS --recipe json"
    /// The site wants Basic.
    public static let mendBasic = "lanyard add NAME --for ORIGIN --basic USER"
    /// Nothing that was seen says more.
    public static func mendUnknownLogin(_ names: [String]) -> String {
        "name the login's address and how it works: lanyard login ADDRESS --recipe NAME (\(names.joined(separator: ", "))); or keep a token you have: lanyard add"
    }
    /// Discovery saw a challenge.
    public static func sawChallenge(_ scheme: String, at url: String) -> String {
        "\(printable(url)) wants \(printable(scheme))"
    }
    /// Discovery saw a redirect to another place.
    public static func sawRedirect(to origin: String) -> String { "it leads to \(printable(origin))" }

    /// The prompt for a user name.
    public static let userName = "user name"
    /// The prompt for a password.
    public static let password = "password"

    /// A token lives shorter than it was asked to.
    public static func shortToken(_ name: SessionName, seconds: Double) -> String {
        "the token of \"\(name)\" ends in \(max(0, Int(seconds))) s: the server gives no longer ones"
    }
}
