import Cookies
import Model
import Recipes
import Testing
import Transfer

private let csrf =
    "csrftoken=GMxl4mESVcNBKfugUHiAGMO1RPMGWRzD; expires=Tue, 23 Nov 2027 05:47:11 GMT; "
    + "Max-Age=31449600; Path=/; SameSite=Lax"
private let rotated = "csrftoken=gpOulaq3K41mWx4fDm5pBOYBKpEyDKp5; Max-Age=31449600; Path=/; SameSite=Lax"
private let session =
    "sessionid=ub6r9hu1p5xwwjf8s2mlejg2zxu1u8e0; expires=Tue, 08 Dec 2026 05:47:11 GMT; HttpOnly; "
    + "Max-Age=1209600; Path=/; SameSite=Lax"
private let site = "https://shop.example.com"

/// Django 5.2's login page with its own form, as recorded.
private func page(action: String = " action=\"/accounts/login/\"") -> Answer {
    .html(
        """
        <html><body><form method="post"\(action)><input type="hidden" name="csrfmiddlewaretoken" value="cSO2wDBu"><p>
            <label for="id_username">Username:</label>
            <input type="text" name="username" autofocus autocapitalize="none" autocomplete="username" maxlength="150">
        <input type="password" name="password" autocomplete="current-password" required id="id_password">
        </p><input type="hidden" name="next" value=""><input type="submit" value="login"></form></body></html>
        """, [("Set-Cookie", csrf)])
}

private let welcome = Answer.redirect("/whoami/", [("Set-Cookie", rotated), ("Set-Cookie", session)])

