import Model

/// What an OAuth exchange wants done next.
public enum OAuthStep<Outcome: Sendable>: Sendable {
    /// Send this without following redirects, and give the answer to the run.
    case request(HTTPRequest)
    /// Wait for so many seconds, then call ``OAuthRun/begin()`` again.
    case wait(seconds: Double)
    /// It came to its end.
    case finished(Outcome)
    /// It did not.
    case failed(OAuthFailure)
}

/// An exchange with an OAuth server, step by step. Pure: whoever drives it does the transfers and the waiting.
public protocol OAuthRun: Sendable {
    /// What it comes to.
    associatedtype Outcome: Sendable
    /// The first step, or the next after a wait.
    mutating func begin() -> OAuthStep<Outcome>
    /// The step after the answer to the last request.
    mutating func receive(_ answer: HTTPResponse) -> OAuthStep<Outcome>
    /// The step after no answer, where the network failed and it may be asked again; nil where that is the end.
    mutating func resume() -> OAuthStep<Outcome>?
}

extension OAuthRun {
    /// Most exchanges end there: what was sent may have been taken.
    public mutating func resume() -> OAuthStep<Outcome>? { nil }
}

extension OAuthStep {
    /// The step that `body` returns, or its failure.
    static func of(_ body: () throws(OAuthFailure) -> OAuthStep<Outcome>) -> OAuthStep<Outcome> {
        do throws(OAuthFailure) { return try body() } catch { return .failed(error) }
    }
}

/// Why an exchange did not come to its end. URLs are without query and fragment; nothing here is a secret.
public enum OAuthFailure: Error, Equatable, Sendable {
    /// The server says no, with this error.
    case refused(OAuthError)
    /// The server no longer takes the refresh token: only a person can go on.
    case refreshRefused
    /// No metadata was found for this issuer.
    case noMetadata(String)
    /// The metadata names another issuer than was asked (RFC 8414, 3.3): a mix-up, or an attack.
    case wrongIssuer(asked: String, found: String)
    /// The metadata is about another resource than was asked (RFC 9728, 3.3).
    case wrongResource(asked: String, found: String)
    /// The resource names no authorization server.
    case noAuthorizationServer(String)
    /// The server names no endpoint of this kind.
    case noEndpoint(Endpoint)
    /// This endpoint, or the issuer itself, is neither https nor on this machine.
    case insecure(String)
    /// The server says that it does not know PKCE with S256 (RFC 7636).
    case noPKCE
    /// The `state` that came back is not the one that was sent: the answer is to somebody else's request.
    case wrongState
    /// The `iss` that came back is missing or another than the server's (RFC 9207, 2.4).
    case wrongAnswerIssuer
    /// The account's claims are about somebody else than the ID token (OpenID Connect Core, 5.3.2).
    case wrongSubject
    /// What came back is neither a code nor an error, or repeats a parameter (RFC 6749, 3.1).
    case unreadableAnswer
    /// The code was not entered in time (RFC 8628, 3.5).
    case codeExpired
    /// The answer of this URL is not a JSON object.
    case notJSON(String)
    /// The answer lacks this member, or it is of another type.
    case missingMember(String)
    /// A status that means nothing here, and the URL.
    case unexpectedStatus(Int, String)
    /// The URL redirects, which is not followed: it would get codes and tokens.
    case redirected(String)
    /// The server asks to come back later (429, 503); after how many seconds, where it says.
    case retryLater(seconds: Double?)
    /// The token is to be sent in another way than Bearer.
    case unsupportedTokenType
    /// A token that cannot stand in a header field.
    case unacceptableToken

    /// The endpoints of a server.
    public enum Endpoint: String, Sendable {
        case authorization = "authorization_endpoint"
        case token = "token_endpoint"
        case registration = "registration_endpoint"
        case device = "device_authorization_endpoint"
    }
}

/// The error codes of OAuth; ``other`` stands for one that no RFC here has.
public enum OAuthError: String, Equatable, Sendable, CaseIterable {
    // RFC 6749, 4.1.2.1 and 5.2.
    case invalidRequest = "invalid_request"
    case unauthorizedClient = "unauthorized_client"
    case accessDenied = "access_denied"
    case unsupportedResponseType = "unsupported_response_type"
    case invalidScope = "invalid_scope"
    case serverError = "server_error"
    case temporarilyUnavailable = "temporarily_unavailable"
    case invalidClient = "invalid_client"
    case invalidGrant = "invalid_grant"
    case unsupportedGrantType = "unsupported_grant_type"
    // RFC 8628, 3.5.
    case authorizationPending = "authorization_pending"
    case slowDown = "slow_down"
    case expiredToken = "expired_token"
    // RFC 7591, 3.2.2.
    case invalidRedirectURI = "invalid_redirect_uri"
    case invalidClientMetadata = "invalid_client_metadata"
    case invalidSoftwareStatement = "invalid_software_statement"
    case unapprovedSoftwareStatement = "unapproved_software_statement"
    // RFC 7009, 2.2.1.
    case unsupportedTokenType = "unsupported_token_type"
    // RFC 8707, 2.
    case invalidTarget = "invalid_target"
    // RFC 6750, 3.1.
    case invalidToken = "invalid_token"
    case insufficientScope = "insufficient_scope"
    // OpenID Connect Core, 3.1.2.6.
    case interactionRequired = "interaction_required"
    case loginRequired = "login_required"
    case accountSelectionRequired = "account_selection_required"
    case consentRequired = "consent_required"
    /// None of these.
    case other

    /// The error with this code.
    public init(code: String) { self = OAuthError(rawValue: code) ?? .other }
}
