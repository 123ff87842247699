import Model

/// How a site logs in, as far as it says so itself.
public struct Discovery: Sendable {
    /// The recipe.
    public let recipe: Recipe
    /// The address of the login.
    public let loginURL: String

    /// A protected resource whose challenge named its metadata (RFC 9728, 5.1).
    public struct Resource: Sendable {
        /// The URL that was asked.
        public let url: String
        /// Where its metadata are.
        public let metadata: String
        /// The scopes that the challenge asks for (RFC 6750, 3).
        public let scopes: [String]

        /// What the challenges of an answer name; nil where none names metadata.
        public init?(_ answer: HTTPResponse) {
            guard answer.status == 401 else { return nil }
            let challenges = HTTPChallenge.parse(answer.values(of: "www-authenticate"))
            guard
                let found = challenges.first(where: { challenge in
                    challenge.scheme.equalsIgnoringCase("bearer") && challenge.parameters["resource_metadata"] != nil
                }), let metadata = found.parameters["resource_metadata"]
            else { return nil }
            url = answer.url
            self.metadata = metadata
            scopes = found.parameters["scope"]?.split(separator: " ").map(String.init) ?? []
        }
    }
}

/// What a site answered while it was asked how it logs in; for the message when that cannot be told.
public struct Sighting: Sendable, Equatable {
    /// The URL that was asked, without query and fragment.
    public let url: String
    /// The answer's status.
    public let status: Int
    /// What was of note in it.
    public let finding: Finding

    /// What can be of note.
    public enum Finding: Sendable, Equatable {
        /// Nothing.
        case nothing
        /// A form with a password field that would put the password into a URL.
        case passwordInURL
        /// A password field that no form sends, but a script.
        case scriptedLogin
        /// A page of HTML without a form for a login.
        case page
        /// A challenge of this authentication scheme (RFC 9110, 11.6.1).
        case challenge(String)
        /// A redirect to this origin, which was not followed.
        case redirect(String)
    }
}

/// Finds out which recipe a URL wants, step by step, as ``RecipeRun`` does. It sends no credential and no cookie, stays
/// on the origin of the URL, and asks at most eight times.
public struct DiscoveryRun: Sendable {
    /// Most requests of a run.
    public static let mostRequests = 8

    /// What is to be done next.
    public enum Step: Sendable {
        /// Send this, and give the answer to ``DiscoveryRun/receive(_:)``.
        case request(HTTPRequest)
        /// This is how the site logs in.
        case found(Discovery)
        /// It names an authorization server.
        case resource(Discovery.Resource)
        /// It cannot be told; what was seen.
        case notFound([Sighting])
        /// No `http` or `https` URL.
        case failed(RecipeFailure)
    }

    /// A question to the site.
    private struct Probe: Hashable {
        /// GET, for a page with a form; OPTIONS, for what Django REST framework says of an endpoint; POST, with an
        /// empty object, for what it says to be missing.
        var method: String
        var url: String
        var isRedirected = false

        static func == (left: Probe, right: Probe) -> Bool { left.method == right.method && left.url == right.url }
        func hash(into hasher: inout Hasher) {
            hasher.combine(method)
            hasher.combine(url)
        }
    }

    private let url: String
    private let syntax: URLSyntax
    private let origin: String
    private var waiting: [Probe] = []
    private var asked: Set<Probe> = []
    private var last: Probe?
    private var sightings: [Sighting] = []

    /// A run that has not begun, for `url`.
    public init(at url: String, syntax: URLSyntax) {
        self.url = url
        self.syntax = syntax
        origin = syntax.parse(url)?.origin ?? ""
    }

    /// The first step.
    public mutating func begin() -> Step {
        guard !origin.isEmpty else { return .failed(.unreadableURL) }
        waiting = [Probe(method: "GET", url: url)]
        waiting += Self.usual.map { Probe(method: $0.method, url: origin + $0.path) }
        return ask()
    }

    /// The step after the answer to the last request.
    public mutating func receive(_ answer: HTTPResponse) -> Step {
        guard let probe = last else { return .notFound(sightings) }
        last = nil
        if let resource = Discovery.Resource(answer) { return .resource(resource) }
        if let target = redirect(answer) {
            follow(target, from: probe, answer)
            return ask()
        }
        if probe.method == "OPTIONS" {
            if let recipe = Self.recipe(describedBy: answer) { return found(recipe, probe) }
            note(answer, challenge(of: answer).map(Sighting.Finding.challenge) ?? .nothing)
            return ask()
        }
        if probe.method == "POST" {
            if Self.asksForCredentials(answer), let recipe = Recipe.named("drf") { return found(recipe, probe) }
            return ask()
        }
        return seen(answer, by: probe)
    }

    /// Where Django sites usually have what.
    private static let usual = [
        ("GET", "/accounts/login/"), ("OPTIONS", "/api/token/"), ("OPTIONS", "/api-token-auth/"),
    ]
    .map { (method: $0.0, path: $0.1) }

