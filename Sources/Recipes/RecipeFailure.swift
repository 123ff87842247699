/// Why a recipe did not come to its end. URLs are without query and fragment; nothing here is a secret.
public enum RecipeFailure: Error, Equatable, Sendable {
    /// The server refuses the user or the password.
    case wrongPassword
    /// The server refuses the login with this status, whatever the password.
    case loginRefused(Int)
    /// The server no longer takes the refresh token: only a person can go on.
    case refreshRefused
    /// The server takes the login for a forged request (Django's 403).
    case csrfRefused(String)
    /// The page of this URL has no form.
    case noForm(String)
    /// The page of this URL has forms, but none that asks for one password.
    case noPasswordField(String)
    /// The answer of this URL has no token against cross-site requests where the recipe looks for one.
    case noCSRFToken(String)
    /// The form on this page would put the password into a URL (`method=get`).
    case passwordInURL(String)
    /// The answer of this URL is not a JSON object, or is one over a limit.
    case notJSON(String)
    /// The answer lacks this member, or it is of another type.
    case missingMember(String)
    /// The server at this URL seems content, but has set no cookie that can be the session.
    case noSessionCookie(String)
    /// A status that the recipe does not know, and the URL.
    case unexpectedStatus(Int, String)
    /// The server asks to come back later (429, 503); after how many seconds, where it says.
    case retryLater(seconds: Double?)
    /// More than five redirects.
    case tooManyRedirects
    /// A redirect or a form leads to this origin, which is neither that of the login nor one it may pass through.
    case leftOrigin(String)
    /// The form that asks for the password would send it to this origin, which is not its page's.
    case passwordElsewhere(String)
    /// The form that asks for the password is this origin's, which the person has neither named nor was told of.
    case otherAsker(String)
    /// A token that cannot stand in a header field: empty, with control characters, or longer than 32 KiB.
    case unacceptableToken
    /// The token is to be sent in another way than Bearer.
    case unsupportedTokenType
    /// The recipe needs this, and it was not given.
    case needsInput(RecipeInput)
    /// The recipe has no such phase.
    case notOffered
    /// No `http` or `https` URL, or one with a user in it.
    case unreadableURL
}

/// What became of a logout at the server.
public enum LogoutResult: Equatable, Sendable {
    /// The server has ended the session.
    case done
    /// The session had already ended there.
    case alreadyOut
    /// There is no logout at this URL; the session lives on at the server until it expires.
    case noSuchLogout(String)
    /// The server refused with this status; the session lives on there until it expires.
    case refused(Int, String)
    /// Servers of this kind have no logout.
    case notOffered
}
