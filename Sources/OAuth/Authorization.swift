import CSodium
import JOSE
import Model

/// Where random bytes come from; handed in, so that published vectors can be tried.
public struct Randomness: Sendable {
    /// So many random bytes.
    public let bytes: @Sendable (Int) -> SecretBytes

    /// Randomness from this function.
    public init(_ bytes: @escaping @Sendable (Int) -> SecretBytes) { self.bytes = bytes }

    /// The kernel's, through libsodium.
    public static let system = Randomness { count in
        precondition(sodium_init() >= 0, "libsodium does not start")
        return unsafe SecretBytes(capacity: count) { room in
            // It writes `count` bytes into room for as many.
            unsafe lanyard_random(room.baseAddress, count)
            return count
        }
    }

    /// 256 bits as text, which nobody guesses.
    func text() -> SecretBytes { Base64.encode(bytes(32), .url) }
}

/// Proof Key for Code Exchange with S256 (RFC 7636).
public enum PKCE {
    /// The challenge of a verifier (4.2).
    public static func challenge(of verifier: SecretBytes) -> String {
        let digest = unsafe SecretBytes(capacity: 32) { room in
            // SHA-256 writes 32 bytes, and reads the verifier's alone.
            unsafe verifier.withUnsafeBytes { unsafe lanyard_sha256(room.baseAddress, $0.baseAddress, $0.count) }
            return 32
        }
        return Base64.encode(digest, .url).exposedText() ?? ""
    }
}

/// The question that a person takes to the server with the browser (RFC 6749, 4.1.1), and the answer's check.
public struct AuthorizationRequest: Sendable {
    /// What the browser opens; nothing in it is of use to who reads it.
    public let url: String
    /// Where the browser is sent back to.
    public let redirectURI: String
    /// What proves at the token endpoint that the question was ours.
    public let verifier: SecretBytes
    /// What an ID token has to repeat (OpenID Connect Core, 3.1.3.7); nil where none is asked for.
    public let nonce: String?
    private let state: SecretBytes
    private let server: AuthorizationServer

    /// A question of `client` to `server`.
    /// - Parameters:
    ///   - scopes: what is asked for; with `openid` among them a nonce is sent.
    ///   - resource: what the token is for (RFC 8707); nil where the server is not told.
    ///   - account: who is to log in, as a hint (OpenID Connect Core, 3.1.2.1: `login_hint`); nil where that is open.
    public init(
        to server: AuthorizationServer, of client: OAuthClient, scopes: [String], resource: String?,
        redirectURI: String, account: String? = nil, randomness: Randomness = .system
    ) throws(OAuthFailure) {
        guard let endpoint = server.authorizationEndpoint else { throw .noEndpoint(.authorization) }
        if let methods = server.challengeMethods, !methods.contains("S256") { throw .noPKCE }
        self.server = server
        self.redirectURI = redirectURI
        verifier = randomness.text()
        state = randomness.text()
        nonce = scopes.contains("openid") ? randomness.text().exposedText() : nil
        var query = FormEncoding()
        query.append("response_type", "code")
        query.append("client_id", client.id)
        query.append("redirect_uri", redirectURI)
        if !scopes.isEmpty { query.append("scope", scopes.joined(separator: " ")) }
        query.append("state", state)
        if let nonce { query.append("nonce", nonce) }
        query.append("code_challenge", PKCE.challenge(of: verifier))
        query.append("code_challenge_method", "S256")
        if let resource { query.append("resource", resource) }
        if let account { query.append("login_hint", account) }
        let text = query.finish().exposedText() ?? ""
        // The endpoint may have a query of its own, which is kept (RFC 6749, 3.1).
        let base = String(endpoint.prefix { $0 != "#" })
        url = base + (base.contains("?") ? "&" : "?") + text
    }

    /// Whether the query of an address that a browser came to is an answer to this question, by its `state`, which nobody
    /// else knows. What more it says is for ``code(in:)``.
    public func isAnswered(by query: SecretBytes) -> Bool {
        FormEncoding.decode(query)?.contains { $0.name == "state" && $0.value == state } ?? false
    }

    /// The code in the query of the address that the browser was sent back to.
    ///
    /// `state` is looked at first: an answer without ours is to another question, whatever else it says. Then `iss`,
    /// where it is there or was promised (RFC 9207, 2.4), then `error`.
    public func code(in query: SecretBytes) throws(OAuthFailure) -> SecretBytes {
        // Nothing came: where it is in a fragment, say, which browsers do not send.
        guard let fields = FormEncoding.decode(query), !fields.isEmpty else { throw .unreadableAnswer }
        var values: [String: SecretBytes] = [:]
        for field in fields {
            guard values.updateValue(field.value, forKey: field.name) == nil else { throw .unreadableAnswer }
        }
        guard values["state"] == state else { throw .wrongState }
        let issuer = values["iss"]?.exposedText()
        // An error without it ends the login as well: better by its own name than as a mix-up, which it cannot be used for.
        if values["iss"] != nil || (server.namesIssuer && values["error"] == nil) {
            guard let issuer, issuer.hasSameBytes(as: server.issuer) else { throw .wrongAnswerIssuer }
        }
        if let error = values["error"] { throw .refused(OAuthError(code: error.exposedText() ?? "")) }
        guard let code = values["code"], code.count > 0 else { throw .unreadableAnswer }
        return code
    }
}
