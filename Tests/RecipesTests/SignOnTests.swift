import Cookies
import Model
import Recipes
import Testing
import Transfer

private let shop = "https://shop.example.com"
private let sso = "https://sso.example.org"
private let login = shop + "/login"
private let alice = RecipeInputs(user: "alice", password: SecretBytes("won der"))

/// A run through `hosts` against answers in their order, and the site's own page at its end.
private func play(
    _ answers: [Answer], hosts: [String] = [sso], inputs: RecipeInputs = alice, recipe: String = "form",
    recipeJar: CookieJar = CookieJar(), asker: String? = nil, sessionCookie: String? = nil, isRenewal: Bool = false
) throws -> (ending: Ending, asker: String?) {
    let recipe = try #require(Recipe.named(recipe))
    let means = SignOnRun.Means(
        hosts: hosts, inputs: inputs, recipeJar: recipeJar, asker: asker, sessionCookie: sessionCookie,
        isRenewal: isRenewal)
    var run = SignOnRun(of: recipe, at: login, means, syntax: .libcurl, clock: clock)
    var ending = Ending()
    var step = run.begin()
    var rest = answers[...]
    while true {
        switch step {
        case .finished(let grant):
            ending.grant = grant
            return (ending, run.asker)
        case .failed(let failure):
            ending.failure = failure
            return (ending, run.asker)
        case .request(let request):
            ending.sent.append(Sent(request))
            let home = request.url == shop + "/" ? Answer.html("<p>hello, alice") : nil
            guard let answer = rest.popFirst() ?? home else { return (ending, run.asker) }
            step = run.receive(answer.response(to: request))
        }
    }
}

private func form(action: String = "", method: String = "post", _ headers: [(String, String)] = []) -> Answer {
    .html(
        """
        <form method=\(method) action="\(action)"><input type=hidden name=csrf value=t1><input name=u>
        <input type=password name=p></form>
        """, headers)
}

/// A page whose script sends a form of hidden fields on.
private func courier(to action: String, more: String = "") -> Answer {
    .html(
        """
        <body onload="document.forms[0].submit()"><form method=post action="\(action)">
        <input type=hidden name=code value=c1>\(more)<noscript><input type=submit value=go></noscript></form></body>
        """)
}

private let away = Answer.redirect(sso + "/authorize?state=s1", [("Set-Cookie", "session=state; HttpOnly; Path=/")])
private let back = Answer.redirect(shop + "/callback?code=c1", [("Set-Cookie", "sso=known; HttpOnly; Path=/")])
private let welcome = Answer.redirect("/", [("Set-Cookie", "session=alice; HttpOnly; Path=/")])

