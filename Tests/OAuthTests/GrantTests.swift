import Model
import OAuth
import Testing
import Transfer

@Suite struct AuthorizationTests {
    private func request(
        _ server: AuthorizationServer = server(), scopes: [String] = ["read", "write"], resource: String? = nil
    ) throws -> AuthorizationRequest {
        try AuthorizationRequest(
            to: server, of: publicClient, scopes: scopes, resource: resource,
            redirectURI: "http://127.0.0.1:4711/callback")
    }

    @Test func `the challenge of RFC 7636, appendix B`() {
        let verifier = SecretBytes("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
        #expect(PKCE.challenge(of: verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    }

    @Test func `what the browser opens`() throws {
        let request = try request(
            server { $0.authorizationEndpoint = "https://id.example/authorize?tenant=1#x" },
            resource: "https://api.example")
        #expect(request.url.hasPrefix("https://id.example/authorize?tenant=1&response_type=code&client_id=c1&"))
        let query = fields(request.url.drop { $0 != "?" }.dropFirst())
        #expect(query["redirect_uri"] == "http://127.0.0.1:4711/callback")
        #expect(query["scope"] == "read write")
        #expect(query["code_challenge_method"] == "S256")
        #expect(query["code_challenge"] == PKCE.challenge(of: request.verifier))
        #expect(query["resource"] == "https://api.example")
        #expect(query["state"]?.utf8.count == 43)
        #expect(query["nonce"] == nil)
        #expect(!request.url.contains(request.verifier.exposedText() ?? "?"))
    }

    @Test func `nothing is the same twice, and OpenID gets a nonce`() throws {
        let (one, two) = (try request(scopes: ["openid"]), try request(scopes: ["openid"]))
        #expect(one.verifier != two.verifier && one.nonce != two.nonce && one.nonce != nil)
        #expect(fields(one.url)["state"] != fields(two.url)["state"])
    }

    @Test func `a server without S256 is not asked`() {
        #expect(throws: OAuthFailure.noPKCE) { try request(server { $0.challengeMethods = ["plain"] }) }
        #expect(throws: OAuthFailure.noEndpoint(.authorization)) {
            try request(server { $0.authorizationEndpoint = nil })
        }
    }

    private func answer(_ make: (String) -> String, namesIssuer: Bool = false) throws -> Result<String?, OAuthFailure> {
        let request = try request(server { $0.namesIssuer = namesIssuer })
        let state = fields(request.url.drop { $0 != "?" }.dropFirst())["state"] ?? ""
        do throws(OAuthFailure) { return .success(try request.code(in: SecretBytes(make(state))).exposedText()) } catch
        {
            return .failure(error)
        }
    }

    @Test func `the code of the answer to this question`() throws {
        #expect(try answer { "code=a%2Bb&state=\($0)" } == .success("a+b"))
        #expect(try answer({ "code=x&state=\($0)&iss=https%3A%2F%2Fid.example" }, namesIssuer: true) == .success("x"))
    }

    @Test func `state is missing, another, or there twice`() throws {
        #expect(try answer { _ in "code=x" } == .failure(.wrongState))
        #expect(try answer { _ in "code=x&state=other" } == .failure(.wrongState))
        #expect(try answer { _ in "error=access_denied" } == .failure(.wrongState))
        #expect(try answer { "code=x&state=\($0)&state=\($0)" } == .failure(.unreadableAnswer))
        #expect(try answer { "code=x&code=y&state=\($0)" } == .failure(.unreadableAnswer))
    }

    @Test func `iss is missing where it was promised, or another`() throws {
        #expect(try answer({ "code=x&state=\($0)" }, namesIssuer: true) == .failure(.wrongAnswerIssuer))
        #expect(try answer { "code=x&state=\($0)&iss=https://evil.example" } == .failure(.wrongAnswerIssuer))
        #expect(
            try answer({ "error=access_denied&iss=https://evil.example&state=\($0)" }) == .failure(.wrongAnswerIssuer))
        #expect(
            try answer({ "error=access_denied&state=\($0)" }, namesIssuer: true) == .failure(.refused(.accessDenied)))
    }

    @Test func `errors by their names`() throws {
        #expect(try answer { "error=access_denied&state=\($0)" } == .failure(.refused(.accessDenied)))
        #expect(try answer { "error=made_up&code=x&state=\($0)" } == .failure(.refused(.other)))
        #expect(try answer { "state=\($0)" } == .failure(.unreadableAnswer))
        #expect(try answer { "code=&state=\($0)" } == .failure(.unreadableAnswer))
        #expect(try answer { "code=%zz&state=\($0)" } == .failure(.unreadableAnswer))
    }
}

@Suite struct TokenTests {
    private func tokens(
        _ answer: Answer, by grant: AuthorizationGrant = .refreshToken(SecretBytes("r1")),
        of client: OAuthClient = publicClient, resource: String? = nil
    ) -> Ending<Tokens> {
        play(
            TokenRun(at: "https://id.example/token", grant, of: client, resource: resource, clock: clock), [answer])
    }