    /// The answer to a GET.
    private mutating func seen(_ answer: HTTPResponse, by probe: Probe) -> Step {
        if (200..<300).contains(answer.status), isOfType("text/html", answer) {
            let page = HTMLForms(answer.body)
            if let form = page.login, form.isPost,
                let recipe = Recipe.named(form.has("csrfmiddlewaretoken") ? "django" : "form")
            {
                return found(recipe, probe)
            }
            note(answer, page.login != nil ? .passwordInURL : page.hasLonePassword ? .scriptedLogin : .page)
            return ask()
        }
        let scheme = challenge(of: answer)
        note(answer, scheme.map(Sighting.Finding.challenge) ?? .nothing)
        // What is no page may be an endpoint that says what it is. An API's neighbours are endpoints rather than pages,
        // and its challenge hints at which.
        if scheme != nil || answer.status == 405 || isOfType("application/json", answer) {
            prefer { $0.method == "OPTIONS" }
        }
        if scheme?.equalsIgnoringCase("token") == true { prefer { $0.url.hasSuffix("/api-token-auth/") } }
        if probe.url == url || probe.isRedirected {
            waiting.insert(Probe(method: "OPTIONS", url: probe.url, isRedirected: probe.isRedirected), at: 0)
            // The person named an endpoint that takes nothing but a POST: an empty one logs nobody in.
            if answer.status == 405 {
                waiting.insert(Probe(method: "POST", url: probe.url, isRedirected: probe.isRedirected), at: 1)
            }
        }
        return ask()
    }

    private mutating func ask() -> Step {
        while let probe = waiting.first, asked.count < Self.mostRequests {
            waiting.removeFirst()
            guard asked.insert(probe).inserted else { continue }
            last = probe
            // A browsable API answers a browser in HTML, everybody else in JSON.
            let accept = probe.method == "GET" ? "text/html, application/json;q=0.9, */*;q=0.1" : "application/json"
            var request = HTTPRequest(method: probe.method, url: probe.url, headers: [HTTPHeader("Accept", accept)])
            if probe.method == "POST" {
                request.headers.append(HTTPHeader("Content-Type", "application/json"))
                request.body = SecretBytes("{}")
            }
            return .request(request)
        }
        return .notFound(sightings)
    }

    private mutating func prefer(_ isPreferred: (Probe) -> Bool) {
        waiting = waiting.filter(isPreferred) + waiting.filter { !isPreferred($0) }
    }

    /// A login's address is kept without the query that a redirect gave it: `?next=` says where one came from.
    private func found(_ recipe: Recipe, _ probe: Probe) -> Step {
        .found(Discovery(recipe: recipe, loginURL: probe.isRedirected ? shown(probe.url) : probe.url))
    }

    private func redirect(_ answer: HTTPResponse) -> String? {
        guard [301, 302, 303, 307, 308].contains(answer.status) else { return nil }
        return answer.text(of: "location").flatMap { syntax.resolve($0, answer.url) }
    }

    private mutating func follow(_ url: String, from probe: Probe, _ answer: HTTPResponse) {
        guard let target = syntax.parse(url), target.origin == origin else {
            return note(answer, syntax.parse(url).map { .redirect($0.origin) } ?? .nothing)
        }
        waiting.insert(Probe(method: probe.method, url: url, isRedirected: true), at: 0)
    }

    private mutating func note(_ answer: HTTPResponse, _ finding: Sighting.Finding) {
        sightings.append(Sighting(url: shown(answer.url), status: answer.status, finding: finding))
    }

    private func shown(_ url: String) -> String { syntax.parse(url).map { $0.origin + $0.path } ?? "" }
}

/// What answers say.
extension DiscoveryRun {
    /// Whether an answer is of this media type, whatever its parameters.
    private func isOfType(_ type: String, _ answer: HTTPResponse) -> Bool {
        guard let text = answer.text(of: "content-type") else { return false }
        return String(text.prefix { $0 != ";" && $0 != " " }).equalsIgnoringCase(type)
    }

    /// The scheme of the first challenge; nil where there is none.
    private func challenge(of answer: HTTPResponse) -> String? {
        guard answer.status == 401, let text = answer.text(of: "www-authenticate") else { return nil }
        let scheme = String(text.prefix { $0 != " " && $0 != "," })
        return scheme.isToken ? scheme : nil
    }

    /// Whether an answer says as Django REST framework does that user name and password are missing: a list of reasons
    /// under each name.
    private static func asksForCredentials(_ answer: HTTPResponse) -> Bool {
        guard answer.status == 400, let document = try? JSONDocument(answer.body) else { return false }
        return ["username", "password"].allSatisfy { name in
            document.root[name]?.elements?.contains { $0.string != nil } ?? false
        }
    }

    /// The recipe for an endpoint that Django REST framework describes (its `SimpleMetadata`): by the name of the view
    /// or, where a site has its own, by what comes back.
    private static func recipe(describedBy answer: HTTPResponse) -> Recipe? {
        guard answer.status == 200, let document = try? JSONDocument(answer.body),
            let name = document.root["name"]?.string
        else { return nil }
        if name.hasSuffix("Token Obtain Pair") { return .named("simplejwt") }
        if name.hasSuffix("Obtain Auth Token") { return .named("drf-token") }
        guard let fields = document.root["actions"]?["POST"], fields["username"] != nil, fields["password"] != nil
        else { return nil }
        // dj-rest-auth, which gives what the site has chosen.
        if name.hasSuffix("Login"), fields["email"] != nil { return .named("drf") }
        guard let token = fields["token"] ?? fields["auth_token"] ?? fields["key"],
            token["read_only"]?.bool == true
        else { return nil }
        return .named("drf-token")
    }
}