@Suite struct SignOnTests {
    @Test func thePasswordGoesToTheOneWhoAsks() throws {
        let ending = try play([away, form([("Set-Cookie", "csrf=t1; Path=/")]), back, welcome]).ending
        #expect(
            ending.lines == [
                "GET \(login)", "GET \(sso)/authorize?state=s1", "POST \(sso)/authorize?state=s1",
                "GET \(shop)/callback?code=c1", "GET \(shop)/",
            ])
        let post = ending.sent[2]
        #expect(post.body == "csrf=t1&u=alice&p=won+der")
        #expect(post.headers["Origin"] == sso && post.headers["Referer"] == sso + "/authorize?state=s1")
        #expect(post.headers["Cookie"] == "csrf=t1")
        let others = [0, 1, 3].map { ending.sent[$0].headers }
        #expect(others.allSatisfy { $0["Referer"] == nil && $0["Origin"] == nil })
        #expect(ending.sent[3].headers["Cookie"] == "session=state")
    }

    @Test func eachKeepsItsOwnCookies() throws {
        let wide = [
            ("Set-Cookie", "sso=known; HttpOnly"), ("Set-Cookie", "session=planted; Domain=shop.example.com"),
            ("Set-Cookie", "tld=1; Domain=com"),
        ]
        let ending = try play([away, form(wide), back, welcome]).ending
        let grant = try #require(ending.grant)
        #expect(grant.sessionCookie == "session" && grant.account == "alice" && grant.loginURL == login)
        #expect(grant.jar.cookies.map(\.name) == ["session"])
        #expect(grant.jar.cookies.first?.value == SecretBytes("alice"))
        #expect(grant.recipeJar.cookies.map(\.name) == ["sso"])
        #expect(grant.recipeJar.cookies.first?.domain == "sso.example.org")
    }

    /// Of one domain, where cookies by their own rules would go to both.
    @Test func noCookieGoesToTheOtherSide() throws {
        let host = "https://sso.example.com"
        let ending = try play(
            [
                .redirect(host + "/in", [("Set-Cookie", "session=state; Domain=example.com; HttpOnly")]),
                form([("Set-Cookie", "session=planted; Domain=example.com")]), .redirect(shop + "/callback"), welcome,
            ], hosts: [host]
        ).ending
        #expect(ending.sent[1].headers["Cookie"] == nil && ending.sent[2].headers["Cookie"] == "session=planted")
        #expect(ending.sent[3].headers["Cookie"] == "session=state")
        #expect(ending.grant?.jar.cookies.contains { $0.value == SecretBytes("planted") } == false)
    }

    @Test(
        arguments: [
            ([.redirect("https://evil.example/")], RecipeFailure.leftOrigin("https://evil.example")),
            ([.redirect("http://sso.example.org/")], .leftOrigin("http://sso.example.org")),
            ([away, .redirect("https://evil.example/")], .leftOrigin("https://evil.example")),
            ([away, form(action: "https://evil.example/")], .passwordElsewhere("https://evil.example")),
            ([away, form(action: login)], .passwordElsewhere(shop)),
            ([form(action: sso + "/in")], .passwordElsewhere(sso)),
            ([away, form(method: "get")], .passwordInURL(sso + "/authorize")),
            ([away, form(), Answer.redirect(shop + "/x", status: 307)], .unexpectedStatus(307, sso + "/authorize")),
            ([away, form(), Answer.redirect("https://evil.example/")], .leftOrigin("https://evil.example")),
            ([away, form(), courier(to: "https://evil.example/")], .leftOrigin("https://evil.example")),
            (Array(repeating: away, count: 21), .tooManyRedirects),
            ([.html("<p>hello")], .noForm(login)),
            (
                [away, .html("<form method=post><input type=hidden name=x></form>")],
                .noPasswordField(sso + "/authorize")
            ),
            ([away, Answer(status: 502)], .unexpectedStatus(502, sso + "/authorize")),
            ([away, Answer(status: 503, headers: [("Retry-After", "7")])], .retryLater(seconds: 7)),
        ] as [([Answer], RecipeFailure)])
    func thePasswordGoesNowhereElse(_ answers: [Answer], _ failure: RecipeFailure) throws {
        let ending = try play(answers).ending
        #expect(ending.failure == failure)
        let told = ending.sent.filter { $0.body?.contains("won") ?? false }
        #expect(told.allSatisfy { $0.line.hasPrefix("POST \(sso)/") } && told.count <= 1)
        #expect(ending.sent.allSatisfy { $0.line.contains(" \(shop)/") || $0.line.contains(" \(sso)/") })
    }

    @Test(
        arguments: [
            (form(), RecipeFailure.wrongPassword), (Answer(status: 401), .wrongPassword),
            (Answer(status: 403), .loginRefused(403)),
            (Answer(status: 403, body: "CSRF failed"), .csrfRefused(sso + "/authorize")),
            (.redirect(shop + "/sorry"), .noSessionCookie(shop + "/sorry")),
            (.redirect(shop + "/callback?state=s1&error=access_denied"), .loginRefused(302)),
            (
                courier(to: shop + "/acs", more: "<input type=hidden name=error value=access_denied>"),
                .loginRefused(200)
            ),
        ] as [(Answer, RecipeFailure)])
    func saysWhyNot(_ answer: Answer, _ failure: RecipeFailure) throws {
        let ending = try play([away, form(), answer, .html("<p>sorry")]).ending
        #expect(ending.failure == failure)
    }

    /// A site that says in a session's cookie that it is none.
    @Test func aMessageIsNoSession() throws {
        let flash = Answer.redirect("/sorry", [("Set-Cookie", "session=flash; HttpOnly")])
        #expect(try play([away, form(), back, flash, form()]).ending.failure == .wrongPassword)
        let known = jar(["sso=known; HttpOnly"], from: sso)
        let renew = { (answers: [Answer], name: String) in
            try play(
                answers, inputs: RecipeInputs(user: "alice"), recipeJar: known, sessionCookie: name, isRenewal: true
            ).ending
        }
        let refused = Answer.redirect(shop + "/callback?error=login_required")
        #expect(try renew([away, refused], "session").failure == .refreshRefused)
        #expect(try renew([away, back, flash, form()], "session").failure == .refreshRefused)
        #expect(try renew([away, back, welcome], "sid").failure == .noSessionCookie(shop + "/"))
        #expect(try renew([away, back, welcome], "session").grant != nil)
    }

    @Test func thePasswordIsOnlyForWhoWasAskedAbout() throws {
        let looked = try play([away, form()], inputs: RecipeInputs())
        #expect(looked.ending.failure == .needsInput(.password) && looked.asker == sso)
        // The site asks itself where it had sent to the provider before.
        let ending = try play([form()], asker: sso).ending
        #expect(ending.failure == .otherAsker(shop) && ending.lines == ["GET \(login)"])
        #expect(try play([away, form(), back, welcome], asker: sso).ending.grant != nil)
        // Where the person was told of nobody, only those they have named.
        #expect(try play([form()]).ending.failure == .otherAsker(shop))
        #expect(try play([form(), welcome], hosts: [sso, shop]).ending.grant != nil)
    }

    @Test func aSitesOwnFormStillWorks() throws {
        #expect(try play([form(), welcome], recipe: "django", asker: shop).ending.grant?.sessionCookie == "session")
        // A flash message in a session cookie, and back to the form.
        let again = Answer.redirect("/login?again", [("Set-Cookie", "session=flash; HttpOnly")])
        #expect(try play([form(), again, form()], asker: shop).ending.failure == .wrongPassword)
        let moved = Answer.redirect("/sign-in")
        let flash = Answer.redirect("/sign-in", [("Set-Cookie", "session=flash; HttpOnly")])
        #expect(try play([moved, form(), flash, form()], asker: shop).ending.failure == .wrongPassword)
    }

    @Test func theUsersNameMayBeAskedFirst() throws {
        let first = Answer.html(
            "<form method=post action=/user><input type=hidden name=h value=1><input name=id autocomplete=username></form>"
        )
        let ending = try play([away, first, form(), back, welcome], asker: sso).ending
        #expect(ending.sent[2].line == "POST \(sso)/user" && ending.sent[2].body == "h=1&id=alice")
        #expect(ending.sent[3].body == "csrf=t1&u=alice&p=won+der")
        #expect(ending.grant?.sessionCookie == "session")
        let looked = try play([away, first], inputs: RecipeInputs())
        #expect(looked.ending.failure == .needsInput(.password) && looked.asker == sso)
        #expect(try play([away, first, first]).ending.failure == .wrongPassword)
        #expect(
            try play([away, first], inputs: RecipeInputs(user: "alice"), isRenewal: true).ending.failure
                == .refreshRefused)
        // Then another asks for the password than the one that was named.
        #expect(try play([first, away, form()], asker: shop).ending.failure == .otherAsker(sso))
        // A site finds out by the user whom to send to: that one asks for the password.
        let led = try play([first, away, form(), back, welcome], asker: sso).ending
        #expect(led.sent[1].body == "h=1&id=alice" && led.grant?.sessionCookie == "session")
        let seen = try play([first, away, form()], inputs: RecipeInputs(user: "alice"))
        #expect(seen.ending.failure == .needsInput(.password) && seen.asker == sso)
        #expect(try play([first], inputs: RecipeInputs()).ending.failure == .needsInput(.user))
        let newsletter = Answer.html("<form method=post><input type=email name=mail></form>")
        #expect(try play([away, newsletter]).ending.failure == .noPasswordField(sso + "/authorize"))
    }

    @Test func aPageThatSendsItselfOnIsSent() throws {
        let ending = try play([away, form(), courier(to: shop + "/acs"), welcome]).ending
        let post = try #require(ending.sent.dropLast().last)
        #expect(post.line == "POST \(shop)/acs" && post.body == "code=c1")
        #expect(post.headers["Referer"] == nil && post.headers["Origin"] == nil)
        #expect(post.headers["Cookie"] == "session=state")
        #expect(ending.grant?.sessionCookie == "session")
        // What a person has to press is not pressed.
        let consent = courier(to: "", more: "<input type=submit name=allow value=yes>")
        #expect(try play([away, form(), consent]).ending.failure == .noPasswordField(sso + "/authorize"))
        var idle = courier(to: shop + "/logout")
        idle.body.replace(".submit()", with: "")
        #expect(try play([away, form(), idle]).ending.failure == .noPasswordField(sso + "/authorize"))
    }

    /// A hostile site acts at the provider with what a browser would bring along, and no more.
    @Test func anotherSitesFormBringsNoCookieOfLessTrust() throws {
        let old = jar(["lax=1; SameSite=Lax", "strict=1; SameSite=Strict", "none=1; SameSite=None; Secure"], from: sso)
        let posted = try play([courier(to: sso + "/delete")], recipeJar: old).ending
        #expect(posted.sent.last?.headers["Cookie"] == "none=1")
        let led = try play([away, .redirect("/again")], recipeJar: old).ending
        #expect(led.sent[1].headers["Cookie"] == "lax=1; none=1")
        #expect(led.sent[2].headers["Cookie"] == "lax=1; strict=1; none=1")
    }

    @Test func aRenewalAsksNobody() throws {
        let known = jar(["sso=known; HttpOnly"], from: sso)
        let inputs = RecipeInputs(user: "alice")
        let renewed = try play([away, back, welcome], inputs: inputs, recipeJar: known, isRenewal: true).ending
        #expect(renewed.sent.map { $0.headers["Cookie"] } == [nil, "sso=known", "session=state", "session=alice"])
        #expect(renewed.grant?.changes.flatMap(\.set).last?.value == SecretBytes("alice"))
        for page in [form(), .html("<form method=post><input name=user></form>"), Answer(status: 401)] {
            let ending = try play([away, page], inputs: inputs, recipeJar: known, isRenewal: true).ending
            #expect(ending.failure == .refreshRefused)
        }
        #expect(try play([form()], inputs: inputs, isRenewal: true).ending.failure == .refreshRefused)
        // A site that is down or being mended says nothing of the login.
        #expect(try play([.html("<p>soon")], inputs: inputs, isRenewal: true).ending.failure == .noForm(login))
        for (page, failure) in [
            (Answer(status: 404), RecipeFailure.unexpectedStatus(404, sso + "/authorize")),
            (.html("<p>back soon"), .noForm(sso + "/authorize")),
        ] {
            let ending = try play([away, page], inputs: inputs, recipeJar: known, isRenewal: true).ending
            #expect(ending.failure == failure)
        }
    }

    @Test func aCookieFromBeforeTheProviderIsNoSession() throws {
        // Back, to be sent away once more: that is not the end of the login.
        let again = Answer.redirect(sso + "/second", [("Set-Cookie", "session=half; HttpOnly")])
        let ending = try play([away, form(), back, again, back, welcome]).ending
        #expect(ending.grant?.jar.cookies.first?.value == SecretBytes("alice"))
        // Nor is one from before it left.
        let late = try play([away, form(), back, .redirect("/done"), welcome]).ending
        #expect(late.lines.suffix(2) == ["GET \(shop)/done", "GET \(shop)/"])
        #expect(late.grant?.jar.cookies.first?.value == SecretBytes("alice"))
    }

    @Test(
        arguments: [
            ("https://sso.example.org", true), ("https://sso.example.org:8443/", true), ("http://localhost:8000", true),
            ("http://sso.localhost", true), ("http://[::1]:8000", true), ("HTTPS://My_IDP.example.org.", true),
            ("https://b\u{fc}cher.example", true), ("http://sso.example.org", false), ("https://*.example.org", false),
            ("https://sso.example.org/path", false), ("sso.example.org", false), ("https://u@sso.example.org", false),
            ("https://", false), ("ftp://sso.example.org", false), ("https://sso.example.org?x", false),
        ] as [(String, Bool)])
    func whatCanBeNamed(_ text: String, _ isOrigin: Bool) {
        #expect((LoginHost.origin(text, .libcurl) != nil) == isOrigin)
    }

    @Test func whichRecipesGoElsewhere() {
        #expect(Recipe.builtIn.filter(\.canSignOn).map(\.name) == ["django", "form"])
    }
}