    private func lifetime(_ expiresIn: String) -> Double? {
        tokens(Answer(200, #"{"access_token":"a","token_type":"bearer"\#(expiresIn)}"#)).outcome?.access.lifetime
    }

    @Test func `a refresh token is rotated`() {
        let ending = tokens(
            Answer(
                200, #"{"access_token":"a","token_type":"Bearer","expires_in":3600,"refresh_token":"r2","scope":"x y"}"#
            ),
            resource: "https://api.example")
        #expect(
            ending.sent == [
                "POST https://id.example/token grant_type=refresh_token&refresh_token=r1&resource=https%3A%2F%2Fapi.example&client_id=c1"
            ])
        #expect(ending.outcome?.access.value == SecretBytes("a"))
        #expect(ending.outcome?.refresh?.value == SecretBytes("r2"))
        #expect(ending.outcome?.scopes == ["x", "y"])
        #expect(ending.outcome?.granted(of: ["x", "z", "offline_access"]) == ["x", "y", "offline_access"])
        // From the start of the request, 5 s ago.
        #expect(ending.outcome?.access.expiry?.boot == BootInstant(nanoseconds: 3_700_000_000_000))
    }

    @Test func `client credentials, with a secret that has signs in it`() {
        let secret = SecretBytes("a:b c&é")
        let basic = OAuthClient(id: "my client", authentication: .basic(secret))
        let ending = tokens(
            Answer(200, #"{"access_token":"a"}"#), by: .clientCredentials(scopes: ["x"]), of: basic)
        #expect(ending.sent == ["POST https://id.example/token grant_type=client_credentials&scope=x"])
        // my+client:a%3Ab+c%26%C3%A9
        #expect(ending.authorization == ["Basic bXkrY2xpZW50OmElM0FiK2MlMjYlQzMlQTk="])
        let post = OAuthClient(id: "c", authentication: .post(secret))
        #expect(
            tokens(Answer(200), by: .clientCredentials(scopes: []), of: post).sent == [
                "POST https://id.example/token grant_type=client_credentials&client_id=c&client_secret=a%3Ab+c%26%C3%A9"
            ])
    }

    @Test func `the code goes with its verifier`() throws {
        let request = try AuthorizationRequest(
            to: server(), of: publicClient, scopes: [], resource: nil, redirectURI: "http://127.0.0.1:1/callback")
        let ending = tokens(
            Answer(400, #"{"error":"invalid_grant"}"#), by: .code(SecretBytes("x"), of: request))
        let sent = fields(ending.sent.first?.split(separator: " ").last ?? "")
        #expect(sent["code"] == "x" && sent["redirect_uri"] == "http://127.0.0.1:1/callback")
        #expect(sent["code_verifier"] == request.verifier.exposedText())
        #expect(ending.failure == .refused(.invalidGrant))
    }

    @Test func `lifetimes that are no lifetimes`() {
        #expect(lifetime(#","expires_in":60"#) == 60)
        #expect(lifetime(#","expires_in":"60""#) == 60)
        for none in [
            "", #","expires_in":-1"#, #","expires_in":0"#, #","expires_in":null"#, #","expires_in":"soon""#,
            #","expires_in":9223372036854775808"#, #","expires_in":1e400"#, #","expires_in":[]"#,
        ] {
            #expect(lifetime(none) == nil, "\(none)")
        }
    }

    @Test(arguments: ["mac", "DPoP", "N_A", ""])
    func `another token type is refused`(type: String) {
        let ending = tokens(Answer(200, #"{"access_token":"a","token_type":"\#(type)"}"#))
        #expect(ending.failure == .unsupportedTokenType)
    }

    @Test func `a spent refresh token, in four dialects`() {
        for answer in [
            Answer(400, #"{"error":"invalid_grant"}"#), Answer(401, #"{"error":"invalid_grant"}"#), Answer(400),
            Answer(200, #"{"error":"bad_refresh_token"}"#),
        ] {
            #expect(tokens(answer).failure == .refreshRefused)
        }
    }

    @Test func `what says nothing about the refresh token`() {
        #expect(tokens(Answer(400, #"{"error":"invalid_client"}"#)).failure == .refused(.invalidClient))
        #expect(
            tokens(Answer(502, #"{"error":"invalid_grant"}"#)).failure
                == .unexpectedStatus(502, "https://id.example/token"))
        #expect(tokens(Answer(429, "", [("Retry-After", "9")])).failure == .retryLater(seconds: 9))
        #expect(
            tokens(Answer(307, "", [("Location", "https://evil.example")])).failure
                == .redirected("https://id.example/token"))
        #expect(tokens(Answer(200, "[]")).failure == .notJSON("https://id.example/token"))
        #expect(tokens(Answer(200, "{}")).failure == .missingMember("access_token"))
        #expect(tokens(Answer(200, #"{"access_token":"a\r\nX: y"}"#)).failure == .unacceptableToken)
        #expect(tokens(Answer(200, #"{"access_token":"a","refresh_token":""}"#)).failure == .unacceptableToken)
    }

    @Test func `every error of the RFCs has its name`() {
        for error in OAuthError.allCases where error != .other && error != .invalidGrant {
            let ending = tokens(Answer(400, #"{"error":"\#(error.rawValue)"}"#))
            #expect(ending.failure == .refused(error))
        }
    }
}
