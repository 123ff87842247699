import EventLoop
import Model
import OAuth
import Prose
import Transfer

/// Joins OAuth's pure steps to Transfer: sends each request the machine asks for and hands it the answer. No redirect is
/// followed, no answer is larger than 1 MiB or later than 30 s, TLS is verified always: that is how Transfer is.
@LoopActor final class OAuthExchange {
    private let transfer: Transfer
    let syntax: URLSyntax
    let clock: Clock
    private let authorities: CertificateAuthorities?
    private let trace: ExchangeTrace?

    init(
        transfer: Transfer, syntax: URLSyntax, clock: Clock, trusting authorities: CertificateAuthorities? = nil,
        trace: ExchangeTrace? = nil
    ) {
        self.trace = trace
        self.authorities = authorities
        self.transfer = transfer
        self.syntax = syntax
        self.clock = clock
    }

    /// The same, with servers verified against `authorities`, and with each answer told.
    func trusting(_ authorities: CertificateAuthorities?, trace: ExchangeTrace? = nil) -> OAuthExchange {
        OAuthExchange(transfer: transfer, syntax: syntax, clock: clock, trusting: authorities, trace: trace)
    }

    /// Runs a machine to its end.
    /// - Parameters:
    ///   - server: whom it is about, for messages.
    ///   - session: the session it is for, for messages; nil before there is one.
    func run<Run: OAuthRun>(
        _ run: Run, at server: String, session: Session? = nil
    ) async -> Result<Run.Outcome, RecipeExchange.Failed> {
        var run = run
        var step = run.begin()
        while true {
            switch step {
            case .finished(let outcome): return .success(outcome)
            case .failed(let failure): return .failure(RecipeExchange.Failed(failure, server, session))
            case .wait(let seconds):
                do { try await sleep(for: seconds) } catch {
                    return .failure(RecipeExchange.Failed(failure: .loginGivenUp))
                }
                step = run.begin()
            case .request(let request):
                do { step = run.receive(try await send(request)) } catch {
                    guard error.mayPass, let next = run.resume() else {
                        return .failure(RecipeExchange.Failed(error, site(of: request.url), session))
                    }
                    step = next
                }
            }
        }
    }

    /// The answer to a plain GET.
    func get(_ url: String) async throws(Failure) -> HTTPResponse {
        let request = HTTPRequest(method: "GET", url: url, headers: [HTTPHeader("Accept", "application/json")])
        do { return try await send(request) } catch {
            throw RecipeExchange.Failed(error, site(of: url), nil).failure
        }
    }

    private func send(_ request: HTTPRequest) async throws(TransferFailure) -> HTTPResponse {
        let answer = try await transfer.send(request, trusting: authorities)
        trace?(answer.told(after: request.method))
        return answer
    }

    private func site(of url: String) -> String { syntax.parse(url)?.origin ?? Prose.printable(url) }
}

extension RecipeExchange.Failed {
    /// An exchange with an OAuth server that did not come to its end.
    init(_ failure: OAuthFailure, _ server: String, _ session: Session?) {
        let cause = Self.cause(failure)
        switch failure {
        case .refused, .codeExpired, .refreshRefused:
            self.init(failure: .oauthRefused(server, cause, session: session?.name), reachedServer: true)
        case .wrongIssuer, .wrongResource, .insecure, .noPKCE, .wrongState, .wrongAnswerIssuer, .wrongSubject,
            .redirected:
            self.init(failure: .oauthUnsafe(server, cause, session: session?.name), reachedServer: true)
        default: self.init(failure: .network(site: server, cause, session: session?.name), reachedServer: true)
        }
        switch failure {
        case .noMetadata, .notJSON, .missingMember, .redirected: foundNothing = true
        case .unexpectedStatus(let status, _): foundNothing = status < 500
        default: break
        }
        switch failure {
        case .refreshRefused: refusedRefresh = true
        case .refused(.invalidClient), .refused(.unauthorizedClient): refusedClient = true
        default: break
        }
        if case .retryLater(let seconds) = failure { retryAfter = seconds ?? RenewalTiming.firstBackoff }
    }

    private static func cause(_ failure: OAuthFailure) -> String {
        switch failure {
        case .refused(let error): words(error)
        case .refreshRefused: Prose.needsLogin(.refreshRefused)
        case .noMetadata: Prose.noOAuthMetadata
        case .wrongIssuer(_, let found): Prose.wrongIssuer(found)
        case .wrongResource(_, let found): Prose.wrongResource(found)
        case .noAuthorizationServer: Prose.noAuthorizationServer
        case .noEndpoint(let endpoint): Prose.noEndpoint(endpoint.rawValue)
        case .insecure(let name): Prose.insecureEndpoint(name)
        case .noPKCE: Prose.noPKCE
        case .wrongState: Prose.wrongState
        case .wrongAnswerIssuer: Prose.wrongAnswerIssuer
        case .wrongSubject: Prose.wrongSubject
        case .unreadableAnswer: Prose.unreadableAnswer
        case .codeExpired: Prose.codeExpired
        case .notJSON: Prose.notJSON
        case .missingMember(let name): Prose.missing(name)
        case .unexpectedStatus(let status, _): Prose.unexpected(status: status)
        case .redirected: Prose.redirectedEndpoint
        case .retryLater: Prose.busy
        case .unsupportedTokenType: Prose.unsupportedTokenType
        case .unacceptableToken: Prose.unacceptableToken
        }
    }

    private static func words(_ error: OAuthError) -> String {
        switch error {
        case .accessDenied: Prose.accessDenied
        case .invalidScope: Prose.invalidScope
        case .invalidClient, .unauthorizedClient: Prose.clientRefused
        case .invalidGrant: Prose.codeRefused
        case .invalidTarget: Prose.invalidTarget
        case .serverError, .temporarilyUnavailable: Prose.serverTrouble
        case .invalidRedirectURI, .invalidClientMetadata, .invalidSoftwareStatement, .unapprovedSoftwareStatement:
            Prose.registrationRefused
        default: Prose.oauthError(error.rawValue)
        }
    }
}
