import Model
import OAuth
import Testing
import Transfer

@Suite struct MetadataTests {
    private let api = "https://api.example/orders"
    private let hint = "https://api.example/.well-known/oauth-protected-resource"

    private func find(_ start: MetadataRun.Start, _ answers: [Answer]) -> Ending<MetadataRun.Outcome> {
        play(MetadataRun(start, syntax: .libcurl), answers)
    }

    @Test func `a challenge leads to the resource, the resource to its server`() {
        let ending = find(
            .resourceMetadata(hint, of: api),
            [
                Answer(
                    200,
                    #"{"resource":"https://api.example","authorization_servers":["https://id.example/t1"],"scopes_supported":["read"]}"#
                ),
                Answer(
                    200,
                    #"{"issuer":"https://id.example/t1","token_endpoint":"https://id.example/t1/token","authorization_response_iss_parameter_supported":true}"#
                ),
            ])
        #expect(
            ending.sent == ["GET \(hint)", "GET https://id.example/.well-known/oauth-authorization-server/t1"])
        #expect(ending.outcome?.server.tokenEndpoint == "https://id.example/t1/token")
        #expect(ending.outcome?.server.namesIssuer == true)
        #expect(ending.outcome?.resource?.scopes == ["read"])
    }

    @Test func `without RFC 8414 the documents of OpenID are asked for`() {
        let ending = find(
            .issuer("https://id.example/t1"),
            [
                Answer(404), Answer(200, "<html>a page for every address"),
                Answer(200, #"{"issuer":"https://id.example/t1"}"#),
            ])
        #expect(
            ending.sent == [
                "GET https://id.example/.well-known/oauth-authorization-server/t1",
                "GET https://id.example/t1/.well-known/openid-configuration",
                "GET https://id.example/.well-known/openid-configuration/t1",
            ])
        #expect(ending.outcome?.server.issuer == "https://id.example/t1")
        #expect(
            find(.issuer("https://id.example"), [Answer(404), Answer(404)]).failure == .noMetadata("https://id.example")
        )
    }

    @Test(arguments: [
        "https://evil.example", "https://id.example/t2", "https://ID.example/t1", "https://id.example/t1/",
    ])
    func `another issuer than was asked for is refused`(found: String) {
        let ending = find(.issuer("https://id.example/t1"), [Answer(200, #"{"issuer":"\#(found)"}"#)])
        #expect(ending.failure == .wrongIssuer(asked: "https://id.example/t1", found: found))
    }

    @Test func `the lone slash of a URL without a path is no difference`() {
        let ending = find(.issuer("https://id.example"), [Answer(200, #"{"issuer":"https://id.example/"}"#)])
        #expect(ending.outcome?.server.issuer == "https://id.example/")
    }

    @Test(arguments: [
        "https://evil.example", "https://api.example/order", "https://api.example/orders/7", "http://api.example",
    ])
    func `another resource than was asked for is refused`(found: String) {
        let ending = find(
            .resourceMetadata(hint, of: api),
            [Answer(200, #"{"resource":"\#(found)","authorization_servers":["https://id.example"]}"#)])
        #expect(ending.failure == .wrongResource(asked: api, found: found))
    }

    @Test func `a document elsewhere has to be about the very URL`() {
        let document = #"{"resource":"https://api.example","authorization_servers":["https://id.example"]}"#
        let ending = find(.resourceMetadata("https://api.example/meta", of: api), [Answer(200, document)])
        #expect(ending.failure == .wrongResource(asked: api, found: "https://api.example"))
    }

    @Test(arguments: ["authorization_endpoint", "token_endpoint", "registration_endpoint", "revocation_endpoint"])
    func `endpoints are https`(name: String) {
        for url in ["http://id.example/x", "http://127.0.0.1/x", "file:///etc/passwd", "x"] {
            let ending = find(
                .issuer("https://id.example"), [Answer(200, #"{"issuer":"https://id.example","\#(name)":"\#(url)"}"#)])
            #expect(ending.failure == .insecure(name))
        }
    }

    @Test func `plain http only on this machine, and not because another says so`() {
        #expect(find(.issuer("http://id.example"), []).failure == .insecure("issuer"))
        #expect(find(.issuer("http://127.0.0.1:8000"), []).sent.count == 1)
        let document = #"{"resource":"https://api.example","authorization_servers":["http://127.0.0.1:631"]}"#
        let ending = find(.resourceMetadata(hint, of: "https://api.example"), [Answer(200, document)])
        #expect(ending.failure == .insecure("issuer"))
    }

    @Test(arguments: [Answer(500), Answer(503, "", [("Retry-After", "7")]), Answer(302, "", [("Location", "/x")])])
    func `a server that fails is not passed over, a redirect not followed`(answer: Answer) {
        let ending = find(.resource("https://api.example"), [answer])
        switch answer.status {
        case 500: #expect(ending.failure == .unexpectedStatus(500, hint))
        case 503: #expect(ending.failure == .retryLater(seconds: 7))
        default: #expect(ending.failure == .redirected(hint))
        }
    }

    @Test func `a resource without servers`() {
        let ending = find(.resource("https://api.example"), [Answer(200, #"{"resource":"https://api.example"}"#)])
        #expect(ending.failure == .noAuthorizationServer("https://api.example"))
    }
}

@Suite struct ChallengeTests {
    private func parse(_ lines: String...) -> [HTTPChallenge] { HTTPChallenge.parse(lines.map { SecretBytes($0) }) }

    @Test func `several in one line, quoted commas, base64 on its own`() {
        let found = parse(
            #"Basic realm="a, b\"c", Bearer resource_metadata="https://x/y" , scope=read, Negotiate abc=="#,
            "Digest qop=auth")
        #expect(found.map(\.scheme) == ["Basic", "Bearer", "Negotiate", "Digest"])
        #expect(found[0].parameters == ["realm": #"a, b"c"#])
        #expect(found[1].parameters == ["resource_metadata": "https://x/y", "scope": "read"])
        #expect(found[2].parameters.isEmpty)
        #expect(found[3].parameters == ["qop": "auth"])
    }

    @Test func `a scheme alone, white space around the sign, a repeated name`() {
        #expect(parse("Bearer").map(\.scheme) == ["Bearer"])
        #expect(parse(#"Bearer A = "1", a="2""#).first?.parameters == ["a": "1"])
    }

    @Test(arguments: ["", ",,", "\"", "=", "Bearer x=\"open", "é", "Bearer =,="])
    func `what makes no sense is passed over`(line: String) {
        #expect(parse(line).allSatisfy { $0.parameters.isEmpty })
    }
}
