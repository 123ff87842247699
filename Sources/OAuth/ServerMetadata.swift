import Model

/// What an authorization server says about itself (RFC 8414, 2; OpenID Connect Discovery 1.0, 3).
public struct AuthorizationServer: Sendable, Equatable {
    /// Its name: an https URL without query and fragment; tokens and answers are compared with it as it stands.
    public var issuer: String
    /// Where the person is sent with the browser.
    public var authorizationEndpoint: String?
    /// Where grants are turned into tokens.
    public var tokenEndpoint: String?
    /// Where clients register (RFC 7591).
    public var registrationEndpoint: String?
    /// Where tokens are revoked (RFC 7009).
    public var revocationEndpoint: String?
    /// Where the device flow begins (RFC 8628).
    public var deviceAuthorizationEndpoint: String?
    /// Where the provider's own session ends (OpenID Connect RP-Initiated Logout 1.0).
    public var endSessionEndpoint: String?
    /// Where the account's claims are (OpenID Connect Core, 5.3).
    public var userinfoEndpoint: String?
    /// Where its keys are.
    public var jwksURI: String?
    /// The scopes it tells of.
    public var scopes: [String]
    /// The grant types it takes; nil where it does not say.
    public var grantTypes: [String]?
    /// How clients may authenticate at the token endpoint; nil where it does not say.
    public var authenticationMethods: [String]?
    /// How clients may authenticate where tokens are revoked; nil where it does not say.
    public var revocationMethods: [String]?
    /// The PKCE methods it knows; nil where it does not say.
    public var challengeMethods: [String]?
    /// It promises `iss` in authorization answers (RFC 9207, 3).
    public var namesIssuer: Bool
    /// The algorithms it signs ID tokens with; nil where it does not say.
    public var idTokenAlgorithms: [String]?

    /// A server that has only a name so far.
    public init(issuer: String) {
        self.issuer = issuer
        scopes = []
        namesIssuer = false
    }

    /// Whether it takes the grant type; one that does not say so is asked (RFC 8414, 2).
    public func takes(_ grantType: String) -> Bool { grantTypes?.contains(grantType) ?? true }

    /// Reads a metadata document.
    /// - Parameter asked: the issuer it was asked for, which has to be the one it names, byte by byte; only the lone `/`
    ///   that a URL without a path may have makes no difference (RFC 3986, 6.2.3).
    static func read(
        _ object: JSONValue, askedFor asked: String, _ syntax: URLSyntax
    ) throws(OAuthFailure) -> AuthorizationServer {
        guard let issuer = object["issuer"]?.string else { throw .missingMember("issuer") }
        guard isSame(issuer, asked, syntax) else { throw .wrongIssuer(asked: asked, found: issuer) }
        let rule = TransportRule(for: issuer, syntax)
        guard rule.allows(issuer) else { throw .insecure("issuer") }
        func endpoint(_ name: String) throws(OAuthFailure) -> String? {
            guard let url = object[name]?.string else { return nil }
            guard rule.allows(url) else { throw .insecure(name) }
            return url
        }
        func list(_ name: String) -> [String]? { object[name]?.elements.map { $0.compactMap(\.string) } }
        var server = AuthorizationServer(issuer: issuer)
        server.authorizationEndpoint = try endpoint("authorization_endpoint")
        server.tokenEndpoint = try endpoint("token_endpoint")
        server.registrationEndpoint = try endpoint("registration_endpoint")
        server.revocationEndpoint = try endpoint("revocation_endpoint")
        server.deviceAuthorizationEndpoint = try endpoint("device_authorization_endpoint")
        server.endSessionEndpoint = try endpoint("end_session_endpoint")
        server.userinfoEndpoint = try endpoint("userinfo_endpoint")
        server.jwksURI = try endpoint("jwks_uri")
        server.scopes = list("scopes_supported") ?? []
        server.grantTypes = list("grant_types_supported")
        server.authenticationMethods = list("token_endpoint_auth_methods_supported")
        server.revocationMethods = list("revocation_endpoint_auth_methods_supported")
        server.challengeMethods = list("code_challenge_methods_supported")
        server.namesIssuer = object["authorization_response_iss_parameter_supported"]?.bool ?? false
        server.idTokenAlgorithms = list("id_token_signing_alg_values_supported")
        return server
    }

    /// Whether two identifiers are the same.
    static func isSame(_ one: String, _ other: String, _ syntax: URLSyntax) -> Bool {
        one.hasSameBytes(as: other) || (bare(one, syntax).map { $0 == bare(other, syntax) } ?? false)
    }

    /// The origin, where the URL is no more than that.
    private static func bare(_ url: String, _ syntax: URLSyntax) -> String? {
        guard let target = syntax.parse(url), target.path == "/", !url.contains("?"), !url.contains("#") else {
            return nil
        }
        return target.origin
    }
}

/// What a protected resource says about itself (RFC 9728, 2).
public struct ProtectedResource: Sendable, Equatable {
    /// Its name, a URL.
    public var resource: String
    /// The issuers that give tokens for it.
    public var authorizationServers: [String]
    /// The scopes it asks for.
    public var scopes: [String]

    /// The place for a well-known document of `identifier`: between host and path (RFC 8414, 3.1; RFC 9728, 3.1).
    static func wellKnown(_ name: String, of identifier: String, _ syntax: URLSyntax) -> String? {
        guard let target = syntax.parse(identifier) else { return nil }
        let path = target.path.hasSuffix("/") ? String(target.path.dropLast()) : target.path
        return "\(target.origin)/.well-known/\(name)\(path)"
    }

    /// Reads a metadata document.
    /// - Parameters:
    ///   - asked: the URL whose challenge named the document, or that it was looked for at.
    ///   - place: the document's own URL.
    static func read(
        _ object: JSONValue, askedFor asked: String, at place: String, _ syntax: URLSyntax
    ) throws(OAuthFailure) -> ProtectedResource {
        guard let resource = object["resource"]?.string else { throw .missingMember("resource") }
        guard AuthorizationServer.isSame(resource, asked, syntax) || contains(resource, asked, place, syntax) else {
            throw .wrongResource(asked: asked, found: resource)
        }
        let servers = object["authorization_servers"]?.elements?.compactMap(\.string) ?? []
        guard !servers.isEmpty else { throw .noAuthorizationServer(resource) }
        return ProtectedResource(
            resource: resource, authorizationServers: servers,
            scopes: object["scopes_supported"]?.elements?.compactMap(\.string) ?? [])
    }

    /// Whether the document stands at the well-known place of `resource`, within which `asked` lies: then it is the one
    /// that would have been found by asking for `resource` itself (RFC 9728, 3.3, first rule).
    private static func contains(_ resource: String, _ asked: String, _ place: String, _ syntax: URLSyntax) -> Bool {
        guard let outer = syntax.parse(resource), let inner = syntax.parse(asked), outer.origin == inner.origin,
            wellKnown("oauth-protected-resource", of: resource, syntax) == place
        else { return false }
        let folder = outer.path.hasSuffix("/") ? outer.path : outer.path + "/"
        return inner.path == outer.path || inner.path.hasPrefix(folder)
    }
}
