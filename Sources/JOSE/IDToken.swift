import Model

/// Why an ID token is refused (OpenID Connect Core, 3.1.3.7 and 12.2).
public enum IDTokenFailure: Error, Equatable, Sendable {
    /// It is not signed, or not by these keys.
    case signature(JWSFailure)
    /// Its header says that it is another kind of token (RFC 8725, 3.11); the kind.
    case type(String)
    /// A claim that must be there is missing, or of another type; its name.
    case claim(String)
    /// `iss` is not the issuer that was asked.
    case issuer
    /// `aud` does not name the client.
    case audience
    /// `azp` is not the client, or is missing where there are several audiences.
    case authorizedParty
    /// `exp` is past.
    case expired(WallInstant)
    /// `iat` or `nbf` is yet to come.
    case notYet(WallInstant)
    /// `nonce` is not the one that was sent: the token is of another login.
    case nonce
    /// `at_hash` is not that of the access token: the two do not belong together.
    case accessToken
    /// `sub` is not the person who logged in before.
    case subject
}

/// An ID token that was verified (OpenID Connect Core, 2).
public struct IDToken: Sendable {
    /// Core, 2: a subject has no more ASCII characters.
    private static let longestSubject = 255

    /// What a token has to fit to.
    public struct Expectation: Sendable {
        /// The issuer, exactly as its metadata says.
        public var issuer: String
        /// The client that asked.
        public var clientID: String
        /// The nonce of the authorization request; nil where none was sent: other flows, renewals.
        public var nonce: String?
        /// The access token that came with it; where the ID token has an `at_hash`, it has to be of this one.
        public var accessToken: SecretBytes?
        /// The subject of the first ID token, at a renewal (Core, 12.2).
        public var subject: String?
        /// The algorithms to accept. HMAC belongs here only where the client has a secret and the issuer says that it uses it.
        public var algorithms: Set<JWSAlgorithm>

        /// An expectation.
        public init(
            issuer: String, clientID: String, nonce: String? = nil, accessToken: SecretBytes? = nil,
            subject: String? = nil, algorithms: Set<JWSAlgorithm> = JWSAlgorithm.asymmetric
        ) {
            self.issuer = issuer
            self.clientID = clientID
            self.nonce = nonce
            self.accessToken = accessToken
            self.subject = subject
            self.algorithms = algorithms
        }
    }

    /// Whom it is about, at its issuer.
    public let subject: String
    /// All that it says.
    public let token: JWT

    /// Verifies a token: signature first, then each rule of Core, 3.1.3.7.
    /// - Parameters:
    ///   - keys: the issuer's, or the client secret.
    ///   - now: by this machine's clock.
    /// - Throws: ``IDTokenFailure``.
    public init(
        verifying token: SecretBytes, for expected: Expectation, keys: JWKSet, now: WallInstant
    ) throws(IDTokenFailure) {
        let (jwt, algorithm) = try Self.signed(token, keys, expected.algorithms)
        try Self.checkKind(jwt)
        try Self.checkParties(jwt, expected)
        try Self.checkTimes(jwt, now)
        subject = try Self.checkSubject(jwt, expected)
        if let nonce = expected.nonce, !Self.isSame(jwt.claims.root["nonce"]?.string, nonce) { throw .nonce }
        try Self.checkAccessToken(jwt, expected.accessToken, algorithm)
        self.token = jwt
    }

    private static func signed(
        _ token: SecretBytes, _ keys: JWKSet, _ algorithms: Set<JWSAlgorithm>
    ) throws(IDTokenFailure) -> (JWT, JWSAlgorithm) {
        do throws(JWSFailure) {
            let message = try JWS(token).verified(by: keys, algorithms)
            return (try message.claims(), message.algorithm)
        } catch { throw .signature(error) }
    }

    /// An access token, a logout token or a proof of the same issuer is no ID token; they say so in `typ`.
    private static func checkKind(_ jwt: JWT) throws(IDTokenFailure) {
        guard let type = jwt.header.root["typ"] else { return }
        guard let text = type.string, !text.lowercased().hasSuffix("+jwt") else { throw .type(type.string ?? "") }
    }

    /// `iss`, `aud` and `azp` (Core, 3.1.3.7, 2 to 5).
    private static func checkParties(_ jwt: JWT, _ expected: Expectation) throws(IDTokenFailure) {
        guard let issuer = jwt.issuer else { throw .claim("iss") }
        guard issuer.hasSameBytes(as: expected.issuer) else { throw .issuer }
        guard !jwt.audiences.isEmpty else { throw .claim("aud") }
        guard jwt.audiences.contains(where: { $0.hasSameBytes(as: expected.clientID) }) else { throw .audience }
        if let party = jwt.claims.root["azp"] {
            guard isSame(party.string, expected.clientID) else { throw .authorizedParty }
        } else if jwt.audiences.count > 1 {
            throw .authorizedParty
        }
    }

    /// `exp`, `iat` and `nbf` (Core, 3.1.3.7, 9 and 10).
    private static func checkTimes(_ jwt: JWT, _ now: WallInstant) throws(IDTokenFailure) {
        guard let expires = jwt.expires else { throw .claim("exp") }
        guard let issued = jwt.issued else { throw .claim("iat") }
        guard now < expires + JWT.leeway else { throw .expired(expires) }
        let begins = max(issued, jwt.notBefore ?? issued)
        guard begins <= now + JWT.leeway else { throw .notYet(begins) }
    }

    private static func checkSubject(_ jwt: JWT, _ expected: Expectation) throws(IDTokenFailure) -> String {
        guard let subject = jwt.subject, !subject.isEmpty, subject.utf8.count <= longestSubject else {
            throw .claim("sub")
        }
        guard expected.subject.map(subject.hasSameBytes) ?? true else { throw .subject }
        return subject
    }

    /// Whether a claim is there and is this, byte by byte (Core, 2: a comparison of its code points, without
    /// normalization).
    private static func isSame(_ claim: String?, _ expected: String) -> Bool {
        claim?.hasSameBytes(as: expected) ?? false
    }

    /// `at_hash`: the left half of the access token's hash (Core, 3.1.3.6).
    private static func checkAccessToken(
        _ jwt: JWT, _ token: SecretBytes?, _ algorithm: JWSAlgorithm
    ) throws(IDTokenFailure) {
        guard let token, let claim = jwt.claims.root["at_hash"] else { return }
        let hash = algorithm.hash.of(token)
        guard claim.secret == Base64.encode(hash.copy(0..<hash.count / 2), .url) else { throw .accessToken }
    }
}
