import Model

/// Finds the authorization server of a place, and what it says about itself.
public struct MetadataRun: OAuthRun {
    /// Where to begin.
    public enum Start: Sendable {
        /// At the resource metadata that a challenge of `url` named (RFC 9728, 5.1).
        case resourceMetadata(String, of: String)
        /// At the well-known place for the resource metadata of `url`.
        case resource(String)
        /// At an issuer.
        case issuer(String)
    }

    /// What was found.
    public struct Outcome: Sendable {
        /// The server.
        public var server: AuthorizationServer
        /// The resource; nil where the issuer itself was asked for.
        public var resource: ProtectedResource?
    }

    private let start: Start
    private let syntax: URLSyntax
    private var resource: ProtectedResource?
    private var issuer = ""
    /// Where the issuer's metadata may still be.
    private var places: [String] = []

    /// A run that has not begun.
    public init(_ start: Start, syntax: URLSyntax) {
        self.start = start
        self.syntax = syntax
    }

    /// The first step.
    public mutating func begin() -> OAuthStep<Outcome> {
        switch start {
        case .issuer(let issuer): return ask(issuer)
        case .resourceMetadata(let url, let resource):
            guard TransportRule(for: resource, syntax).allows(url) else {
                return .failed(.insecure("resource_metadata"))
            }
            return .request(Self.get(url))
        case .resource(let url):
            guard let place = ProtectedResource.wellKnown("oauth-protected-resource", of: url, syntax) else {
                return .failed(.noMetadata(url))
            }
            return .request(Self.get(place))
        }
    }

    /// The step after the answer to the last request.
    public mutating func receive(_ answer: HTTPResponse) -> OAuthStep<Outcome> {
        let found: OAuthStep<Outcome>
        do throws(OAuthFailure) {
            found = issuer.isEmpty ? try receiveResource(answer) : try receiveServer(answer)
        } catch {
            return .failed(error)
        }
        return found
    }

    /// What the person asked for.
    private var asked: String {
        switch start {
        case .resourceMetadata(_, let url), .resource(let url), .issuer(let url): url
        }
    }

    private mutating func receiveResource(_ answer: HTTPResponse) throws(OAuthFailure) -> OAuthStep<Outcome> {
        guard answer.status == 200 else { throw answer.status == 404 ? .noMetadata(answer.place) : answer.failure }
        let found = try ProtectedResource.read(answer.object(), askedFor: asked, at: answer.url, syntax)
        resource = found
        // RFC 9728 leaves the choice to the client; the first is the one the resource thinks of first.
        return ask(found.authorizationServers[0])
    }

    private mutating func receiveServer(_ answer: HTTPResponse) throws(OAuthFailure) -> OAuthStep<Outcome> {
        guard answer.status == 200 else {
            if answer.status == 429 || answer.status >= 500 { throw answer.failure }
            return next()
        }
        // A page that is there for every address is no document.
        guard let object = try? answer.object() else { return next() }
        let server = try AuthorizationServer.read(object, askedFor: issuer, syntax)
        return .finished(Outcome(server: server, resource: resource))
    }

    private mutating func ask(_ issuer: String) -> OAuthStep<Outcome> {
        self.issuer = issuer
        // A resource elsewhere does not send us to services of this machine.
        guard TransportRule(for: asked, syntax).allows(issuer), let target = syntax.parse(issuer) else {
            return .failed(.insecure("issuer"))
        }
        let path = target.path.hasSuffix("/") ? String(target.path.dropLast()) : target.path
        places = [
            "/.well-known/oauth-authorization-server" + path,
            // OpenID Connect Discovery appends where RFC 8414 inserts.
            path + "/.well-known/openid-configuration",
        ]
        if !path.isEmpty { places.append("/.well-known/openid-configuration" + path) }
        places = places.map { target.origin + $0 }
        return next()
    }

    private mutating func next() -> OAuthStep<Outcome> {
        guard !places.isEmpty else { return .failed(.noMetadata(issuer)) }
        return .request(Self.get(places.removeFirst()))
    }

    private static func get(_ url: String) -> HTTPRequest {
        HTTPRequest(method: "GET", url: url, headers: [HTTPHeader("Accept", "application/json")])
    }
}
