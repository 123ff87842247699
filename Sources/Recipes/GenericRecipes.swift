/// What is known of no site in particular.
extension Recipe {
    /// A form with a password field, whatever its fields are called: hidden fields are kept, a CSRF token in a `meta`
    /// element is sent back as scripts of such pages do.
    static let form = Recipe(
        name: "form", title: "a form login", kind: .cookie, login: formLogin, cookies: formCookies,
        canSignOn: true, loggedOut: [.toLogin])

    /// The page and its form, for recipes that say no more of a login.
    static let formLogin = [formPage, Exchange.formPost]

    /// Where a framework keeps its token against cross-site requests in a page: Rails, Laravel, Phoenix and their like.
    private static let formPage = Exchange(
        "GET", .login, accept: "text/html", rules: Exchange.pageRules,
        captures: [
            .loginForm,
            .csrf(["csrf-token", "csrf_token", "_csrf", "csrf"].map(CSRFPlace.meta), isRequired: false),
        ])

    /// The cookies of a site that nothing is known of.
    static let formCookies = SessionCookies(
        session: nil,
        csrf: ["csrftoken", "XSRF-TOKEN", "_csrf", "csrf_token", "_csrf_token", "_xsrf", "csrf", "csrf-token"])

    /// Where the endpoints of a login keep the token that they give out.
    static let usualTokens = [
        "access_token", "token", "accessToken", "access", "auth_token", "jwt", "id_token", "data.token",
        "data.access_token", "key",
    ]

    /// A user name and a password as JSON, for a token or a cookie.
    static let json = Recipe(
        name: "json", title: "a user name and a password (JSON)", kind: .token,
        login: [
            Exchange(
                "POST", .login,
                body: .json([.init("username", .input(.user)), .init("password", .input(.password))]),
                rules: Exchange.jsonLoginRules,
                captures: [.accessOrCookie(members: usualTokens, scheme: "Bearer")])
        ],
        cookies: formCookies)

    /// An endpoint of Django REST framework that asks for both, before its answer has told whether it is simplejwt's.
    static let djangoREST = Recipe(
        name: "drf", title: "a user name and a password (Django REST framework)", kind: .token,
        login: [
            Exchange(
                "POST", .login,
                body: .json([.init("username", .input(.user)), .init("password", .input(.password))]),
                rules: Exchange.jsonLoginRules, captures: [.asOne(of: ["dj-rest-auth", "simplejwt", "drf-token"])])
        ])
}

/// What answers mean where a recipe does not say.
extension Exchange {
    /// To a page.
    static let pageRules = [AnswerRule([200], .proceed)]

    /// To a user name and a password in JSON.
    static let jsonLoginRules = [
        AnswerRule([200, 201], .proceed), AnswerRule([400, 401, 422], .wrongPassword),
        AnswerRule([403], .loginRefused),
    ]

    /// To a login form that was sent: wrong is what leads back to it, or shows one again.
    static let formLoginRules = [
        AnswerRule([302, 303], .wrongPassword, if: .redirectsToPage),
        AnswerRule([200, 400, 401, 403, 422], .wrongPassword, if: .passwordForm),
        // Laravel's 419; others say it in a 403 (Gorilla) or a 400 (Flask-WTF).
        AnswerRule([419], .csrfRefused), AnswerRule([400, 403], .csrfRefused, if: .body(contains: "CSRF")),
        AnswerRule([401, 422], .wrongPassword), AnswerRule([403], .loginRefused),
        AnswerRule([200, 201, 204, 302, 303], .proceed),
    ]

    /// To a renewal.
    static let renewalRules = [
        AnswerRule([200, 201], .proceed), AnswerRule([401], .refreshRefused),
        AnswerRule([400, 403], .refreshRefused, if: .member("error", isOneOf: ["invalid_grant"])),
    ]

    /// To a logout.
    static let logoutRules = [
        AnswerRule([200, 201, 202, 204, 205, 302, 303], .proceed), AnswerRule([404, 405], .noSuchLogout),
        AnswerRule([401], .alreadyOut), AnswerRule([400, 403, 419, 422], .logoutRefused),
    ]

    /// The form that was found, filled in and sent.
    static let formPost = Exchange(
        "POST", .formAction, body: .foundForm(adding: []),
        headers: [.init("Referer", .page), .init("Origin", .origin), .init("X-CSRF-Token", .csrf)], accept: "text/html",
        rules: formLoginRules, captures: [.sessionCookie])
}

extension LoggedOutRule {
    /// A redirect to the address of the login.
    static let toLogin = LoggedOutRule([302, 303, 307], location: "")
}