@Suite struct DjangoTests {
    @Test func logsInWithFormTokenAndCookie() throws {
        let ending = play(.login, "django", at: site + "/accounts/login/", [page(), welcome])
        #expect(ending.lines == ["GET \(site)/accounts/login/", "POST \(site)/accounts/login/"])
        let post = try #require(ending.sent.last)
        #expect(post.body == "csrfmiddlewaretoken=cSO2wDBu&next=&username=alice&password=won+der%26%2B%C3%A9")
        #expect(
            post.headers == [
                "Accept": "text/html", "Referer": "\(site)/accounts/login/", "Origin": site,
                "Content-Type": "application/x-www-form-urlencoded",
                "Cookie": "csrftoken=GMxl4mESVcNBKfugUHiAGMO1RPMGWRzD",
            ])
        let grant = try #require(ending.grant)
        #expect(grant.sessionCookie == "sessionid" && grant.account == "alice" && grant.access == nil)
        #expect(grant.jar.expiry(of: "sessionid", now: now) == .at(now + 1_209_600, lifetime: 1_209_600))
    }

    @Test func fillsInTheUsualPathAndFollowsRedirectsToTheForm() {
        let ending = play(
            .login, "django", at: site, [.redirect("/de/accounts/login/?next=/"), page(action: ""), welcome])
        #expect(
            ending.lines == [
                "GET \(site)/accounts/login/", "GET \(site)/de/accounts/login/?next=/",
                "POST \(site)/de/accounts/login/?next=/",
            ])
        #expect(ending.sent.last?.headers["Referer"] == "\(site)/de/accounts/login/?next=/")
        #expect(ending.grant?.loginURL == "\(site)/de/accounts/login/")
    }

    @Test func knowsARenamedSessionCookieByHttpOnly() {
        let answer = Answer.redirect(
            "/",
            [
                ("Set-Cookie", "theme=dark; Path=/"), ("Set-Cookie", "messages=x; HttpOnly; Path=/"),
                ("Set-Cookie", rotated), ("Set-Cookie", "shop_session=abc; HttpOnly; Path=/"),
            ])
        let ending = play(.login, "django", at: site + "/accounts/login/", [page(), answer])
        #expect(ending.grant?.sessionCookie == "shop_session")
    }

    @Test(
        arguments: [
            (page(), RecipeFailure.wrongPassword),
            (.redirect("/accounts/login/", [("Set-Cookie", "messages=wrong; HttpOnly; Path=/")]), .wrongPassword),
            (.redirect("/whoami/"), .noSessionCookie(site + "/accounts/login/")),
            (
                .redirect("/whoami/", [("Set-Cookie", "sessionid=; Max-Age=0; Path=/")]),
                .noSessionCookie(site + "/accounts/login/")
            ),
            (Answer(status: 403, body: "<p>CSRF verification failed.</p>"), .csrfRefused(site + "/accounts/login/")),
            (Answer(status: 403, body: "locked out"), .unexpectedStatus(403, site + "/accounts/login/")),
            (.html("welcome"), .unexpectedStatus(200, site + "/accounts/login/")),
            (Answer(status: 500), .unexpectedStatus(500, site + "/accounts/login/")),
            (Answer(status: 429, headers: [("Retry-After", "30")]), .retryLater(seconds: 30)),
            (.redirect("https://evil.example/"), .noSessionCookie(site + "/accounts/login/")),
            (.redirect("/again", status: 307), .unexpectedStatus(404, site + "/again")),
            (.redirect("https://evil.example/", status: 308), .leftOrigin("https://evil.example")),
        ] as [(Answer, RecipeFailure)])
    func saysWhyALoginFailed(_ answer: Answer, _ failure: RecipeFailure) {
        let ending = play(.login, "django", at: site + "/accounts/login/", [page(), answer, Answer(status: 404)])
        #expect(ending.failure == failure)
        #expect(ending.sent.allSatisfy { $0.line.contains(" \(site)/") })
    }

    @Test(
        arguments: [
            ("<p>nothing here</p>", RecipeFailure.noForm(site + "/in")),
            ("<form><input name=q></form>", .noPasswordField(site + "/in")),
            (
                "<form method=post><input name=a type=password><input name=b type=password></form>",
                .noPasswordField(site + "/in")
            ),
            ("<form><input name=u><input name=p type=password></form>", .passwordInURL(site + "/in")),
            (
                "<form method=post action='https://evil.example/'><input name=p type=password></form>",
                .leftOrigin("https://evil.example")
            ),
            (
                "<form method=post action='http://shop.example.com/in'><input name=p type=password></form>",
                .leftOrigin("http://shop.example.com")
            ),
            (
                "<form method=post action='//shop.example.com:444/'><input name=p type=password></form>",
                .leftOrigin("https://shop.example.com:444")
            ),
            (
                "<base href='//evil.example/'><form method=post action=in><input name=p type=password></form>",
                .leftOrigin("https://evil.example")
            ),
            ("<form method=post action='javascript:go()'><input name=p type=password></form>", .noForm(site + "/in")),
            (
                "<form method=post action='https://shop.example.com@evil.example/'><input name=p type=password></form>",
                .noForm(site + "/in")
            ),
        ] as [(String, RecipeFailure)])
    func sendsNoPasswordWhereItDoesNotBelong(_ html: String, _ failure: RecipeFailure) {
        let ending = play(.login, "django", at: site + "/in?x=1", [.html(html), Answer(status: 200)])
        #expect(ending.failure == failure)
        #expect(ending.lines == ["GET \(site)/in?x=1"])
    }

    @Test(
        arguments: [
            ([.redirect("https://other.example/login")], RecipeFailure.leftOrigin("https://other.example")),
            ([.redirect("http://shop.example.com/in")], .leftOrigin("http://shop.example.com")),
            (Array(repeating: .redirect("/in"), count: 6), .tooManyRedirects),
            // An empty Location is the page itself, over and over.
            (Array(repeating: .redirect(""), count: 6), .tooManyRedirects),
            ([.redirect("http://[")], .unexpectedStatus(302, site + "/in")),
            ([Answer(status: 302)], .unexpectedStatus(302, site + "/in")),
            ([Answer(status: 404)], .unexpectedStatus(404, site + "/in")),
            ([Answer(status: 503)], .retryLater(seconds: nil)),
        ] as [([Answer], RecipeFailure)])
    func followsRedirectsOnTheOriginAlone(_ answers: [Answer], _ failure: RecipeFailure) {
        #expect(play(.login, "django", at: site + "/in", answers).failure == failure)
    }

    @Test func asksForWhatIsMissing() {
        #expect(
            play(.login, "django", at: site, inputs: RecipeInputs(), []).failure == .needsInput(.user))
        #expect(
            play(.login, "django", at: site, inputs: RecipeInputs(user: "alice"), []).failure
                == .needsInput(.password))
        #expect(play(.login, "django", at: "ftp://x/", []).failure == .unreadableURL)
        #expect(play(.renewal, "django", at: site, []).failure == .notOffered)
    }

    @Test(
        arguments: [
            (Answer.redirect("/"), LogoutResult.done),
            (.html("Logged out"), .done),
            (Answer(status: 404), .noSuchLogout(site + "/accounts/logout/")),
            (Answer(status: 405), .noSuchLogout(site + "/accounts/logout/")),
            (Answer(status: 401), .alreadyOut),
            (Answer(status: 403), .refused(403, site + "/accounts/logout/")),
        ] as [(Answer, LogoutResult)])
    func logsOutWithToken(_ answer: Answer, _ result: LogoutResult) throws {
        let ending = play(
            .logout, "django", at: site + "/accounts/login/", inputs: RecipeInputs(),
            jar: jar([rotated, session], from: site + "/"), [answer])
        let post = try #require(ending.sent.first)
        #expect(post.line == "POST \(site)/accounts/logout/")
        #expect(post.body == "csrfmiddlewaretoken=gpOulaq3K41mWx4fDm5pBOYBKpEyDKp5")
        #expect(post.headers["X-CSRFToken"] == "gpOulaq3K41mWx4fDm5pBOYBKpEyDKp5")
        #expect(post.headers["Referer"] == "\(site)/")
        #expect(post.headers["Cookie"]?.contains("sessionid=ub6r9hu1p5xwwjf8s2mlejg2zxu1u8e0") == true)
        #expect(ending.grant?.told == result)
    }

    @Test(arguments: [
        ("/admin/login/", "/admin/logout/"), ("/login", "/logout"), ("/accounts/login/?next=/", "/accounts/logout/"),
        ("/sign-in/", "/accounts/logout/"), ("/xlogin/", "/accounts/logout/"),
    ])
    func findsTheLogoutBesideTheLogin(_ login: String, _ logout: String) {
        let ending = play(.logout, "django", at: site + login, inputs: RecipeInputs(), [])
        #expect(ending.lines == ["POST \(site)\(logout)"])
    }

    @Test func anUnsafeRequestGetsTokenAndReferer() throws {
        let django = try #require(Recipe.named("django"))
        let cookies = jar([rotated, session], from: site + "/")
        func fields(_ method: String, _ url: String, _ jar: CookieJar) throws -> [String] {
            let target = try #require(URLSyntax.libcurl.parse(url))
            return django.attachedFields(method: method, target: target, jar: jar, now: now)
                .map { "\($0.name): \($0.value.exposedText() ?? "")" }
        }
        let token = "X-CSRFToken: gpOulaq3K41mWx4fDm5pBOYBKpEyDKp5"
        #expect(try fields("POST", site + "/api", cookies) == [token, "Referer: \(site)/"])
        #expect(try fields("DELETE", site + "/api", cookies) == [token, "Referer: \(site)/"])
        #expect(try fields("GET", site + "/api", cookies).isEmpty)
        #expect(try fields("options", site + "/api", cookies).isEmpty)
        #expect(try fields("POST", "https://other.example/api", cookies).isEmpty)
        let local = jar([rotated], from: "http://127.0.0.1:8000/")
        #expect(try fields("PATCH", "http://127.0.0.1:8000/api", local) == [token])
        let simplejwt = try #require(Recipe.named("simplejwt"))
        let target = try #require(URLSyntax.libcurl.parse(site))
        #expect(simplejwt.attachedFields(method: "POST", target: target, jar: cookies, now: now).isEmpty)
    }
}
