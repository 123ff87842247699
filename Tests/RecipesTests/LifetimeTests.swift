import JOSE
import Model
import Recipes
import Testing

/// A token with these claims; nobody checks its signature.
private func token(_ claims: String) -> String {
    func part(_ text: String) -> String { Base64.encode(SecretBytes(text), .url).exposedText() ?? "" }
    return "\(part(#"{"alg":"none"}"#)).\(part(claims))."
}

@Suite struct LifetimeTests {
    /// What `expires_in` says, the claims of a JWT or nil for an opaque token, and the seconds it lives.
    @Test(
        arguments: [
            ("3600", nil, 3600), (#""3600""#, nil, 3600), ("3600.5", nil, 3600.5), ("3.6e3", nil, 3600),
            ("null", nil, nil), ("0", nil, nil), ("-1", nil, nil), (#""-1""#, nil, nil), (#""soon""#, nil, nil),
            (#""""#, nil, nil), (#""1e3""#, nil, nil), ("true", nil, nil), ("[1]", nil, nil), ("1e300", nil, nil),
            ("1e999", nil, nil), (#""99999999999999999999""#, nil, nil), ("3155760000", nil, 3_155_760_000),
            ("3155760001", nil, nil),
            ("null", #"{"exp":1000300,"iat":1000000}"#, 300),
            ("200", #"{"exp":1000300,"iat":1000000}"#, 200),
            ("400", #"{"exp":1000300,"iat":1000000}"#, 300),
            ("-5", #"{"exp":1000300,"iat":1000000}"#, 300),
            ("null", #"{"exp":1000300.9,"iat":1000000.2}"#, 300),
            ("null", #"{"iat":1000000}"#, nil),
            ("null", #"{"exp":"tomorrow","iat":1000000}"#, nil),
            ("null", #"{"exp":1e300,"iat":0}"#, nil),
            // Without iat, or with one that is no use, the end is measured against the server's clock.
            ("null", #"{"exp":1795502831}"#, 3600 + 231),
            ("null", #"{"exp":1795502831,"iat":1795502831}"#, 3600 + 231),
            ("null", #"{"exp":1000}"#, 0),
            ("60", #"{"exp":1795502831}"#, 60),
        ] as [(String, String?, Double?)])
    func isTheEarlierOfWhatIsSaid(_ expiresIn: String, _ claims: String?, _ seconds: Double?) throws {
        let value = claims.map(token) ?? "opaque"
        // The server's clock is 231 s behind ours.
        let answer = Answer.json(
            200, "{\"access_token\":\"\(value)\",\"expires_in\":\(expiresIn)}",
            [("Date", "Tue, 24 Nov 2026 05:43:20 GMT")])
        let inputs = RecipeInputs(refresh: SecretBytes("r"), clientID: "c")
        let ending = play(.renewal, "oauth2-refresh", at: "https://id.example.com/token", inputs: inputs, [answer])
        let grant = try #require(ending.grant)
        #expect(grant.skew == -231)
        #expect(grant.isJWT == (claims != nil))
        #expect(grant.access?.lifetime == seconds)
        #expect(grant.access?.expiry?.boot == seconds.map { BootInstant(nanoseconds: 100_000_000_000) + $0 })
    }

    @Test(
        arguments: [
            ("Tue, 24 Nov 2026 05:48:11 GMT", 60), ("Mon, 23 Nov 2026 05:47:11 GMT", -86_400), ("yesterday", nil),
            ("Tue, 24 Nov 2026 05:48:11 CET", nil), ("Tue, 31 Feb 2026 05:48:11 GMT", nil),
            ("Tue, 24 Nov 2026 25:48:11 GMT", nil), ("Tuesday, 24-Nov-26 05:48:11 GMT", nil),
        ] as [(String, Int64?)])
    func skewIsTheServersDate(_ date: String, _ skew: Int64?) {
        let answer = Answer.json(200, #"{"token":"x"}"#, [("Date", date)])
        #expect(play(.login, "drf-token", at: "https://x.example/t/", [answer]).grant?.skew == skew)
    }
}
