extension Recipe {
    /// The recipes that come with Lanyard.
    public static let builtIn: [Recipe] = [
        django, drfToken, simpleJWT, djRestAuth, djangoREST, form, json, oauth2Refresh,
    ]

    /// Django's own login view (`django.contrib.auth`): a form with a CSRF token, a session cookie.
    static let django = Recipe(
        name: "django", title: "a form login (Django)", kind: .cookie, defaultPath: "/accounts/login/",
        login: [
            Exchange(
                "GET", .login, accept: "text/html",
                rules: [AnswerRule([200], .proceed)], captures: [.loginForm]),
            Exchange(
                "POST", .formAction, body: .foundForm(adding: [.init("csrfmiddlewaretoken", .csrfCookie)]),
                headers: [.init("Referer", .page), .init("Origin", .origin)], accept: "text/html",
                rules: [
                    AnswerRule([302, 303], .proceed, if: .setsSessionCookie),
                    AnswerRule([302, 303], .wrongPassword, if: .redirectsToPage),
                    // Taking the session cookie fails then, and says that there is none.
                    AnswerRule([302, 303], .proceed),
                    AnswerRule([200], .wrongPassword, if: .passwordForm),
                    AnswerRule([403], .csrfRefused, if: .body(contains: "CSRF")),
                ],
                captures: [.sessionCookie]),
        ],
        logout: [
            Exchange(
                "POST", .sibling(from: "login", to: "logout", otherwise: "/accounts/logout/"),
                body: .form([.init("csrfmiddlewaretoken", .csrfCookie)]),
                headers: fromOwnPage, accept: "text/html",
                rules: [
                    AnswerRule([200, 204, 302, 303], .proceed),
                    AnswerRule([404, 405], .noSuchLogout),
                    AnswerRule([401], .alreadyOut),
                    // Django's logout asks for no login, so that its 403 is the CSRF check: the session lives on.
                    AnswerRule([403], .logoutRefused),
                ])
        ],
        cookies: SessionCookies(
            session: "sessionid", csrf: ["csrftoken", "__Host-csrftoken", "__Secure-csrftoken"],
            csrfHeader: "X-CSRFToken", other: ["messages"]),
        canSignOn: true, loggedOut: [.toLogin])

    /// Django REST framework's `TokenAuthentication`, and those that answer like it (djoser, dj-rest-auth, knox).
    static let drfToken = Recipe(
        name: "drf-token", title: "a user name and a password for a token (Django REST framework)", kind: .token,
        defaultPath: "/api-token-auth/",
        login: [
            Exchange(
                "POST", .login,
                body: .json([.init("username", .input(.user)), .init("password", .input(.password))]),
                rules: [
                    AnswerRule([200, 201], .proceed), AnswerRule([400, 401], .wrongPassword),
                    AnswerRule([403], .loginRefused),
                ],
                captures: [.access(members: ["token", "auth_token", "key"], scheme: "Token")])
        ],
        // REST framework has no logout of its own; the places of djoser and dj-rest-auth are tried too.
        logout: [
            Exchange.Address.sibling(from: "login", to: "logout", otherwise: "logout/"),
            .relative("/auth/token/logout/"), .relative("/dj-rest-auth/logout/"),
        ].map { address in
            Exchange(
                "POST", address, headers: [.init("Authorization", .authorization)],
                rules: [
                    AnswerRule([200, 204], .proceed),
                    AnswerRule([404, 405], .noSuchLogout),
                    AnswerRule([401, 403], .alreadyOut),
                ])
        })

    /// What simplejwt's errors say of a refresh token that no later attempt will make good.
    private static let refusals = [
        "token_not_valid", "no_active_account", "user_not_found", "user_inactive", "password_changed",
    ]

