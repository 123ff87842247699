import Cookies
import Model
import Recipes
import Testing

private let site = "https://api.example.com"
private let date = ("Date", "Tue, 24 Nov 2026 05:47:11 GMT")

/// simplejwt 5.5.1's tokens as recorded: 300 s and a day.
private let access =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
    + "eyJ0b2tlbl90eXBlIjoiYWNjZXNzIiwiZXhwIjoxNzk1NDk5NTMxLCJpYXQiOjE3OTU0OTkyMzEsImp0aSI6IjQ5MjYxYTAzY2Q2ZDQzZTJhMDk0"
    + "NmY2MGVlODZhMDVmIiwidXNlcl9pZCI6IjEifQ.7xOU9C0xnixgowIM3AZdM7XOGgHf2mIHZ4axL4kcJtQ"
private let refresh =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
    + "eyJ0b2tlbl90eXBlIjoicmVmcmVzaCIsImV4cCI6MTc5NTU4NTYzMSwiaWF0IjoxNzk1NDk5MjMxLCJqdGkiOiJjNDdlZWI4NTE5MDM0YThmYjBh"
    + "NTAxYTg5OWUwMWY5MyIsInVzZXJfaWQiOiIxIn0.bocbr13Um6KFXwBvF3GnOcGIzggQOJnCQR90MfuWXDc"

@Suite struct DRFTokenTests {
    @Test(arguments: ["token", "auth_token", "key"])
    func logsIn(_ member: String) throws {
        let answer = Answer.json(200, "{\"\(member)\":\"481116212d8d5248f59818c8e6cb56091d58d23d\"}", [date])
        let ending = play(.login, "drf-token", at: site, [answer])
        let post = try #require(ending.sent.first)
        #expect(post.line == "POST \(site)/api-token-auth/")
        #expect(post.body == #"{"username":"alice","password":"won der&+é"}"#)
        #expect(post.headers == ["Accept": "application/json", "Content-Type": "application/json"])
        let grant = try #require(ending.grant)
        #expect(grant.access?.scheme == "Token" && grant.account == "alice" && grant.skew == 0)
        #expect(grant.access?.value == SecretBytes("481116212d8d5248f59818c8e6cb56091d58d23d"))
        #expect(!grant.isJWT && grant.access?.expiry == nil && grant.refresh == nil && grant.told == nil)
    }

