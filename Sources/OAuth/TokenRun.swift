import JOSE
import Model

/// What a client shows at the token endpoint to get tokens (RFC 6749, 1.3): a grant type and its fields. Other grants
/// are other values of this.
public struct AuthorizationGrant: Sendable {
    let type: String
    let fields: [(name: String, value: SecretBytes)]
    /// A refusal is the end of the session, rather than of an attempt.
    let isRefresh: Bool

    init(_ type: String, _ fields: [(name: String, value: SecretBytes)] = [], isRefresh: Bool = false) {
        self.type = type
        self.fields = fields
        self.isRefresh = isRefresh
    }

    /// The code that came back to `request` (RFC 6749, 4.1.3; RFC 7636, 4.5).
    public static func code(_ code: SecretBytes, of request: AuthorizationRequest) -> AuthorizationGrant {
        AuthorizationGrant(
            "authorization_code",
            [
                ("code", code), ("redirect_uri", SecretBytes(request.redirectURI)),
                ("code_verifier", request.verifier),
            ])
    }

    /// A refresh token (RFC 6749, 6).
    public static func refreshToken(_ token: SecretBytes) -> AuthorizationGrant {
        AuthorizationGrant("refresh_token", [("refresh_token", token)], isRefresh: true)
    }

    /// The client's own credentials (RFC 6749, 4.4).
    public static func clientCredentials(scopes: [String]) -> AuthorizationGrant {
        AuthorizationGrant(
            "client_credentials", scopes.isEmpty ? [] : [("scope", SecretBytes(scopes.joined(separator: " ")))])
    }

    /// A device code (RFC 8628, 3.4).
    static func deviceCode(_ code: SecretBytes) -> AuthorizationGrant {
        AuthorizationGrant("urn:ietf:params:oauth:grant-type:device_code", [("device_code", code)])
    }
}

/// What a token endpoint gave (RFC 6749, 5.1).
public struct Tokens: Sendable {
    /// The access token, with the end of its life.
    public var access: AccessToken
    /// Whether it is a JWT.
    public var isJWT: Bool
    /// The refresh token; nil where none came: the old one, if there is one, stays.
    public var refresh: RefreshToken?
    /// What was granted; nil where it is what was asked for (RFC 6749, 3.3), or the server says nothing readable.
    public var scopes: [String]?
    /// The ID token (OpenID Connect Core, 3.1.3.3), not verified yet.
    public var idToken: SecretBytes?
    /// Seconds the server's clock is ahead of ours; nil where the answer did not tell the time.
    public var skew: Int64?

    /// Reads an answer.
    static func read(_ answer: HTTPResponse, _ clock: Clock) throws(OAuthFailure) -> Tokens {
        let object = try answer.object()
        if let type = object["token_type"], !type.isNull {
            guard type.string?.equalsIgnoringCase("bearer") == true else { throw .unsupportedTokenType }
        }
        let value = try token("access_token", of: object)
        let now = clock.wall()
        let serverTime = answer.text(of: "date").flatMap(HTTPDate.parse)
        let jwt = JWT.decode(value)
        let lifetime = Lifetime.of(
            expiresIn: Lifetime.seconds(object["expires_in"]), jwt: jwt, serverTime: serverTime ?? now)
        func expiry(_ lifetime: Double?, isJWT: Bool) -> Expiry? {
            let cut = isJWT ? Lifetime.cutOfDates : 0
            return lifetime.map { Expiry(seconds: max(0, $0 - cut), after: answer.started, clock: clock) }
        }
        var tokens = Tokens(
            access: AccessToken(
                scheme: "Bearer", value: value, expiry: expiry(lifetime, isJWT: jwt != nil), lifetime: lifetime),
            isJWT: jwt != nil)
        if object["refresh_token"].map({ !$0.isNull }) ?? false {
            let value = try token("refresh_token", of: object)
            let jwt = JWT.decode(value)
            let lifetime = Lifetime.of(
                expiresIn: Lifetime.seconds(object["refresh_token_expires_in"] ?? object["refresh_expires_in"]),
                jwt: jwt, serverTime: serverTime ?? now)
            tokens.refresh = RefreshToken(
                value: value, expiry: expiry(lifetime, isJWT: jwt != nil), lifetime: lifetime)
        }
        let granted = Scopes.read(object["scope"]?.string?.split(separator: " ") ?? [])
        tokens.scopes = granted.isEmpty ? nil : granted
        tokens.idToken = object["id_token"]?.secret
        tokens.skew = serverTime.map { $0 - now }
        return tokens
    }

    /// What was granted of what was asked for. What is about the login rather than about the access token, some servers
    /// leave out of their list; without it the next login would bring no refresh token.
    public func granted(of asked: [String]) -> [String] {
        guard let scopes else { return asked }
        return scopes + asked.filter { Scopes.ofLogin.contains($0) && !scopes.contains($0) }
    }

    private static func token(_ name: String, of object: JSONValue) throws(OAuthFailure) -> SecretBytes {
        guard let value = object[name]?.secret else { throw .missingMember(name) }
        guard value.isFieldValue else { throw .unacceptableToken }
        return value
    }
}

/// Turns a grant into tokens.
public struct TokenRun: OAuthRun {
    private let url: String?
    private let client: OAuthClient
    private let grant: AuthorizationGrant
    private let resource: String?
    private let clock: Clock

    /// A run that has not begun.
    /// - Parameters:
    ///   - url: the token endpoint.
    ///   - resource: what the token is for (RFC 8707, 2.2); nil where the server is not told.
    public init(at url: String?, _ grant: AuthorizationGrant, of client: OAuthClient, resource: String?, clock: Clock) {
        self.url = url
        self.client = client
        self.grant = grant
        self.resource = resource
        self.clock = clock
    }

    /// The first step.
    public mutating func begin() -> OAuthStep<Tokens> {
        guard let url else { return .failed(.noEndpoint(.token)) }
        var fields = [("grant_type", SecretBytes(grant.type))] + grant.fields
        if let resource { fields.append(("resource", SecretBytes(resource))) }
        return .request(client.request(to: url, fields.map { (name: $0.0, value: $0.1) }))
    }

    /// The step after the answer.
    public mutating func receive(_ answer: HTTPResponse) -> OAuthStep<Tokens> {
        .of { () throws(OAuthFailure) in
            if let error = refusal(answer) { throw error }
            guard answer.status == 200 else { throw answer.failure }
            return .finished(try Tokens.read(answer, clock))
        }
    }

    private func refusal(_ answer: HTTPResponse) -> OAuthFailure? {
        // Some servers say 200 with the error in it (GitHub: bad_refresh_token).
        guard [200, 400, 401, 403].contains(answer.status) else { return nil }
        let code = (try? JSONDocument(answer.body))?.root["error"]?.string
        guard grant.isRefresh else { return code.map { .refused(OAuthError(code: $0)) } }
        if code == "invalid_grant" || code == "bad_refresh_token" { return .refreshRefused }
        // Glewlwyd's answer to a spent token.
        if answer.status == 400, answer.body.count == 0 { return .refreshRefused }
        return code.map { .refused(OAuthError(code: $0)) }
    }
}
