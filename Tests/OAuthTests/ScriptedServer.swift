import Model
import OAuth
import Transfer

/// The time of the recorded answers: Tue, 24 Nov 2026 05:47:11 GMT.
let now = WallInstant(seconds: 1_795_499_231)

/// A clock that stands still 5 s after each request's start.
let clock = Clock(wall: { now }, boot: { BootInstant(nanoseconds: 105_000_000_000) })

/// An answer as a server gives it.
struct Answer: Sendable {
    var status: Int
    var body = ""
    var headers: [(String, String)] = []

    init(_ status: Int, _ body: String = "", _ headers: [(String, String)] = []) {
        self.status = status
        self.body = body
        self.headers = headers
    }

    func response(to request: HTTPRequest) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: headers.map { HTTPHeader($0.0, $0.1) }, body: SecretBytes(body), url: request.url,
            started: BootInstant(nanoseconds: 100_000_000_000))
    }
}

/// How a scripted run ended.
struct Ending<Outcome: Sendable> {
    /// `METHOD URL`, and the body behind a blank.
    var sent: [String] = []
    var authorization: [String?] = []
    var waits: [Double] = []
    var outcome: Outcome?
    var failure: OAuthFailure?
}

/// Runs a machine against answers in their order.
func play<Run: OAuthRun>(_ run: Run, _ answers: [Answer]) -> Ending<Run.Outcome> {
    var run = run
    var ending = Ending<Run.Outcome>()
    var rest = answers[...]
    var step = run.begin()
    while true {
        switch step {
        case .finished(let outcome):
            ending.outcome = outcome
            return ending
        case .failed(let failure):
            ending.failure = failure
            return ending
        case .wait(let seconds):
            ending.waits.append(seconds)
            step = run.begin()
        case .request(let request):
            let body = request.body?.exposedText().map { " " + $0 } ?? ""
            ending.sent.append("\(request.method) \(request.url)\(body)")
            ending.authorization.append(request.headers.first { $0.isNamed("authorization") }?.value.exposedText())
            guard let answer = rest.popFirst() else { return ending }
            step = run.receive(answer.response(to: request))
        }
    }
}

/// A server that offers everything.
func server(_ change: (inout AuthorizationServer) -> Void = { _ in }) -> AuthorizationServer {
    var server = AuthorizationServer(issuer: "https://id.example")
    server.authorizationEndpoint = "https://id.example/authorize"
    server.tokenEndpoint = "https://id.example/token"
    server.registrationEndpoint = "https://id.example/register"
    server.deviceAuthorizationEndpoint = "https://id.example/device"
    change(&server)
    return server
}

let publicClient = OAuthClient(id: "c1")

/// The fields of a form or a query.
func fields(_ text: some StringProtocol) -> [String: String] {
    let decoded = FormEncoding.decode(SecretBytes(String(text))) ?? []
    return Dictionary(decoded.map { ($0.name, $0.value.exposedText() ?? "") }) { first, _ in first }
}
