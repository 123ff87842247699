import Model
import Testing
import Transfer

@testable import Recipes

private let site = "https://site.example"
private let form = Answer.html(
    "<form method=post><input type=hidden name=csrfmiddlewaretoken value=x><input name=u><input type=password name=p>")
private let pair = Answer.json(
    200, #"{"name":"Token Obtain Pair","description":"","actions":{"POST":{"username":{},"password":{}}}}"#)
private let token = Answer.json(200, #"{"name":"Obtain Auth Token","description":""}"#)

/// What a site that answers each request by its line says of itself; all else is not found.
private func discover(_ url: String, _ site: [String: Answer]) -> (String, [String], [Sighting]) {
    var run = DiscoveryRun(at: url, syntax: .libcurl)
    var step = run.begin()
    var lines: [String] = []
    while true {
        switch step {
        case .found(let found): return ("\(found.recipe.name) \(found.loginURL)", lines, [])
        case .resource(let found): return ("\(found.metadata) of \(found.url), \(found.scopes)", lines, [])
        case .notFound(let seen): return ("not found", lines, seen)
        case .failed(let failure): return ("\(failure)", lines, [])
        case .request(let request):
            let sent = Sent(request)
            if sent.line.hasPrefix("POST") {
                #expect(sent.body == "{}" && sent.headers.keys.sorted() == ["Accept", "Content-Type"])
            } else {
                #expect(sent.body == nil && sent.headers.keys.sorted() == ["Accept"])
            }
            lines.append(sent.line)
            let answer = site[sent.line] ?? Answer(status: 404, headers: [("Content-Type", "text/html")])
            step = run.receive(answer.response(to: request))
        }
    }
}

@Suite struct DiscoveryTests {
    @Test func `a challenge that names metadata of the resource decides`() {
        let challenge = #"Basic realm="x", Bearer resource_metadata="https://api.example.com/m", scope="a b""#
        let found = discover(
            "https://api.example.com/v1",
            ["GET https://api.example.com/v1": .json(401, "{}", [("WWW-Authenticate", challenge)])])
        #expect(found.0 == #"https://api.example.com/m of https://api.example.com/v1, ["a", "b"]"#)
        #expect(found.1.count == 1)
    }

    @Test func aPageWithDjangosFormIsDjango() {
        let (found, lines, _) = discover(site + "/accounts/login/", ["GET \(site)/accounts/login/": form])
        #expect(found == "django \(site)/accounts/login/" && lines.count == 1)
    }

    @Test func aRedirectToAFormIsFollowedAndItsQueryForgotten() {
        let (found, lines, _) = discover(
            site + "/me/",
            ["GET \(site)/me/": .redirect("/de/login/?next=/me/"), "GET \(site)/de/login/?next=/me/": form])
        #expect(found == "django \(site)/de/login/" && lines.count == 2)
    }

    @Test(arguments: [(pair, "simplejwt"), (token, "drf-token")])
    func anEndpointSaysWhatItIs(_ description: Answer, _ recipe: String) {
        let refusal = Answer.json(405, #"{"detail":"Method \"GET\" not allowed."}"#, [("Allow", "POST, OPTIONS")])
        let (found, lines, _) = discover(
            site + "/v1/login/", ["GET \(site)/v1/login/": refusal, "OPTIONS \(site)/v1/login/": description])
        #expect(found == "\(recipe) \(site)/v1/login/" && lines.count == 2)
    }

    @Test(arguments: [
        (#"{"name":"My Token Obtain Pair"}"#, "simplejwt https://site.example/l/"),
        (
            #"{"name":"Login","actions":{"POST":{"username":{},"password":{},"key":{"read_only":true}}}}"#,
            "drf-token https://site.example/l/"
        ),
        (
            #"{"name":"Token Login","actions":{"POST":{"username":{},"password":{},"token":{"read_only":true}}}}"#,
            "drf-token https://site.example/l/"
        ),
        (#"{"name":"Users","actions":{"POST":{"username":{},"password":{}}}}"#, "not found"),
        (#"{"name":17}"#, "not found"), ("[]", "not found"), ("", "not found"),
    ])
    func anEndpointOfASitesOwnIsKnownByWhatComesBack(_ body: String, _ expected: String) {
        let (found, _, _) = discover(
            site + "/l/", ["GET \(site)/l/": .json(405, "{}"), "OPTIONS \(site)/l/": .json(200, body)])
        #expect(found == expected)
    }

    @Test(arguments: [
        (#"Bearer realm="api""#, "simplejwt \(site)/api/token/"), ("Token", "drf-token \(site)/api-token-auth/"),
        ("Basic realm=x", "simplejwt \(site)/api/token/"),
    ])
    func aChallengeHintsAtTheEndpoint(_ challenge: String, _ expected: String) {
        let (found, lines, _) = discover(
            site + "/api/me",
            [
                "GET \(site)/api/me": .json(401, "{}", [("WWW-Authenticate", challenge)]),
                "OPTIONS \(site)/api/token/": pair, "OPTIONS \(site)/api-token-auth/": token,
                "GET \(site)/accounts/login/": form,
            ])
        #expect(found == expected && lines.count == 3)
    }

    @Test func aMissingSlashIsFollowedToTheEndpoint() {
        let (found, _, _) = discover(
            site + "/api/token",
            [
                "GET \(site)/api/token": .redirect("/api/token/", status: 301),
                "GET \(site)/api/token/": .json(405, "{}"), "OPTIONS \(site)/api/token/": pair,
            ])
        #expect(found == "simplejwt \(site)/api/token/")
    }

    @Test func aSitesFrontLeadsToItsUsualLoginPage() {
        let (found, lines, _) = discover(
            site, ["GET \(site)": .html("<h1>Hello</h1>"), "GET \(site)/accounts/login/": form])
        #expect(found == "django \(site)/accounts/login/" && lines.count == 2)
    }

    @Test func whatWasSeenIsToldWhereNothingIsFound() {
        let (found, lines, seen) = discover(
            site + "/x?token=secret",
            [
                "GET \(site)/x?token=secret": .html("<form><input name=p type=password></form>"),
                "GET \(site)/accounts/login/": .redirect("https://id.example/authorize?state=1"),
                "OPTIONS \(site)/api/token/": .json(401, "{}", [("WWW-Authenticate", "Bearer")]),
            ])
        #expect(found == "not found" && lines.count == 4)
        #expect(
            seen == [
                Sighting(url: site + "/x", status: 200, finding: .passwordInURL),
                Sighting(url: site + "/accounts/login/", status: 302, finding: .redirect("https://id.example")),
                Sighting(url: site + "/api/token/", status: 401, finding: .challenge("Bearer")),
                Sighting(url: site + "/api-token-auth/", status: 404, finding: .nothing),
            ])
    }

    @Test func aFormOfAnyOtherKindIsAFormLogin() {
        let (found, _, _) = discover(
            site + "/sign-in",
            ["GET \(site)/sign-in": .html("<form method=post><input name=who><input name=word type=password></form>")])
        #expect(found == "form \(site)/sign-in")
    }

    @Test func aPasswordThatAScriptSendsIsTold() {
        let (found, _, seen) = discover(site + "/app", ["GET \(site)/app": .html("<input type=Password><script>")])
        #expect(found == "not found" && seen.first?.finding == .scriptedLogin)
    }

    @Test func anEndpointThatTellsWhatIsMissingIsRESTFrameworks() {
        let missing = #"{"username":["This field is required."],"password":["This field is required."]}"#
        func ask(_ body: String, _ status: Int = 400) -> (String, [String]) {
            let (found, lines, _) = discover(
                site + "/l/", ["GET \(site)/l/": .json(405, "{}"), "POST \(site)/l/": .json(status, body)])
            return (found, lines)
        }
        #expect(ask(missing).0 == "drf \(site)/l/")
        #expect(ask(missing).1 == ["GET \(site)/l/", "OPTIONS \(site)/l/", "POST \(site)/l/"])
        #expect(ask(missing, 200).0 == "not found")
        #expect(ask(#"{"username":"missing","password":[1]}"#).0 == "not found")
        let (_, lines, _) = discover(site + "/l/", ["GET \(site)/l/": .json(401, "{}")])
        #expect(!lines.contains { $0.hasPrefix("POST") })
    }

    @Test func aMazeIsLeftAfterEightRequests() {
        var maze: [String: Answer] = [:]
        for room in 0..<20 { maze["GET \(site)/\(room)"] = .redirect("/\(room + 1)") }
        let (found, lines, _) = discover(site + "/0", maze)
        #expect(found == "not found" && lines.count == DiscoveryRun.mostRequests)
        let (_, circle, _) = discover(site + "/a", ["GET \(site)/a": .redirect("/a")])
        #expect(circle.count == 4)
    }

    @Test func anUnreadableURLIsRefused() {
        #expect(discover("ftp://site.example/", [:]).0 == "unreadableURL")
        #expect(discover("https://alice@site.example/", [:]).0 == "unreadableURL")
    }
}
