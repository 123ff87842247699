/// What an OAuth session is renewed and ended with.
public struct OAuthUse: Sendable {
    /// How tokens are got.
    public enum Flow: String, Sendable, CaseIterable {
        /// The authorization code, with the person's browser (RFC 8252).
        case browser
        /// A code that the person enters on another device (RFC 8628).
        case device
        /// The client's own credentials, without a person (RFC 6749, 4.4).
        case clientCredentials = "client-credentials"
    }

    /// The authorization server.
    public var issuer: String
    /// Where tokens are renewed.
    public var tokenEndpoint: String
    /// Where tokens are revoked; nil where they cannot be.
    public var revocationEndpoint: String?
    /// Where the provider's own session ends; nil where it has no such place.
    public var endSessionEndpoint: String?
    /// Where its keys are; nil where it has none.
    public var jwksURI: String?
    /// The algorithms it signs ID tokens with; nil where it does not say.
    public var idTokenAlgorithms: [String]?
    /// The client's id there.
    public var clientID: String
    /// How the client authenticates, in the words of RFC 7591, 2.
    public var authentication: String
    /// The client's secret; nil for a public client.
    public var clientSecret: SecretBytes?
    /// The client's own URL (RFC 7592); nil where Lanyard did not register it, or cannot delete it.
    public var registrationURI: String?
    /// What opens that.
    public var registrationToken: SecretBytes?
    /// Lanyard registered the client.
    public var isRegistered: Bool
    /// How the session was made.
    public var flow: Flow
    /// The port that the browser came back to: some servers take no other than the one that was registered.
    public var port: UInt16?
    /// What was granted, or asked for where the server does not say.
    public var scopes: [String]
    /// What the tokens are for (RFC 8707); nil where the server is not told.
    public var resource: String?
    /// The verified ID token; nil where none came.
    public var idToken: SecretBytes?
    /// Whom that is about; later ones have to be about the same (OpenID Connect Core, 12.2).
    public var subject: String?

    /// A use of the client `clientID` at `issuer`.
    public init(
        issuer: String, tokenEndpoint: String, clientID: String, authentication: String, clientSecret: SecretBytes?,
        flow: Flow, scopes: [String], resource: String?
    ) {
        self.issuer = issuer
        self.tokenEndpoint = tokenEndpoint
        self.clientID = clientID
        self.authentication = authentication
        self.clientSecret = clientSecret
        self.flow = flow
        self.scopes = scopes
        self.resource = resource
        isRegistered = false
    }
}
