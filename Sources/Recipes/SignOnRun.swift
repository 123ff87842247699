import Cookies
import Model

/// A login that passes through other hosts (single sign-on), step by step as ``RecipeRun``: like a browser from the login's
/// address through the origins that are named to the one that asks for the password, and back to where the session's
/// cookie is set.
///
/// Nothing but the origin of the login and those named ever gets a request of it, and the password goes to one of them
/// alone: the one whose own form asks for it. Of cookies there are two jars, by who has set them, and no cookie goes from
/// one side to the other whatever domain it names: what the login's origin sets is the session's, what the others set is
/// the recipe's own.
public struct SignOnRun: RecipeSteps {
    /// Most requests of a run: browsers give up after as many redirects.
    static let mostRequests = 20
    /// A cookie without SameSite is so many seconds like one with None, for the forms that come back to what set it.
    private static let leniency: Int64 = 120

    /// What a run may use.
    public struct Means: Sendable {
        /// The other origins it may pass through.
        public var hosts: [String]
        /// The user and the password; a run without a password ends where one is asked for.
        public var inputs: RecipeInputs
        /// What these hosts have set before.
        public var recipeJar: CookieJar
        /// The origin that the person was told would get the password; nil for whichever of ``hosts`` asks.
        public var asker: String?
        /// In a renewal, the name of the cookie that is the session: another one is not it.
        public var sessionCookie: String?
        /// Nobody is there: a host that asks a person for something has ended the login.
        public var isRenewal: Bool

        /// These means.
        public init(
            hosts: [String], inputs: RecipeInputs, recipeJar: CookieJar = CookieJar(), asker: String? = nil,
            sessionCookie: String? = nil, isRenewal: Bool = false
        ) {
            self.hosts = hosts
            self.inputs = inputs
            self.recipeJar = recipeJar
            self.asker = asker
            self.sessionCookie = sessionCookie
            self.isRenewal = isRenewal
        }
    }

    /// The recipe.
    public let recipe: Recipe
    /// The address of the login.
    public let url: String
    /// The URL that was asked last.
    public private(set) var place: String
    /// The other origins it may pass through.
    public var passesThrough: [String]? { means.hosts }
    /// The origin whose form has asked for the password; nil where none has.
    public private(set) var asker: String?

    private let means: Means
    private let syntax: URLSyntax
    private let clock: Clock
    private let start: RequestTarget?
    /// The session's cookies. A renewal begins without any, too: a site that still knows the old session gives no new one.
    private var jar = CookieJar()
    /// What the other hosts have set, before this run too: one may have taken back what it was shown.
    public private(set) var recipeJar: CookieJar
    private var changes: [JarChange] = []
    /// What the login's origin has set since another host was last seen.
    private var fresh = JarChange()
    private var isBack = false
    /// The session's cookie is set; what the site shows then may still be that it is none.
    private var isLooking = false
    /// The page whose form got the password; nil before.
    private var filledPage: RequestTarget?
    /// A form has got the user's name; the password may be asked on the next page.
    private var hasSentUser = false
    private var method = "GET"
    private var requests = 0

    /// A run that has not begun.
    /// - Parameters:
    ///   - recipe: the recipe, one that ``Recipe/canSignOn`` says so of.
    ///   - url: the address of the login; the recipe's default path is filled in.
    ///   - means: what it may use.
    ///   - syntax: how URLs are read.
    ///   - clock: the clock.
    public init(of recipe: Recipe, at url: String, _ means: Means, syntax: URLSyntax, clock: Clock) {
        self.recipe = recipe
        self.url = recipe.loginURL(for: url, syntax: syntax)
        self.means = means
        self.syntax = syntax
        self.clock = clock
        recipeJar = means.recipeJar
        place = self.url
        start = syntax.parse(self.url)
    }

    /// The first step.
    public mutating func begin() -> RecipeRun.Step {
        if means.inputs.password != nil, means.inputs.user == nil { return .failed(.needsInput(.user)) }
        return step { run throws(RecipeFailure) in try run.ask(HTTPRequest(method: "GET", url: run.url)) }
    }

    /// The step after the answer to the last request.
    public mutating func receive(_ answer: HTTPResponse) -> RecipeRun.Step {
        step { run throws(RecipeFailure) in try run.next(after: answer) }
    }

    private mutating func step(_ body: (inout SignOnRun) throws(RecipeFailure) -> RecipeRun.Step) -> RecipeRun.Step {
        do throws(RecipeFailure) { return try body(&self) } catch { return .failed(error) }
    }

