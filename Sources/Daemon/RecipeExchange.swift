import Cookies
import EventLoop
import Model
import Prose
import Recipes
import Transfer

/// Joins a recipe's pure steps to Transfer: sends each request the machine asks for and hands it the answer.
@LoopActor final class RecipeExchange {
    /// How a run ended badly.
    struct Failed: Error {
        /// For people.
        var failure: Failure
        /// The server no longer takes the refresh token.
        var refusedRefresh = false
        /// The server may have acted on a request.
        var reachedServer = false
        /// Seconds the server asked to wait.
        var retryAfter: Double?
    }

    private let transfer: Transfer
    let syntax: URLSyntax
    private let clock: Clock

    init(transfer: Transfer, syntax: URLSyntax, clock: Clock) {
        self.transfer = transfer
        self.syntax = syntax
        self.clock = clock
    }

    /// Runs one phase of a recipe to its end.
    /// - Parameter session: the session it is for, for messages; nil before there is one.
    func run(
        _ phase: RecipePhase, _ recipe: Recipe, at url: String, _ inputs: RecipeInputs, jar: CookieJar = CookieJar(),
        session: Session? = nil
    ) async -> Result<Grant, Failed> {
        var run = RecipeRun(phase, of: recipe, at: url, inputs: inputs, jar: jar, syntax: syntax, clock: clock)
        var step = run.begin()
        let site = site(of: url)
        while true {
            switch step {
            case .finished(let grant): return .success(grant)
            case .failed(let failure): return .failure(Failed(failure, site, inputs, session))
            case .request(let request):
                do { step = run.receive(try await transfer.send(request)) } catch {
                    return .failure(Failed(error, site, session))
                }
            }
        }
    }

    /// Finds out how the site at `url` logs in.
    func discover(_ url: String) async throws(Failure) -> Discovery {
        var run = DiscoveryRun(at: url, syntax: syntax)
        var step = run.begin()
        while true {
            switch step {
            case .found(let discovery): return discovery
            case .notFound(let seen): throw .noWayToLogIn(site(of: url), seen: seen.compactMap(Self.words))
            case .failed: throw .badURL(url)
            case .request(let request):
                do { step = run.receive(try await transfer.send(request)) } catch {
                    throw Failed(error, site(of: request.url), nil).failure
                }
            }
        }
    }

    private static func words(_ sighting: Sighting) -> String? {
        switch sighting.finding {
        case .nothing, .page: nil
        case .passwordForm: Prose.sawForm(at: sighting.url)
        case .challenge(let scheme): Prose.sawChallenge(scheme, at: sighting.url)
        case .redirect(let origin): Prose.sawRedirect(to: origin)
        }
    }

    /// Gets a document that everybody may read.
    func document(at url: String, limit: Int) async throws(Failure) -> HTTPResponse {
        let request = HTTPRequest(method: "GET", url: url, headers: [HTTPHeader("Accept", "application/json")])
        do { return try await transfer.send(request, limit: limit) } catch {
            throw Failed(error, site(of: url), nil).failure
        }
    }

    /// The parts of a URL that a person gave.
    func target(_ url: String) throws(Failure) -> RequestTarget {
        guard let target = syntax.parse(url) else { throw .badURL(url) }
        return target
    }

    /// The site of a URL as people call it.
    func site(of url: String) -> String {
        guard let target = syntax.parse(url) else { return Prose.printable(url) }
        let host = target.host.contains(":") ? "[\(target.host)]" : target.host
        return target.port == target.scheme.defaultPort ? host : "\(host):\(target.port)"
    }
}
