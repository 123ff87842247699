import Model
import OAuth
import Testing
import Transfer

@Suite struct RegistrationTests {
    private func register(_ answer: Answer, at server: AuthorizationServer = server()) -> Ending<OAuthClient> {
        let wish = RegistrationRun.Wish(
            redirectURIs: ["http://127.0.0.1/callback"], grantTypes: ["authorization_code", "refresh_token"],
            scopes: ["read"])
        return play(RegistrationRun(at: server, wish, syntax: .libcurl), [answer])
    }

    @Test func `a public client, and how it is deleted`() throws {
        let ending = register(
            Answer(
                201,
                #"{"client_id":"c9","registration_client_uri":"https://id.example/register/c9","registration_access_token":"t"}"#
            ))
        #expect(
            ending.sent == [
                #"POST https://id.example/register {"client_name":"Lanyard","application_type":"native","redirect_uris":["http://127.0.0.1/callback"],"grant_types":["authorization_code","refresh_token"],"response_types":["code"],"token_endpoint_auth_method":"none","scope":"read"}"#
            ])
        #expect(ending.outcome?.id == "c9")
        #expect(ending.outcome?.authentication.name == "none")
        let management = try #require(ending.outcome?.management)
        let answers: [(Int, ClientDeletion?)] = [
            (204, .deleted), (401, .refusedToken), (404, .deleted), (410, .deleted), (500, nil), (403, nil),
        ]
        for (status, outcome) in answers {
            let deleted = play(DeletionRun(management), [Answer(status)])
            #expect(deleted.sent == ["DELETE https://id.example/register/c9"])
            #expect(deleted.authorization == ["Bearer t"])
            #expect(deleted.outcome == outcome)
        }
    }

    @Test func `a server that wants a secret gives one`() {
        let strict = server { $0.authenticationMethods = ["client_secret_post"] }
        let ending = register(Answer(200, #"{"client_id":"c","client_secret":"s"}"#), at: strict)
        #expect(ending.sent.first?.contains(#""token_endpoint_auth_method":"client_secret_post""#) == true)
        #expect(ending.outcome?.authentication.name == "client_secret_post")
        #expect(ending.outcome?.authentication.secret == SecretBytes("s"))
        let other = register(Answer(201, #"{"client_id":"c","client_secret":"s"}"#))
        #expect(other.outcome?.authentication.name == "client_secret_basic")
    }

    @Test func `a public client that could revoke nothing is none`() {
        func method(_ methods: [String], _ revocation: [String]?) -> String? {
            let ending = register(
                Answer(201, #"{"client_id":"c"}"#),
                at: server {
                    $0.revocationEndpoint = "https://id.example/revoke"
                    $0.authenticationMethods = methods
                    $0.revocationMethods = revocation
                })
            return ["none", "client_secret_basic", "client_secret_post"].first {
                ending.sent.first?.contains("\"\($0)\"") ?? false
            }
        }
        #expect(method(["none", "client_secret_post"], ["client_secret_basic"]) == "client_secret_post")
        #expect(method(["none", "client_secret_basic"], ["none"]) == "none")
        #expect(method(["none", "client_secret_basic"], nil) == "none")
        #expect(method(["none"], ["client_secret_basic"]) == "none")
    }

    @Test func `the token for deleting goes nowhere but by https`() {
        let ending = register(
            Answer(
                201,
                #"{"client_id":"c","registration_client_uri":"http://id.example/c","registration_access_token":"t"}"#))
        #expect(ending.outcome != nil && ending.outcome?.management == nil)
    }

    private func change(_ client: OAuthClient, _ answer: Answer) throws -> Ending<OAuthClient> {
        let management = try #require(client.management)
        let wish = RegistrationRun.Wish(redirectURIs: [], grantTypes: ["refresh_token"], scopes: ["read", "write"])
        return play(
            RegistrationRun(changing: client, at: management, of: server(), wish, syntax: .libcurl), [answer])
    }

    @Test func `a client is changed under its id, and keeps what the answer does not say`() throws {
        let place = OAuthClient.Management(uri: "https://id.example/register/c9", token: SecretBytes("t"))
        let client = OAuthClient(id: "c9", authentication: .post(SecretBytes("s")), management: place)
        let changed = try change(client, Answer(200, #"{"client_id":"c9"}"#))
        #expect(changed.authorization == ["Bearer t"])
        #expect(
            changed.sent.first?.hasPrefix(#"PUT https://id.example/register/c9 {"client_id":"c9","client_secret":"s","#)
                == true)
        #expect(changed.sent.first?.contains(#""scope":"read write""#) == true)
        #expect(changed.outcome?.authentication.secret == SecretBytes("s"))
        #expect(changed.outcome?.management?.token == SecretBytes("t"))
        let renewed = try change(
            client,
            Answer(
                200,
                #"{"client_id":"c9","client_secret":"n","registration_client_uri":"https://id.example/c","registration_access_token":"u"}"#
            ))
        #expect(renewed.outcome?.authentication.secret == SecretBytes("n"))
        #expect(renewed.outcome?.management?.token == SecretBytes("u"))
        #expect(try change(client, Answer(200, #"{"client_id":"other"}"#)).outcome == nil)
    }

    @Test func `refusals`() {
        #expect(register(Answer(400, #"{"error":"invalid_redirect_uri"}"#)).failure == .refused(.invalidRedirectURI))
        #expect(register(Answer(401)).failure == .unexpectedStatus(401, "https://id.example/register"))
        #expect(register(Answer(201, "{}")).failure == .missingMember("client_id"))
        #expect(
            register(Answer(201), at: server { $0.registrationEndpoint = nil }).failure == .noEndpoint(.registration))
    }
}

@Suite struct DeviceTests {
    private let granted =
        #"{"device_code":"d","user_code":"WDJB-MJHT","verification_uri":"https://id.example/device","expires_in":900,"interval":2}"#

    private func authorize(_ body: String) -> Ending<DeviceAuthorization> {
        play(
            DeviceAuthorizationRun(
                at: server(), of: publicClient, scopes: ["read"], resource: "https://api.example", syntax: .libcurl),
            [Answer(200, body)])
    }

    private func poll(_ answers: [Answer], clock: Clock = clock) throws -> Ending<Tokens> {
        let authorization = try #require(authorize(granted).outcome)
        return play(
            DevicePollRun(authorization, at: server(), of: publicClient, resource: nil, clock: clock), answers)
    }

    @Test func `the code for the person`() throws {
        let ending = authorize(granted)
        #expect(
            ending.sent == [
                "POST https://id.example/device scope=read&resource=https%3A%2F%2Fapi.example&client_id=c1"
            ])
        let found = try #require(ending.outcome)
        #expect(found.userCode == "WDJB-MJHT" && found.interval == 2 && found.completeURI == nil)
        #expect(found.end == BootInstant(nanoseconds: 1_000_000_000_000))
    }

    @Test func `waits, slows down, waits longer from then on`() throws {
        let ending = try poll([
            Answer(400, #"{"error":"authorization_pending"}"#), Answer(400, #"{"error":"slow_down"}"#),
            Answer(400, #"{"error":"authorization_pending"}"#), Answer(200, #"{"access_token":"a"}"#),
        ])
        #expect(ending.waits == [2, 2, 7, 7])
        #expect(ending.sent.count == 4)
        #expect(
            ending.sent[0]
                == "POST https://id.example/token grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=d&client_id=c1"
        )
        #expect(ending.outcome?.access.value == SecretBytes("a"))
    }

    @Test func `a server that is busy is asked again, but not after the code's end`() throws {
        let ending = try poll([
            Answer(429, "", [("Retry-After", "60")]), Answer(429, "", [("Retry-After", "86400")]), Answer(503),
        ])
        // By the clock, which stands still, the code has 895 s left.
        #expect(ending.waits == [2, 60, 895, 2])
    }

    @Test func `no answer makes the questions rarer`() throws {
        var run = DevicePollRun(
            try #require(authorize(granted).outcome), at: server(), of: publicClient, resource: nil, clock: clock)
        _ = run.begin()
        var waits: [Double] = []
        for _ in 0..<2 { if case .wait(let seconds) = run.resume() { waits.append(seconds) } }
        #expect(waits == [4, 8])
        // A code that is sent a second time may have been taken the first time.
        var once = TokenRun(
            at: "https://id.example/token", .refreshToken(SecretBytes("r")), of: publicClient, resource: nil,
            clock: clock)
        #expect(once.resume() == nil)
    }

    @Test func `the person says no, or takes too long`() throws {
        #expect(try poll([Answer(400, #"{"error":"access_denied"}"#)]).failure == .refused(.accessDenied))
        #expect(try poll([Answer(400, #"{"error":"expired_token"}"#)]).failure == .codeExpired)
        let late = Clock(wall: { now }, boot: { BootInstant(nanoseconds: 1_000_000_000_000) })
        let ending = try poll([], clock: late)
        #expect(ending.failure == .codeExpired && ending.sent.isEmpty)
    }

    @Test func `what a terminal must not show, and where nobody is sent`() {
        #expect(authorize(granted.replacing("WDJB-MJHT", with: #"\u001b[2J"#)).failure == .missingMember("user_code"))
        #expect(
            authorize(granted.replacing("https://id.example/device", with: "http://id.example/device")).failure
                == .insecure("verification_uri"))
        #expect(authorize("{}").failure == .missingMember("device_code"))
    }
}

@Suite struct EndingTests {
    @Test func `a token is revoked by its kind`() {
        let run = RevocationRun(at: "https://id.example/revoke", SecretBytes("r"), .refresh, of: publicClient)
        let ending = play(run, [Answer(200)])
        #expect(ending.sent == ["POST https://id.example/revoke token=r&token_type_hint=refresh_token&client_id=c1"])
        #expect(ending.outcome != nil)
        #expect(
            play(run, [Answer(400, #"{"error":"unsupported_token_type"}"#)]).failure == .refused(.unsupportedTokenType))
        #expect(play(run, [Answer(503)]).failure == .retryLater(seconds: nil))
    }

    @Test func `the provider's session, with the ID token in no address`() {
        let run = EndSessionRun(at: "https://id.example/logout", idToken: SecretBytes("i"), clientID: "c1")
        #expect(play(run, [Answer(302)]).sent == ["POST https://id.example/logout id_token_hint=i&client_id=c1"])
        #expect(play(run, [Answer(400)]).failure == .unexpectedStatus(400, "https://id.example/logout"))
    }
}
