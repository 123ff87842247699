import Cookies
import Model

/// Carries a recipe out, step by step: says the next request, is given its answer, and says the next thing, until it is
/// finished or has failed. Pure: whoever drives it does the transfers, without following redirects.
///
/// Nothing but the origin of the login ever gets a request of it. Cookies are its own affair: it keeps what answers set
/// and adds the Cookie field.
public struct RecipeRun: RecipeSteps {
    /// Most redirects followed in a run.
    static let mostRedirects = 5

    /// What is to be done next.
    public enum Step: Sendable {
        /// Send this, and give the answer to ``RecipeRun/receive(_:)``.
        case request(HTTPRequest)
        /// The recipe came to its end.
        case finished(Grant)
        /// It did not.
        case failed(RecipeFailure)
    }

    /// The recipe.
    public let recipe: Recipe
    /// The address of the login.
    public let url: String
    /// The same: there is no other site.
    public var place: String { url }
    /// None yet, where a login by the recipe can be told of some.
    public var passesThrough: [String]? { phase == .login && recipe.canSignOn ? [] : nil }

    let phase: RecipePhase
    let exchanges: [Exchange]
    let inputs: RecipeInputs
    let syntax: URLSyntax
    let clock: Clock
    /// The address of the login, redirects followed.
    private(set) var loginURL: String
    var jar: CookieJar
    /// What answers have changed in the jar, one after the other.
    private(set) var changes: [JarChange] = []
    /// The URL of the page seen last.
    var page: String
    /// The form that was found, and the reference its URLs start from.
    var form: (fields: HTMLForms.Form, base: String?)?
    /// What has been taken of the answers.
    var taken = Taken()
    private var index = 0
    private var redirects = 0
    /// The request that waits for its answer, without cookies.
    private var sent: HTTPRequest?

    /// What has been taken of the answers.
    struct Taken: Sendable {
        var access: SecretBytes?
        var scheme = ""
        var refresh: SecretBytes?
        var expiresIn: Double?
        var sessionCookie: String?
        /// The cookie that is the refresh token.
        var refreshCookie: String?
        /// A token against cross-site requests.
        var csrf: SecretBytes?
        /// The recipe whose the session is, where it is not that of the run.
        var recipe: String?
    }

    /// A run that has not begun.
    /// - Parameters:
    ///   - phase: what for.
    ///   - recipe: the recipe.
    ///   - url: the address of the login, also for a renewal and a logout; the recipe's default path is filled in.
    ///   - inputs: what the recipe may need.
    ///   - jar: the session's cookies; empty for a login.
    ///   - syntax: how URLs are read.
    ///   - clock: the clock.
    public init(
        _ phase: RecipePhase, of recipe: Recipe, at url: String, inputs: RecipeInputs, jar: CookieJar,
        syntax: URLSyntax, clock: Clock
    ) {
        self.phase = phase
        self.recipe = recipe
        self.inputs = inputs
        self.jar = jar
        self.syntax = syntax
        self.clock = clock
        self.url = recipe.loginURL(for: url, syntax: syntax)
        loginURL = self.url
        page = self.url
        exchanges = recipe.exchanges(of: phase)
    }

    /// The first step.
    public mutating func begin() -> Step {
        guard let first = exchanges.first else {
            return phase == .logout ? .finished(loggedOut(.notOffered)) : .failed(.notOffered)
        }
        if let missing = RecipeInput.allCases.first(where: { needs($0) && !inputs.has($0) }) {
            return .failed(.needsInput(missing))
        }
        return step { run throws(RecipeFailure) in .request(run.send(try run.request(for: first))) }
    }

    /// The step after the answer to the last request.
    public mutating func receive(_ answer: HTTPResponse) -> Step {
        step { run throws(RecipeFailure) in try run.next(after: answer) }
    }

    private mutating func step(_ body: (inout RecipeRun) throws(RecipeFailure) -> Step) -> Step {
        do {
            return try body(&self)
        } catch {
            return .failed(error)
        }
    }