    /// djangorestframework-simplejwt, with or without rotation and blacklist.
    static let simpleJWT = Recipe(
        name: "simplejwt", title: "a user name and a password for a JWT (simplejwt)", kind: .jwt,
        defaultPath: "/api/token/",
        login: [
            Exchange(
                "POST", .login,
                body: .json([.init("username", .input(.user)), .init("password", .input(.password))]),
                rules: [AnswerRule([200, 201], .proceed), AnswerRule([401], .wrongPassword)],
                captures: [
                    .access(members: ["access"], scheme: "Bearer"), .refresh(member: "refresh", isRequired: true),
                ])
        ],
        renewal: [
            Exchange(
                "POST", .relative("refresh/"), body: .json([.init("refresh", .input(.refresh))]),
                rules: [
                    AnswerRule([200, 201], .proceed),
                    // In simplejwt's own words: a gateway's 401 or Django's 400 says nothing about the token.
                    AnswerRule([401], .refreshRefused, if: .member("code", isOneOf: Self.refusals)),
                ],
                captures: [
                    .access(members: ["access"], scheme: "Bearer"), .refresh(member: "refresh", isRequired: false),
                ])
        ],
        logout: [
            Exchange(
                "POST", .relative("blacklist/"), body: .json([.init("refresh", .input(.refresh))]),
                rules: [
                    AnswerRule([200, 201, 204, 205], .proceed),
                    AnswerRule([404, 405], .noSuchLogout),
                    AnswerRule([401, 403], .alreadyOut),
                    AnswerRule([400], .logoutRefused),
                ])
        ])

    /// dj-rest-auth with JWTs in HttpOnly cookies (`USE_JWT`, `JWT_AUTH_COOKIE`), whatever a site calls them; with a Django
    /// session beside them, unless the site has switched that off.
    static let djRestAuth = Recipe(
        name: "dj-rest-auth", title: "a user name and a password for JWTs in cookies (dj-rest-auth)", kind: .cookie,
        defaultPath: "/dj-rest-auth/login/",
        login: [
            Exchange(
                "POST", .login,
                body: .json([.init("username", .input(.user)), .init("password", .input(.password))]),
                rules: [AnswerRule([200, 201], .proceed), AnswerRule([400, 401, 403], .wrongPassword)],
                captures: [.refreshCookie(nil, isRequired: true), .sessionCookie])
        ],
        renewal: [
            Exchange(
                "POST", .sibling(from: "login", to: "token/refresh", otherwise: "token/refresh/"), body: .json([]),
                headers: fromOwnPage,
                rules: [
                    AnswerRule([200, 201], .proceed),
                    AnswerRule([401], .refreshRefused, if: .member("code", isOneOf: Self.refusals)),
                ],
                captures: [.refreshCookie(nil, isRequired: false), .sessionCookie])
        ],
        logout: [
            Exchange(
                "POST", .sibling(from: "login", to: "logout", otherwise: "logout/"), body: .json([]),
                headers: fromOwnPage,
                rules: [
                    AnswerRule([200, 204], .proceed), AnswerRule([404, 405], .noSuchLogout),
                    AnswerRule([401], .alreadyOut), AnswerRule([403], .logoutRefused),
                ])
        ],
        cookies: SessionCookies(
            session: nil, csrf: ["csrftoken", "__Host-csrftoken", "__Secure-csrftoken"], csrfHeader: "X-CSRFToken",
            other: ["sessionid", "messages"]))

    /// What Django's check against cross-site requests looks at.
    private static let fromOwnPage: [Exchange.Field] = [
        .init("X-CSRFToken", .csrfCookie), .init("Referer", .origin, .literal("/")), .init("Origin", .origin),
    ]

    /// The refresh token grant of OAuth 2 (RFC 6749, 6), for tokens that a person brings with `lanyard add`.
    static let oauth2Refresh = Recipe(
        name: "oauth2-refresh", title: "a refresh token (OAuth 2)", kind: .token,
        renewal: [
            Exchange(
                "POST", .login,
                body: .form([
                    .init("grant_type", .literal("refresh_token")), .init("refresh_token", .input(.refresh)),
                    .init("client_id", .input(.clientID)),
                ]),
                rules: [
                    // Some servers say 200 with the error in it (GitHub: bad_refresh_token).
                    AnswerRule(
                        [200, 400, 401, 403], .refreshRefused,
                        if: .member("error", isOneOf: ["invalid_grant", "bad_refresh_token"])),
                    // Glewlwyd's answer to a spent token.
                    AnswerRule([400], .refreshRefused, if: .emptyBody),
                    AnswerRule([200], .proceed),
                ],
                captures: [
                    .bearerOnly(member: "token_type"), .access(members: ["access_token"], scheme: "Bearer"),
                    .refresh(member: "refresh_token", isRequired: false), .lifetime(member: "expires_in"),
                ])
        ])
}
