import Cookies
import Model
import Recipes
import Transfer

/// The time of the recorded answers: Tue, 24 Nov 2026 05:47:11 GMT.
let now = WallInstant(seconds: 1_795_499_231)

/// A clock that stands still 5 s after each request's start.
let clock = Clock(wall: { now }, boot: { BootInstant(nanoseconds: 105_000_000_000) })

/// An answer as a site gives it.
struct Answer: Sendable {
    var status: Int
    var headers: [(String, String)] = []
    var body = ""

    static func json(_ status: Int, _ body: String, _ headers: [(String, String)] = []) -> Answer {
        Answer(status: status, headers: [("Content-Type", "application/json")] + headers, body: body)
    }

    static func html(_ body: String, _ headers: [(String, String)] = []) -> Answer {
        Answer(status: 200, headers: [("Content-Type", "text/html; charset=utf-8")] + headers, body: body)
    }

    static func redirect(_ location: String, _ headers: [(String, String)] = [], status: Int = 302) -> Answer {
        Answer(status: status, headers: [("Location", location)] + headers)
    }

    func response(to request: HTTPRequest) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: headers.map { HTTPHeader($0.0, $0.1) }, body: SecretBytes(body), url: request.url,
            started: BootInstant(nanoseconds: 100_000_000_000))
    }
}

/// A request as text, so that a test can say what it expects.
struct Sent: Equatable, CustomStringConvertible {
    var line: String
    var headers: [String: String]
    var body: String?

    init(_ request: HTTPRequest) {
        line = "\(request.method) \(request.url)"
        headers = Dictionary(request.headers.map { ($0.name, $0.value.exposedText() ?? "") }) { "\($0), \($1)" }
        body = request.body?.exposedText()
    }

    var description: String { "\(line) \(headers) \(body ?? "")" }
}

/// How a scripted run ended.
struct Ending {
    var sent: [Sent] = []
    var grant: Grant?
    var failure: RecipeFailure?

    var lines: [String] { sent.map(\.line) }
}

/// Runs a recipe against answers in their order.
func play(
    _ phase: RecipePhase, _ recipe: String, at url: String,
    inputs: RecipeInputs = RecipeInputs(user: "alice", password: SecretBytes("won der&+é")),
    jar: CookieJar = CookieJar(), _ answers: [Answer]
) -> Ending {
    guard let recipe = Recipe.named(recipe) else { return Ending() }
    return play(phase, recipe, at: url, inputs: inputs, jar: jar, answers)
}

/// The same for a recipe that is not built in.
func play(
    _ phase: RecipePhase, _ recipe: Recipe, at url: String, inputs: RecipeInputs, jar: CookieJar = CookieJar(),
    _ answers: [Answer]
) -> Ending {
    var ending = Ending()
    var run = RecipeRun(phase, of: recipe, at: url, inputs: inputs, jar: jar, syntax: .libcurl, clock: clock)
    var step = run.begin()
    var rest = answers[...]
    while true {
        switch step {
        case .finished(let grant):
            ending.grant = grant
            return ending
        case .failed(let failure):
            ending.failure = failure
            return ending
        case .request(let request):
            ending.sent.append(Sent(request))
            guard let answer = rest.popFirst() else { return ending }
            step = run.receive(answer.response(to: request))
        }
    }
}

/// A jar with cookies that `url` has set.
func jar(_ lines: [String], from url: String) -> CookieJar {
    var jar = CookieJar()
    guard let target = URLSyntax.libcurl.parse(url) else { return jar }
    jar.store(setCookie: lines.map { SecretBytes($0) }, from: target, now: now)
    return jar
}
