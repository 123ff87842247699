import Model
import TOML
import Testing

@testable import Recipes

private func read(_ text: String, name: String = "mine") throws(FileMistake) -> Recipe {
    try RecipeFile.read(Array(text.utf8), name: name, path: "/r/\(name).toml")
}

/// The mistake in a recipe; nil where there is none.
private func mistake(_ text: String, name: String = "mine") -> FileMistake? {
    do throws(FileMistake) { _ = try read(text, name: name) } catch { return error }
    return nil
}

private let alice = RecipeInputs(user: "alice", password: SecretBytes("won der"))

@Suite struct RecipeFileTests {
    @Test func aFormNeedsNoMoreThanItsKind() throws {
        let recipe = try read("kind = 'form'")
        let ending = play(
            .login, recipe, at: "https://site.example/sign-in", inputs: alice,
            [
                .html(
                    """
                    <meta name="csrf-token" content="m&amp;1"><form method=post action=/sessions>
                    <input type=hidden name=authenticity_token value=h1><input name="user[login]">
                    <input type=password name="user[pw]"></form>
                    """, [("Set-Cookie", "_site=before; HttpOnly")]),
                .redirect("/", [("Set-Cookie", "_site=after; HttpOnly")]),
            ])
        #expect(ending.lines == ["GET https://site.example/sign-in", "POST https://site.example/sessions"])
        #expect(
            ending.sent.last?.body == "authenticity_token=h1&user%5Blogin%5D=alice&user%5Bpw%5D=won+der")
        #expect(ending.sent.last?.headers["X-CSRF-Token"] == "m&1")
        #expect(ending.grant?.sessionCookie == "_site" && ending.grant?.recipe == "mine")
    }

    @Test(arguments: [
        Answer.redirect("/sign-in?error=1"),
        .html("<form method=post><input name=u><input type=password name=p></form>"),
        Answer(status: 401), Answer(status: 422),
    ])
    func aFormThatComesAgainIsAWrongPassword(_ answer: Answer) throws {
        let page = Answer.html("<form method=post><input name=u><input type=password name=p></form>")
        let ending = play(
            .login, try read("kind = 'form'"), at: "https://site.example/sign-in", inputs: alice, [page, answer])
        #expect(ending.failure == .wrongPassword)
    }

    private let full = """
        kind = "json"
        title = "an account"
        hosts = ["api.example.org", "*.example.net:8443"]
        login-url = "/v1/login"
        [cookies]
        session = "sid_*"
        csrf = "xsrf"
        csrf-header = "X-Xsrf"
        [[login]]
        method = "GET"
        url = "/v1/csrf"
        take = { csrf-member = "data.csrf" }
        [[login]]
        json = { user = { email = "{user}", pw = "{password}" }, remember = true, version = 2, note = "{{x}} {origin}" }
        headers = { X-Csrf = "{csrf}" }
        take = { token = ["a.none", "a.token"], scheme = "Token", refresh = "a.refresh", expires-in = "a.ttl", token-type = "a.type" }
        answers = [
          { status = 200, means = "wrong-password", member = "a.error", is = ["bad", "worse"] },
          { status = [200, 201], means = "go-on" },
        ]
        [[renew]]
        url = "/v1/renew"
        form = { refresh = "{refresh}", client_id = "lanyard" }
        take = { token = "a.token" }
        [[logout]]
        method = "DELETE"
        url = "/v1/session"
        headers = { Authorization = "{authorization}" }
        [[logout]]
        url = "/gone"
        sibling = { from = "login", to = "logout" }
        [[logged-out]]
        status = [302, 303]
        to = "/v1/login"
        """

    @Test func aFileSaysAllThatABuiltInRecipeDoes() throws {
        let recipe = try read(full)
        #expect(recipe.title == "an account" && recipe.path == "/r/mine.toml" && recipe.name == "mine")
        let ending = play(
            .login, recipe, at: "https://api.example.org/", inputs: alice,
            [
                .json(200, #"{"data":{"csrf":"c1"}}"#),
                .json(201, #"{"a":{"token":"t1","refresh":"r1","ttl":60,"type":"bearer"}}"#),
            ])
        #expect(ending.lines == ["GET https://api.example.org/v1/csrf", "POST https://api.example.org/v1/login"])
        #expect(ending.sent.last?.headers["X-Csrf"] == "c1")
        let body = try JSONDocument(SecretBytes(ending.sent.last?.body ?? "")).root
        #expect(body["user"]?["email"]?.string == "alice" && body["user"]?["pw"]?.string == "won der")
        #expect(body["remember"]?.bool == true && body["version"]?.integer == 2)
        #expect(body["note"]?.string == "{x} https://api.example.org")
        #expect(ending.grant?.access?.scheme == "Token" && ending.grant?.access?.value == SecretBytes("t1"))
        #expect(ending.grant?.refresh?.value == SecretBytes("r1") && ending.grant?.access?.lifetime == 60)
        let wrong = play(
            .login, recipe, at: "https://api.example.org/", inputs: alice,
            [.json(200, #"{"data":{"csrf":"c1"}}"#), .json(200, #"{"a":{"error":"bad"}}"#)])
        #expect(wrong.failure == .wrongPassword)
    }

    @Test func aFilesRenewalAndLogout() throws {
        let recipe = try read(full)
        let inputs = RecipeInputs(
            user: "alice", access: AccessToken(scheme: "Token", value: SecretBytes("t1")),
            refresh: SecretBytes("r1"))
        let renewal = play(
            .renewal, recipe, at: "https://api.example.org/v1/login", inputs: inputs,
            [.json(200, #"{"a":{"token":"t2"}}"#)])
        #expect(renewal.lines == ["POST https://api.example.org/v1/renew"])
        #expect(renewal.sent.last?.body == "refresh=r1&client_id=lanyard")
        #expect(renewal.grant?.access?.value == SecretBytes("t2"))
        let refused = play(
            .renewal, recipe, at: "https://api.example.org/v1/login", inputs: inputs, [.json(401, "{}")])
        #expect(refused.failure == .refreshRefused)
        let logout = play(
            .logout, recipe, at: "https://api.example.org/v1/login", inputs: inputs,
            [Answer(status: 404), Answer(status: 204)])
        #expect(
            logout.lines == ["DELETE https://api.example.org/v1/session", "POST https://api.example.org/v1/logout"])
        #expect(logout.sent.first?.headers["Authorization"] == "Token t1" && logout.grant?.told == .done)
    }

    @Test(arguments: [
        ("kind = 'form'\ncolour = 'red'", 2), ("title = 'x'", 0), ("kind = 'soap'", 1), ("kind = 'form'\nhosts = 1", 2),
        ("kind = 'form'\nhosts = ['https://x']", 2), ("kind = 'form'\nlogin-url = 'https://x/'", 2),
        ("kind = 'form'\nlogin-url = '//x/'", 2), ("kind = 'form'\n\n[[login]]\nurl = 'https://evil.example/'", 4),
        ("kind = 'form'\n[login]\nurl = '/x'", 2), ("kind = 'form'\n[[login]]\nmethod = 'HEAD'", 3),
        ("kind = 'form'\n[[login]]\nmethod = 'GET'\nform = { a = '' }", 2),
        ("kind = 'form'\n[[login]]\nform = { a = '{pasword}' }", 3),
        ("kind = 'form'\n[[login]]\nform = { a = '{refresh}' }", 3),
        ("kind = 'form'\n[[login]]\nform = { a = 1 }", 3), ("kind = 'form'\n[[login]]\nform = { a = '{' }", 3),
        ("kind = 'form'\n[[login]]\njson = { a = 1.5 }", 3),
        ("kind = 'form'\n[[login]]\njson = { a = '' }\nform = { a = '' }", 3),
        ("kind = 'form'\n[[login]]\nheaders = { 'a b' = '' }", 3),
        ("kind = 'form'\n[[login]]\nheaders = { X = \"a\\n\" }\nform = 1", 4),
        ("kind = 'form'\n[[login]]\ntake = { cookie = true }", 3),
        ("kind = 'json'\n[[login]]\ntake = { scheme = 'Token' }", 3),
        ("kind = 'json'\n[[login]]\ntake = { token = 't', refresh = 'r' }", 3),
        ("kind = 'json'\n[[login]]\nsibling = { from = 'a', to = 'b' }", 3),
        ("kind = 'json'\n[[login]]\nanswers = [\n{ status = 200 },\n]", 4),
        ("kind = 'json'\n[[login]]\nanswers = [\n{ status = 99, means = 'go-on' },\n]", 4),
        ("kind = 'json'\n[[login]]\nanswers = [\n{ status = 200, means = 'already-out' },\n]", 4),
        ("kind = 'json'\n[[login]]\nanswers = [{ status = 200, means = 'go-on', empty = true, to = '/x' }]", 3),
        ("kind = 'json'\n[[logged-out]]\nto = '/x'", 2), ("kind = 'json'\n[[logged-out]]\nstatus = 200", 3),
        ("kind = 'json'\n[[logged-out]]\nstatus = 403\nbody = 'x'", 4),
        ("kind = 'json'\ncheck = '/x'", 2), ("kind = 'json'\n[cookies]\ncsrf-header = 'a b'", 3),
    ])
    func aMistakeHasItsLine(_ text: String, _ line: Int) {
        let found = mistake(text)
        #expect(found?.line == line, "\(text) \(String(describing: found))")
    }

    @Test func aNameIsNotABuiltInOnesAndNoPath() {
        for name in ["django", "form", "oauth2-refresh"] {
            #expect(mistake("kind = 'form'", name: name)?.fault == .nameTaken(name))
        }
        for name in ["", "../x", ".x", "a b", String(repeating: "x", count: 65)] {
            #expect(mistake("kind = 'form'", name: name)?.fault == .badName(name))
        }
        #expect(mistake("kind = 'form'", name: "my.site_2-b") == nil)
    }
}

@Suite struct RecipeBookTests {
    private func target(_ url: String) throws -> RequestTarget { try #require(URLSyntax.libcurl.parse(url)) }

    @Test func theClosestHostWins() throws {
        let book = RecipeBook(own: [
            try read("kind = 'form'\nhosts = '*.example.org'", name: "wide"),
            try read("kind = 'form'\nhosts = '*.git.example.org'", name: "near"),
            try read("kind = 'form'\nhosts = ['Git.example.org', 'x.example.org:8443']", name: "exact"),
        ])
        #expect(book.recipe(for: try target("https://git.example.org/"))?.name == "exact")
        #expect(book.recipe(for: try target("https://a.git.example.org/"))?.name == "near")
        #expect(book.recipe(for: try target("https://a.example.org/"))?.name == "wide")
        #expect(book.recipe(for: try target("https://x.example.org:8443/"))?.name == "exact")
        #expect(book.recipe(for: try target("https://x.example.org/"))?.name == "wide")
        #expect(book.recipe(for: try target("https://example.org/")) == nil)
        #expect(book.recipe(for: try target("https://evilexample.org/")) == nil)
        #expect(book["near"]?.name == "near" && book["django"] != nil && book["none"] == nil)
    }

    @Test(arguments: ["", "*", "*.", "https://x", "a b", "x:0", "x:99999", "x/y", ".x", "x.", "*.com", "*.co.uk:8443"])
    func whatIsNoHostIsRefused(_ text: String) { #expect(HostPattern(text) == nil) }

    /// All of a hosting company's sites may be of one kind.
    @Test(arguments: ["co.uk", "*.example.co.uk", "*.github.io", "*.internal"])
    func whatIsAHostIsTaken(_ text: String) { #expect(HostPattern(text) != nil) }

    @Test func anAnswerSaysThatTheSessionHasEnded() throws {
        let recipe = try read(
            """
            kind = 'form'
            check = '/me'
            [[logged-out]]
            status = [302, 303]
            to = '/sign-in'
            [[logged-out]]
            status = 403
            body = 'not logged in'
            """)
        let login = "https://site.example/sign-in"
        func word(_ status: Int, _ location: String? = nil, _ url: String = "https://site.example/me") throws
            -> SessionWord
        {
            recipe.word(
                status: status, location: location, target: try target(url), loginURL: login, syntax: .libcurl)
        }
        #expect(try word(302, "/sign-in?next=/me") == .loggedOut)
        #expect(try word(302, "https://site.example/sign-in") == .loggedOut)
        #expect(try word(302, "https://evil.example/sign-in") == .nothing)
        #expect(try word(302, "/") == .nothing)
        #expect(try word(302) == .nothing)
        #expect(try word(302, "/sign-in", login) == .nothing)
        #expect(try word(403) == .look)
        #expect(try word(200) == .nothing)
        let django = try #require(Recipe.named("django"))
        #expect(
            django.word(
                status: 302, location: "/accounts/login/?next=/me/", target: try target("https://site.example/me/"),
                loginURL: "https://site.example/accounts/login/", syntax: .libcurl) == .loggedOut)
        #expect(recipe.checkURL(loginURL: login, syntax: .libcurl) == "https://site.example/me")
        #expect(recipe.isLoggedOut(response(403, "you are not logged in")) == true)
        #expect(recipe.isLoggedOut(response(403, "not yours")) == false)
        #expect(recipe.isLoggedOut(response(200, "not logged in")) == false)
    }

    private func response(_ status: Int, _ body: String) -> HTTPResponse {
        Answer(status: status, body: body).response(to: HTTPRequest(method: "GET", url: "https://site.example/me"))
    }
}

@Suite struct GenericRecipeTests {
    @Test func aJSONLoginMayBringACookieInstead() {
        let cookie = play(
            .login, "json", at: "https://site.example/api/login",
            [.json(200, #"{"user":"alice"}"#, [("Set-Cookie", "sid=1; HttpOnly"), ("Set-Cookie", "XSRF-TOKEN=2")])])
        #expect(cookie.grant?.sessionCookie == "sid" && cookie.grant?.access == nil)
        let token = play(
            .login, "json", at: "https://site.example/api/login", [.json(200, #"{"data":{"token":"t"}}"#)])
        #expect(token.grant?.access?.scheme == "Bearer" && token.grant?.access?.value == SecretBytes("t"))
        let neither = play(.login, "json", at: "https://site.example/api/login", [.json(200, "{}")])
        #expect(neither.failure == .missingMember("access_token"))
        let page = play(.login, "json", at: "https://site.example/api/login", [.html("<p>hello")])
        #expect(page.failure == .notJSON("https://site.example/api/login"))
    }

    @Test func anEndpointOfRESTFrameworkIsKnownByWhatItGives() {
        let pair = play(
            .login, "drf", at: "https://site.example/api/l/", [.json(200, #"{"access":"a","refresh":"r"}"#)])
        #expect(pair.grant?.recipe == "simplejwt" && pair.grant?.refresh?.value == SecretBytes("r"))
        let token = play(.login, "drf", at: "https://site.example/api/l/", [.json(200, #"{"token":"t"}"#)])
        #expect(token.grant?.recipe == "drf-token" && token.grant?.access?.scheme == "Token")
        let neither = play(.login, "drf", at: "https://site.example/api/l/", [.json(200, "{}")])
        #expect(neither.failure == .missingMember("token"))
    }
}

@Suite struct LoginHostsTests {
    @Test func aFileNamesThem() throws {
        let recipe = try read("kind = 'form'\nlogin-hosts = ['https://sso.example.org', 'http://localhost:8000']")
        #expect(recipe.loginHosts == ["https://sso.example.org", "http://localhost:8000"] && recipe.canSignOn)
        #expect(try read("kind = 'form'\nlogin-hosts = 'https://sso.example.org'").loginHosts.count == 1)
        // Its own way to log in goes nowhere else.
        let own = "kind = 'form'\n[[login]]\nmethod = 'GET'\ntake = { form = true }\n[[login]]\nfill-form = {}"
        #expect(try !read(own).canSignOn && !read("kind = 'json'").canSignOn && read("kind = 'form'").canSignOn)
    }

    @Test(
        arguments: [
            ("kind = 'form'\nlogin-hosts = ['http://sso.example.org']", .value("login-hosts", expected: .origin)),
            ("kind = 'json'\nlogin-hosts = 'https://s.example'", .value("kind", expected: .choice(["form"]))),
            (
                "kind = 'form'\nlogin-hosts = 'https://s.example'\n[[login]]\nmethod = 'GET'\ntake = { form = true }",
                .conflict("login-hosts", "login")
            ),
        ] as [(String, FileMistake.Fault)])
    func aMistakeIsSaid(_ text: String, _ fault: FileMistake.Fault) {
        #expect(mistake(text) == FileMistake(fault, line: 2))
    }
}