    private mutating func next(after answer: HTTPResponse) throws(RecipeFailure) -> RecipeRun.Step {
        guard let target = syntax.parse(answer.url) else { throw .unreadableURL }
        keepCookies(of: answer, from: target)
        if isLooking { return try look(at: answer) }
        if answer.status == 429 || answer.status == 503 {
            throw .retryLater(seconds: RecipeRun.retryAfter(answer, clock))
        }
        if [301, 302, 303, 307, 308].contains(answer.status) { return try redirected(answer, from: target) }
        guard answer.status < 500 else { throw .unexpectedStatus(answer.status, shown(answer.url)) }
        let page = HTMLForms(answer.body)
        if let form = page.hiddenForm, answer.body.hasText(".submit()") {
            if form.has("error") { throw means.isRenewal ? .refreshRefused : .loginRefused(answer.status) }
            return try send(form, page.base, filled: form.filled(user: nil, password: nil), from: target)
        }
        if let form = page.login ?? page.userForm { return try fill(form, page.base, from: target) }
        if filledPage != nil { try checkRefusal(answer) }
        if means.isRenewal, target.origin != start?.origin, asksForMore(page, answer) { throw .refreshRefused }
        guard (200..<300).contains(answer.status) else { throw .unexpectedStatus(answer.status, shown(answer.url)) }
        if isBack, target.origin == start?.origin { return try finish(answer) }
        throw page.forms.isEmpty ? .noForm(shown(answer.url)) : .noPasswordField(shown(answer.url))
    }

    private mutating func keepCookies(of answer: HTTPResponse, from target: RequestTarget) {
        let lines = answer.values(of: "set-cookie")
        guard target.origin == start?.origin else {
            recipeJar.store(setCookie: lines, from: target, now: clock.wall())
            isBack = true
            fresh = JarChange()
            return
        }
        let change = jar.store(setCookie: lines, from: target, now: clock.wall())
        changes.append(change)
        fresh.set.removeAll { cookie in jar[cookie.key] == nil }
        fresh.set += change.set
    }

    /// A redirect is followed as GET, which changes nothing (RFC 9110, 15.4.4); a body goes nowhere it was not meant for.
    private mutating func redirected(
        _ answer: HTTPResponse, from target: RequestTarget
    ) throws(RecipeFailure) -> RecipeRun.Step {
        let keepsBody = answer.status == 307 || answer.status == 308
        guard let url = answer.text(of: "location").flatMap({ syntax.resolve($0, answer.url) }),
            let next = syntax.parse(url), method == "GET" || !keepsBody
        else { throw .unexpectedStatus(answer.status, shown(answer.url)) }
        // A host that has let nobody in says so to the site, whose cookies are nobody's then.
        if target.origin != start?.origin, next.origin == start?.origin, Self.namesError(url) {
            throw means.isRenewal ? .refreshRefused : .loginRefused(answer.status)
        }
        // The session is there; what comes now is the site itself, unless it sends to log in once more.
        let leaves = next.origin != target.origin && means.hosts.contains(next.origin)
        let isAgain = next == start || next == filledPage || leaves
        if isBack, !isAgain, target.origin == start?.origin, recipe.cookies?.session(in: fresh) != nil {
            isLooking = next.origin == target.origin
            if !isLooking { return try finish(answer) }
        }
        return try ask(HTTPRequest(method: "GET", url: url), from: target)
    }

    /// The page after the session's cookie was set: where it asks for the password, that was no session, but a message.
    private func look(at answer: HTTPResponse) throws(RecipeFailure) -> RecipeRun.Step {
        let page = HTMLForms(answer.body)
        if page.login == nil, page.userForm == nil { return try finish(answer) }
        throw means.isRenewal ? .refreshRefused : filledPage == nil ? .loginRefused(answer.status) : .wrongPassword
    }

    /// Consent, a second factor: none of it is a renewal's to give. A host that is down or being mended asks for nothing.
    private func asksForMore(_ page: HTMLForms, _ answer: HTTPResponse) -> Bool {
        answer.status == 401 || (answer.status < 400 && !page.forms.isEmpty)
    }

    /// Gives the form what it asks for, where that stays with its page's origin.
    private mutating func fill(
        _ form: HTMLForms.Form, _ base: String?, from target: RequestTarget
    ) throws(RecipeFailure) -> RecipeRun.Step {
        let asksForUser = form.password == nil
        if filledPage != nil || (asksForUser && hasSentUser) { throw .wrongPassword }
        if means.isRenewal { throw .refreshRefused }
        guard form.isPost else { throw .passwordInURL(shown(place)) }
        guard let action = form.url(on: place, base: base, syntax).flatMap(syntax.parse) else {
            throw .noForm(shown(place))
        }
        guard action.origin == target.origin else { throw .passwordElsewhere(action.origin) }
        if asksForUser { try checkUser(target) } else { try checkAsker(target) }
        hasSentUser = true
        let password = asksForUser ? nil : means.inputs.password
        if !asksForUser {
            filledPage = target
            isBack = true
        }
        return try send(form, base, filled: form.filled(user: means.inputs.user, password: password), from: target)
    }

    /// Whether a page that asks for the user alone gets one. A site finds out by it whom to send to; another host most
    /// likely asks for the password next.
    private mutating func checkUser(_ target: RequestTarget) throws(RecipeFailure) {
        if means.inputs.user != nil { return }
        guard target.origin != start?.origin else { throw .needsInput(.user) }
        try checkAsker(target)
    }

