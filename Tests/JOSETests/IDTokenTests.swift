import Model
import Testing

@testable import JOSE

/// The names in quotes are those of the OpenID relying-party tests.
struct IDTokenTests {
    private static let now = WallInstant(seconds: 1_800_000_000)
    private let signer: JWK
    private let keys: JWKSet

    init() throws {
        signer = try key(from: "RFC 7515, A.2")
        keys = JWKSet([signer])
    }

    /// Claims that are right, with some put in or taken out.
    private static func claims(_ changes: [String: String?] = [:]) -> String {
        var claims: [String: String?] = [
            "iss": #""https://id.example""#, "sub": #""4711""#, "aud": #""client""#, "exp": "1800000300",
            "iat": "1799999990", "nonce": #""n-0S6""#,
        ]
        claims.merge(changes) { $1 }
        return "{" + claims.compactMap { name, value in value.map { #""\#(name)":\#($0)"# } }.joined(separator: ",")
            + "}"
    }

    private func expectation() -> IDToken.Expectation {
        IDToken.Expectation(issuer: "https://id.example", clientID: "client", nonce: "n-0S6")
    }

    private func refusal(
        _ token: SecretBytes, _ expected: IDToken.Expectation? = nil, keys: JWKSet? = nil, now: WallInstant = Self.now
    ) -> IDTokenFailure? {
        do throws(IDTokenFailure) {
            _ = try IDToken(verifying: token, for: expected ?? expectation(), keys: keys ?? self.keys, now: now)
            return nil
        } catch { return error }
    }

    private func refusal(
        with changes: [String: String?], _ expected: IDToken.Expectation? = nil, now: WallInstant = Self.now
    ) throws -> IDTokenFailure? {
        refusal(try signed(Self.claims(changes), by: signer, .rs256), expected, now: now)
    }

    @Test func aTokenThatIsRight() throws {
        let token = try IDToken(
            verifying: try signed(Self.claims(), by: signer, .rs256), for: expectation(), keys: keys, now: Self.now)
        #expect(token.subject == "4711")
        #expect(token.token.issuer == "https://id.example")
    }

    private static let wrong: [(String, String?, IDTokenFailure)] = [
        ("iss", #""https://id.example/""#, .issuer), ("iss", #""https://other.example""#, .issuer),
        ("iss", nil, .claim("iss")), ("iss", "7", .claim("iss")), ("sub", nil, .claim("sub")),
        ("sub", #""""#, .claim("sub")), ("sub", "7", .claim("sub")),
        ("sub", "\"" + String(repeating: "x", count: 256) + "\"", .claim("sub")), ("aud", #""other""#, .audience),
        ("aud", #"["other"]"#, .audience), ("aud", #"["clien","client2"]"#, .audience), ("aud", nil, .claim("aud")),
        ("aud", "[]", .claim("aud")), ("aud", "7", .claim("aud")), ("aud", #"["client",7]"#, .claim("aud")),
        ("iat", nil, .claim("iat")), ("iat", #""1800000000""#, .claim("iat")), ("exp", nil, .claim("exp")),
        ("exp", #""1800000300""#, .claim("exp")), ("exp", "1e300", .claim("exp")), ("exp", "null", .claim("exp")),
        ("nonce", #""other""#, .nonce), ("nonce", nil, .nonce), ("nonce", "7", .nonce),
    ]

    /// "invalid-iss", "missing-sub", "invalid-aud", "missing-aud", "missing-iat", "missing-exp", "nonce-invalid".
    @Test(arguments: wrong)
    func claimsThatAreWrong(_ name: String, _ value: String?, _ expected: IDTokenFailure) throws {
        #expect(try refusal(with: [name: value]) == expected)
    }

    /// One letter, composed here and decomposed there, is two names to a server.
    @Test(arguments: [
        ("iss", IDTokenFailure.issuer), ("aud", .audience), ("azp", .authorizedParty), ("nonce", .nonce),
        ("sub", .subject),
    ])
    func claimsAreComparedByteByByte(_ name: String, _ expected: IDTokenFailure) throws {
        let (composed, decomposed) = ("h\u{E9}", "he\u{301}")
        var expectation = expectation()
        switch name {
        case "iss": expectation.issuer = composed
        case "aud": expectation.clientID = composed
        case "azp": expectation.clientID = composed
        case "nonce": expectation.nonce = composed
        default: expectation.subject = composed
        }
        var changes: [String: String?] = [name: "\"\(decomposed)\""]
        if name == "azp" { changes["aud"] = "\"\(composed)\"" }
        #expect(try refusal(with: changes, expectation) == expected)
        changes[name] = "\"\(composed)\""
        #expect(try refusal(with: changes, expectation) == nil)
    }

    @Test func severalAudiences() throws {
        let several = #"["client","other"]"#
        #expect(try refusal(with: ["aud": several]) == .authorizedParty)
        #expect(try refusal(with: ["aud": several, "azp": #""client""#]) == nil)
        #expect(try refusal(with: ["aud": several, "azp": #""other""#]) == .authorizedParty)
        #expect(try refusal(with: ["azp": #""other""#]) == .authorizedParty)
        #expect(try refusal(with: ["azp": "7"]) == .authorizedParty)
        #expect(try refusal(with: ["azp": #""client""#]) == nil)
        #expect(try refusal(with: ["aud": #"["client"]"#]) == nil)
    }

    @Test func clocksMayDifferByAMinute() throws {
        let (end, begin) = (WallInstant(seconds: 1_800_000_300), WallInstant(seconds: 1_799_999_990))
        #expect(try refusal(with: [:], now: end + 59) == nil)
        #expect(try refusal(with: [:], now: end + 60) == .expired(end))
        #expect(try refusal(with: [:], now: begin + -60) == nil)
        #expect(try refusal(with: [:], now: begin + -61) == .notYet(begin))
        let later = WallInstant(seconds: 1_800_000_061)
        #expect(try refusal(with: ["nbf": "1800000061"]) == .notYet(later))
        #expect(try refusal(with: ["nbf": "1800000060"]) == nil)
    }

    /// "invalid-athash".
    @Test func theAccessTokenBelongsToIt() throws {
        var expected = expectation()
        expected.accessToken = SecretBytes("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y")
        // OpenID Connect Core, A.3: that token and its hash.
        #expect(try refusal(with: ["at_hash": #""77QmUPtjPfzWtF2AnpK9RQ""#], expected) == nil)
        #expect(try refusal(with: ["at_hash": #""77QmUPtjPfzWtF2AnpK9RR""#], expected) == .accessToken)
        #expect(try refusal(with: ["at_hash": "7"], expected) == .accessToken)
        #expect(try refusal(with: [:], expected) == nil)
        // The hash is that of the signature's algorithm.
        let sha256 = Self.claims(["at_hash": #""77QmUPtjPfzWtF2AnpK9RQ""#])
        #expect(refusal(try signed(sha256, by: signer, .rs512), expected) == .accessToken)
    }

    /// "refresh-token-invalid-sub": a renewed token has no nonce, and is about the same person.
    @Test func renewed() throws {
        var expected = expectation()
        (expected.nonce, expected.subject) = (nil, "4711")
        #expect(try refusal(with: ["nonce": nil], expected) == nil)
        #expect(try refusal(with: ["nonce": nil, "sub": #""4712""#], expected) == .subject)
        #expect(try refusal(with: ["nonce": nil, "iss": #""https://other.example""#], expected) == .issuer)
    }

    /// "idtoken-sig-none".
    @Test func unsigned() throws {
        let parts = [#"{"alg":"none"}"#, Self.claims()].map {
            Base64.encode(SecretBytes($0), .url).exposedText() ?? ""
        }
        let token = SecretBytes(parts.joined(separator: ".") + ".")
        #expect(refusal(token) == .signature(.algorithm("none")))
    }

    /// "invalid-sig-rs256", "invalid-sig-es256", "invalid-sig-hs256".
    @Test(arguments: [
        (JWSAlgorithm.rs256, "RFC 7515, A.2", "RFC 7520, 4.1"), (.es256, "RFC 7515, A.3", "P-256"),
        (.hs256, "RFC 7515, A.1", "RFC 7520, 4.4"),
    ])
    func signedByAnother(_ algorithm: JWSAlgorithm, _ source: String, _ other: String) throws {
        var expected = expectation()
        expected.algorithms = [algorithm]
        let token = try signed(Self.claims(), by: try key(from: source), algorithm)
        #expect(refusal(token, expected, keys: JWKSet([try key(from: source)])) == nil)
        #expect(
            refusal(token, expected, keys: JWKSet([try key(from: other)])) == .signature(.signature(named: false)))
    }

    /// The issuer's public key is no secret, and HMAC is expected only where that was agreed.
    @Test func algorithmConfusion() throws {
        let secret = try key(from: "RFC 7515, A.1")
        let token = try signed(Self.claims(), by: secret, .hs256)
        #expect(refusal(token, keys: JWKSet([secret])) == .signature(.algorithm("HS256")))
        var expected = expectation()
        expected.algorithms = [.hs256, .rs256]
        #expect(refusal(token, expected) == .signature(.unsuitableKey))
        let modulus = signer.publicMembers.first { $0.name == "n" }?.value ?? ""
        let published = try key(#"{"kty":"oct","k":"\#(modulus)"}"#)
        #expect(
            refusal(try signed(Self.claims(), by: published, .hs256), expected) == .signature(.unsuitableKey))
    }

    /// RFC 8725, 3.11.
    @Test func anotherKindOfToken() throws {
        for (type, expected) in [
            ("at+jwt", IDTokenFailure.type("at+jwt")), ("Logout+JWT", .type("Logout+JWT")),
            ("dpop+jwt", .type("dpop+jwt")), ("JWT", nil), ("jwt", nil),
        ] {
            let token = try signed(Self.claims(), by: signer, .rs256) { $0.member("typ", type) }
            #expect(refusal(token) == expected)
        }
    }

    @Test(arguments: ["[]", "7", "", #"{"iss":"a","iss":"b"}"#, "{", "\u{0}"])
    func noClaims(_ payload: String) throws {
        #expect(refusal(try signed(payload, by: signer, .rs256)) == .signature(.claims))
    }
}