    private mutating func next(after answer: HTTPResponse) throws(RecipeFailure) -> Step {
        guard let request = sent, let target = syntax.parse(answer.url) else { throw .unreadableURL }
        sent = nil
        let change = jar.store(setCookie: answer.values(of: "set-cookie"), from: target, now: clock.wall())
        changes.append(change)
        let exchange = exchanges[index]
        guard let rule = exchange.rules.first(where: { applies($0, to: answer, change) }) else {
            return .request(send(try redirected(request, by: answer)))
        }
        switch rule.meaning {
        case .wrongPassword: throw .wrongPassword
        case .loginRefused: throw .loginRefused(answer.status)
        case .refreshRefused: throw .refreshRefused
        case .csrfRefused: throw .csrfRefused(shown(answer.url))
        case .alreadyOut: return .finished(loggedOut(.alreadyOut))
        case .noSuchLogout:
            index += 1
            guard index < exchanges.count else { return .finished(loggedOut(.noSuchLogout(shown(answer.url)))) }
            return .request(send(try self.request(for: exchanges[index])))
        case .logoutRefused: return .finished(loggedOut(.refused(answer.status, shown(answer.url))))
        case .proceed: break
        }
        try take(exchange.captures, of: answer, change)
        page = answer.url
        // The exchanges of a logout are places to try: the first that exists has done it.
        if phase == .logout { return .finished(grant(answer)) }
        index += 1
        guard index < exchanges.count else { return .finished(grant(answer)) }
        return .request(send(try self.request(for: exchanges[index])))
    }

    /// The same request where a redirect leads; only GET goes anywhere, a body goes where the server asks for that very
    /// request again (307, 308) or only for a `/` at the end of the path.
    private mutating func redirected(
        _ request: HTTPRequest, by answer: HTTPResponse
    ) throws(RecipeFailure) -> HTTPRequest {
        if answer.status == 429 || answer.status == 503 { throw .retryLater(seconds: Self.retryAfter(answer, clock)) }
        let unexpected = RecipeFailure.unexpectedStatus(answer.status, shown(answer.url))
        guard [301, 302, 303, 307, 308].contains(answer.status), let url = location(of: answer),
            let old = syntax.parse(answer.url), let new = syntax.parse(url)
        else { throw unexpected }
        let keepsBody = answer.status == 307 || answer.status == 308 || new.path == old.path + "/"
        guard request.method == "GET" || keepsBody else { throw unexpected }
        try check(new)
        redirects += 1
        guard redirects <= Self.mostRedirects else { throw .tooManyRedirects }
        // Without the query, in which `?next=` says where one came from.
        if case .login = exchanges[index].address { loginURL = new.origin + new.path }
        var request = request
        request.url = url
        return request
    }

    /// Adds the cookies as they are now, and waits for the answer.
    private mutating func send(_ request: HTTPRequest) -> HTTPRequest {
        sent = request
        var request = request
        if let target = syntax.parse(request.url),
            let cookies = jar.cookieLine(for: target, now: clock.wall()).value
        {
            request.headers.append(HTTPHeader(name: "Cookie", value: cookies))
        }
        return request
    }

    /// Whether the phase cannot do without `input`.
    private func needs(_ input: RecipeInput) -> Bool {
        input != .clientID && exchanges.contains { $0.needs(input) }
    }

    private func loggedOut(_ result: LogoutResult) -> Grant {
        var grant = Grant(jar: jar)
        grant.told = result
        return grant
    }
}

/// URLs.
extension RecipeRun {
    /// Refuses a target that is not on the origin of the login: it would get the password, a token or cookies.
    func check(_ target: RequestTarget) throws(RecipeFailure) {
        guard let login = syntax.parse(url) else { throw .unreadableURL }
        guard target.origin == login.origin else { throw .leftOrigin(target.origin) }
    }

    /// Where an answer's Location leads; nil where it has none, or one that cannot be read.
    func location(of answer: HTTPResponse) -> String? {
        answer.text(of: "location").flatMap { syntax.resolve($0, answer.url) }
    }

    /// A URL as messages show it: without query and fragment, which may hold what is nobody's business.
    func shown(_ url: String) -> String {
        syntax.parse(url).map { $0.origin + $0.path } ?? ""
    }
}
