import Model

/// The kinds of tokens that can be revoked (RFC 7009, 2.1).
public enum TokenKind: String, Sendable {
    case access = "access_token"
    case refresh = "refresh_token"
}

/// Revokes a token (RFC 7009).
public struct RevocationRun: OAuthRun {
    private let url: String
    private let token: SecretBytes
    private let kind: TokenKind
    private let client: OAuthClient

    /// A run that has not begun.
    public init(at url: String, _ token: SecretBytes, _ kind: TokenKind, of client: OAuthClient) {
        self.url = url
        self.token = token
        self.kind = kind
        self.client = client
    }

    /// The first step.
    public mutating func begin() -> OAuthStep<Void> {
        .request(client.request(to: url, [("token", token), ("token_type_hint", SecretBytes(kind.rawValue))]))
    }

    /// The step after the answer: 200 also for a token that the server does not know (2.2).
    public mutating func receive(_ answer: HTTPResponse) -> OAuthStep<Void> {
        (200..<300).contains(answer.status) ? .finished(()) : .failed(answer.failure)
    }
}

/// Asks the provider to end its own session (OpenID Connect RP-Initiated Logout 1.0, 2), without the browser: a provider
/// that goes by the ID token does it.
public struct EndSessionRun: OAuthRun {
    private let url: String
    private let idToken: SecretBytes
    private let clientID: String

    /// A run that has not begun.
    public init(at url: String, idToken: SecretBytes, clientID: String) {
        self.url = url
        self.idToken = idToken
        self.clientID = clientID
    }

    /// The first step: a POST, so that the ID token is in no address.
    public mutating func begin() -> OAuthStep<Void> {
        .request(.form(to: url, [("id_token_hint", idToken), ("client_id", SecretBytes(clientID))]))
    }

    /// The step after the answer.
    public mutating func receive(_ answer: HTTPResponse) -> OAuthStep<Void> {
        (200..<400).contains(answer.status) ? .finished(()) : .failed(answer.failure)
    }
}