    /// Whether the password is for who asks for it.
    private mutating func checkAsker(_ target: RequestTarget) throws(RecipeFailure) {
        asker = target.origin
        guard means.inputs.password != nil else { throw .needsInput(.password) }
        let isMeant = means.asker.map { $0 == target.origin } ?? means.hosts.contains(target.origin)
        guard isMeant else { throw .otherAsker(target.origin) }
    }

    private mutating func send(
        _ form: HTMLForms.Form, _ base: String?, filled encoding: consuming FormEncoding, from target: RequestTarget
    ) throws(RecipeFailure) -> RecipeRun.Step {
        guard let url = form.url(on: place, base: base, syntax), let action = syntax.parse(url) else {
            throw .noForm(shown(place))
        }
        var request = HTTPRequest(
            method: "POST", url: url, headers: [HTTPHeader("Content-Type", "application/x-www-form-urlencoded")],
            body: encoding.finish())
        // Another origin is not told where one comes from: there may be a ticket in the page's query.
        if action.origin == target.origin {
            request.headers.append(HTTPHeader("Referer", String(place.prefix { $0 != "#" })))
            request.headers.append(HTTPHeader("Origin", target.origin))
        }
        return try ask(request, from: target)
    }

    /// What a page without a form says to a password.
    private func checkRefusal(_ answer: HTTPResponse) throws(RecipeFailure) {
        switch answer.status {
        case 419: throw .csrfRefused(shown(answer.url))
        case 400, 403: if answer.body.hasText("CSRF") { throw .csrfRefused(shown(answer.url)) }
        case 401, 422: throw .wrongPassword
        default: break
        }
        if answer.status == 403 { throw .loginRefused(403) }
    }

    /// - Parameter sender: what has sent us there; nil at the beginning.
    private mutating func ask(
        _ request: HTTPRequest, from sender: RequestTarget? = nil
    ) throws(RecipeFailure) -> RecipeRun.Step {
        guard let start, let target = syntax.parse(request.url) else { throw .unreadableURL }
        guard target.origin == start.origin || means.hosts.contains(target.origin) else {
            throw .leftOrigin(target.origin)
        }
        requests += 1
        guard requests <= Self.mostRequests else { throw .tooManyRedirects }
        method = request.method
        place = request.url
        var request = request
        request.headers.append(HTTPHeader("Accept", "text/html"))
        let cookies = target.origin == start.origin ? jar : recipeJar
        let held = heldBack(cookies, from: sender, to: target)
        if let line = cookies.cookieLine(for: target, now: clock.wall(), excluding: held).value {
            request.headers.append(HTTPHeader(name: "Cookie", value: line))
        }
        return .request(request)
    }

    /// The names of the cookies that another site's redirect or form does not bring along (SameSite, RFC 6265bis, 5.6.7
    /// and 5.8.3): a hostile site is not to act at the provider in the person's name.
    private func heldBack(
        _ jar: CookieJar, from sender: RequestTarget?, to target: RequestTarget
    ) -> Set<String> {
        guard let sender, CookiePartition.key(of: sender) != CookiePartition.key(of: target) else { return [] }
        let now = clock.wall()
        let held = jar.cookies.filter { cookie in
            switch cookie.sameSite {
            case .none: false
            case .strict: true
            case .lax: method != "GET"
            case .unset: method != "GET" && now - cookie.creation > Self.leniency
            }
        }
        return Set(held.map(\.name))
    }

    /// Whether a URL has what OAuth says there of a login that was refused (RFC 6749, 4.1.2.1).
    private static func namesError(_ url: String) -> Bool {
        guard let query = url.prefix(while: { $0 != "#" }).split(separator: "?", maxSplits: 1).dropFirst().first else {
            return false
        }
        return query.split(separator: "&").contains { $0.hasPrefix("error=") && $0 != "error=" }
    }

    /// Only a cookie set since the others were left is the session: one of before says who is to come back.
    private func finish(_ answer: HTTPResponse) throws(RecipeFailure) -> RecipeRun.Step {
        guard let name = recipe.cookies?.session(in: fresh), means.sessionCookie ?? name == name else {
            throw .noSessionCookie(shown(answer.url))
        }
        var grant = Grant(jar: jar)
        grant.recipeJar = recipeJar
        grant.changes = changes
        grant.sessionCookie = name
        grant.account = means.inputs.user
        grant.recipe = recipe.name
        // Where it began: an address on the way may be good for one time alone.
        grant.loginURL = url
        grant.skew = answer.text(of: "date").flatMap(HTTPDate.parse).map { $0 - clock.wall() }
        return .finished(grant)
    }

    /// A URL as messages show it: without query and fragment, where tickets are.
    private func shown(_ url: String) -> String { syntax.parse(url).map { $0.origin + $0.path } ?? "" }
}