    @Test(
        arguments: [
            (.json(400, #"{"non_field_errors":["Unable to log in with provided credentials."]}"#), .wrongPassword),
            (.json(401, "{}"), .wrongPassword),
            (.json(403, "{}"), .loginRefused(403)),
            (.json(200, #"{"access":"x"}"#), .missingMember("token")),
            (.json(200, #"{"token":17}"#), .missingMember("token")),
            (.json(200, #"{"token":""}"#), .unacceptableToken),
            (.json(200, #"{"token":"a\r\nX: y"}"#), .unacceptableToken),
            (.json(200, #"{"token":"a\u0000b"}"#), .unacceptableToken),
            (.json(200, #"{"token":"a\u001bb"}"#), .unacceptableToken),
            (.json(200, "{\"token\":\"" + String(repeating: "x", count: 40_000) + "\"}"), .unacceptableToken),
            (.html("<p>hello"), .notJSON(site + "/t/")),
            (.json(200, "[1]"), .notJSON(site + "/t/")),
            (.json(200, String(repeating: "[", count: 100_000)), .notJSON(site + "/t/")),
            (Answer(status: 405), .unexpectedStatus(405, site + "/t/")),
            (.redirect("/login"), .unexpectedStatus(302, site + "/t/")),
            (.redirect("https://evil.example/t/", status: 307), .leftOrigin("https://evil.example")),
        ] as [(Answer, RecipeFailure)])
    func saysWhyNot(_ answer: Answer, _ failure: RecipeFailure) {
        #expect(play(.login, "drf-token", at: site + "/t/?x=1", [answer]).failure == failure)
    }

    @Test(arguments: [
        ("/auth/token/login/", "/auth/token/logout/"), ("/api-token-auth/", "/api-token-auth/logout/"),
        ("/api-token-auth", "/api-token-auth/logout/"),
    ])
    func logsOut(_ login: String, _ logout: String) throws {
        let inputs = RecipeInputs(access: AccessToken(scheme: "Token", value: SecretBytes("4811")))
        let ending = play(.logout, "drf-token", at: site + login, inputs: inputs, [Answer(status: 204)])
        #expect(ending.lines == ["POST \(site)\(logout)"])
        #expect(ending.sent.first?.headers["Authorization"] == "Token 4811")
        #expect(ending.grant?.told == .done)
    }

    @Test(
        arguments: [
            (401, .alreadyOut), (403, .alreadyOut), (200, .done),
        ] as [(Int, LogoutResult)])
    func tellsWhatBecameOfALogout(_ status: Int, _ result: LogoutResult) {
        let inputs = RecipeInputs(access: AccessToken(scheme: "Token", value: SecretBytes("4811")))
        let ending = play(.logout, "drf-token", at: site, inputs: inputs, [Answer(status: status)])
        #expect(ending.grant?.told == result)
    }

    @Test func triesThePlacesThatPackagesHaveForALogout() {
        let inputs = RecipeInputs(access: AccessToken(scheme: "Token", value: SecretBytes("4811")))
        let places = ["/api-token-auth/logout/", "/auth/token/logout/", "/dj-rest-auth/logout/"].map {
            "POST \(site)\($0)"
        }
        let third = play(
            .logout, "drf-token", at: site, inputs: inputs,
            [Answer(status: 404), Answer(status: 405), Answer(status: 200)])
        #expect(third.lines == places && third.grant?.told == .done)
        let none = play(
            .logout, "drf-token", at: site, inputs: inputs,
            [Answer(status: 404), Answer(status: 404), Answer(status: 404)])
        #expect(none.lines == places && none.grant?.told == .noSuchLogout(site + "/dj-rest-auth/logout/"))
    }

    @Test func aLogoutThatTheServerCannotDoNowFails() {
        let inputs = RecipeInputs(access: AccessToken(scheme: "Token", value: SecretBytes("4811")))
        let answer = Answer(status: 503, headers: [("Retry-After", "120")])
        #expect(play(.logout, "drf-token", at: site, inputs: inputs, [answer]).failure == .retryLater(seconds: 120))
        #expect(play(.logout, "drf-token", at: site, inputs: RecipeInputs(), []).failure == .needsInput(.access))
    }
}

@Suite struct SimpleJWTTests {
    private let pair = Answer.json(200, "{\"refresh\":\"\(refresh)\",\"access\":\"\(access)\"}", [date])

    @Test func logsIn() throws {
        let ending = play(.login, "simplejwt", at: site, [pair])
        #expect(ending.lines == ["POST \(site)/api/token/"])
        let grant = try #require(ending.grant)
        #expect(grant.isJWT && grant.access?.scheme == "Bearer" && grant.access?.value == SecretBytes(access))
        #expect(grant.access?.lifetime == 300 && grant.refresh?.lifetime == 86_400)
        // Lifetimes count from the start of the request, 5 s ago; a JWT's dates are cut to whole seconds.
        #expect(grant.access?.expiry?.boot == BootInstant(nanoseconds: 399_000_000_000))
        #expect(grant.access?.expiry?.wall == now + 294 && grant.refresh?.expiry?.wall == now + 86_394)
    }

    @Test func aMissingSlashIsTheServersToAdd() {
        let ending = play(
            .login, "simplejwt", at: site + "/api/token", [.redirect("/api/token/", status: 301), pair])
        #expect(ending.lines == ["POST \(site)/api/token", "POST \(site)/api/token/"])
        #expect(ending.sent.last?.body == #"{"username":"alice","password":"won der&+é"}"#)
        #expect(ending.grant?.loginURL == "\(site)/api/token/")
    }

    @Test(
        arguments: [
            (.json(401, #"{"detail":"No active account found with the given credentials"}"#), .wrongPassword),
            (.json(400, #"{"username":["This field is required."]}"#), .unexpectedStatus(400, site + "/api/token/")),
            (.json(200, "{\"access\":\"\(access)\"}"), .missingMember("refresh")),
            (.json(200, "{\"refresh\":\"\(refresh)\"}"), .missingMember("access")),
            (.json(200, "{\"access\":\"\(access)\",\"refresh\":\"a\\u007fb\"}"), .unacceptableToken),
        ] as [(Answer, RecipeFailure)])
    func saysWhyNot(_ answer: Answer, _ failure: RecipeFailure) {
        #expect(play(.login, "simplejwt", at: site, [answer]).failure == failure)
    }

    @Test(arguments: [site + "/api/token/", site + "/api/token"])
    func renews(at url: String) throws {
        let inputs = RecipeInputs(refresh: SecretBytes("old"))
        let ending = play(.renewal, "simplejwt", at: url, inputs: inputs, [pair])
        #expect(ending.sent.first?.line == "POST \(site)/api/token/refresh/")
        #expect(ending.sent.first?.body == #"{"refresh":"old"}"#)
        #expect(ending.grant?.refresh?.value == SecretBytes(refresh) && ending.grant?.account == nil)
        let unrotated = Answer.json(200, "{\"access\":\"\(access)\"}")
        let second = play(.renewal, "simplejwt", at: url, inputs: inputs, [unrotated])
        #expect(second.grant?.access?.value == SecretBytes(access) && second.grant?.refresh == nil)
        #expect(second.grant?.skew == nil)
    }

    @Test(
        arguments: [
            (.json(401, #"{"detail":"Token is blacklisted","code":"token_not_valid"}"#), .refreshRefused),
            // Neither says anything of the token: a gateway's, and Django's for a Host it does not know.
            (Answer(status: 401), .unexpectedStatus(401, site + "/api/token/refresh/")),
            (Answer(status: 400), .unexpectedStatus(400, site + "/api/token/refresh/")),
            (Answer(status: 502), .unexpectedStatus(502, site + "/api/token/refresh/")),
            (
                Answer(status: 429, headers: [("Retry-After", "Tue, 24 Nov 2026 05:48:11 GMT")]),
                .retryLater(seconds: 60)
            ),
            (Answer(status: 503, headers: [("Retry-After", "-5")]), .retryLater(seconds: 0)),
            (Answer(status: 503, headers: [("Retry-After", "1e300")]), .retryLater(seconds: 86_400)),
            (Answer(status: 503, headers: [("Retry-After", "soon")]), .retryLater(seconds: nil)),
        ] as [(Answer, RecipeFailure)])
    func saysWhyARenewalFailed(_ answer: Answer, _ failure: RecipeFailure) {
        let inputs = RecipeInputs(refresh: SecretBytes("old"))
        #expect(play(.renewal, "simplejwt", at: site, inputs: inputs, [answer]).failure == failure)
    }

    @Test(
        arguments: [
            (200, .done), (401, .alreadyOut), (404, .noSuchLogout(site + "/api/token/blacklist/")),
            (400, .refused(400, site + "/api/token/blacklist/")),
        ] as [(Int, LogoutResult)])
    func blacklistsAtLogout(_ status: Int, _ result: LogoutResult) {
        let inputs = RecipeInputs(refresh: SecretBytes("old"))
        let ending = play(.logout, "simplejwt", at: site, inputs: inputs, [.json(status, "{}")])
        #expect(ending.lines == ["POST \(site)/api/token/blacklist/"])
        #expect(ending.sent.first?.body == #"{"refresh":"old"}"#)
        #expect(ending.grant?.told == result)
    }
}

@Suite struct OAuth2RefreshTests {
    private let endpoint = site + "/oauth/token?tenant=1"
    private let inputs = RecipeInputs(refresh: SecretBytes("a b"), clientID: "cli/1")

    @Test func renews() throws {
        let answer = Answer.json(
            200, #"{"access_token":"new","token_type":"bearer","expires_in":"3600","refresh_token":"next"}"#)
        let ending = play(.renewal, "oauth2-refresh", at: endpoint, inputs: inputs, [answer])
        let post = try #require(ending.sent.first)
        #expect(post.line == "POST \(endpoint)")
        #expect(post.body == "grant_type=refresh_token&refresh_token=a+b&client_id=cli%2F1")
        let grant = try #require(ending.grant)
        #expect(grant.access?.value == SecretBytes("new") && grant.access?.scheme == "Bearer" && !grant.isJWT)
        #expect(grant.access?.lifetime == 3600 && grant.access?.expiry?.wall == now + 3595)
        #expect(grant.refresh?.value == SecretBytes("next") && grant.refresh?.expiry == nil)
    }

    @Test func aClientIsLeftOutWhereThereIsNone() {
        let ending = play(
            .renewal, "oauth2-refresh", at: endpoint, inputs: RecipeInputs(refresh: SecretBytes("r")), [])
        #expect(ending.sent.first?.body == "grant_type=refresh_token&refresh_token=r")
    }

    @Test(
        arguments: [
            (.json(400, #"{"error":"invalid_grant"}"#), .refreshRefused),
            (.json(401, #"{"error":"invalid_grant"}"#), .refreshRefused),
            (.json(200, #"{"error":"bad_refresh_token"}"#), .refreshRefused),
            (Answer(status: 400), .refreshRefused),
            (.json(400, #"{"error":"invalid_request"}"#), .unexpectedStatus(400, site + "/oauth/token")),
            (.json(401, #"{"error":"invalid_client"}"#), .unexpectedStatus(401, site + "/oauth/token")),
            (Answer(status: 500), .unexpectedStatus(500, site + "/oauth/token")),
            (.json(200, #"{"access_token":"x","token_type":"DPoP"}"#), .unsupportedTokenType),
            (.json(200, #"{"access_token":"x","token_type":7}"#), .unsupportedTokenType),
            (.json(200, #"{"token_type":"Bearer"}"#), .missingMember("access_token")),
            (.json(200, #"{"access_token":"x","refresh_token":"a\tb\n"}"#), .unacceptableToken),
        ] as [(Answer, RecipeFailure)])
    func saysWhyNot(_ answer: Answer, _ failure: RecipeFailure) {
        #expect(play(.renewal, "oauth2-refresh", at: endpoint, inputs: inputs, [answer]).failure == failure)
    }

    @Test func hasNoLoginAndNoLogout() {
        #expect(play(.login, "oauth2-refresh", at: endpoint, []).failure == .notOffered)
        #expect(play(.logout, "oauth2-refresh", at: endpoint, []).grant?.told == .notOffered)
    }
}
