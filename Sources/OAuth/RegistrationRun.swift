import JOSE
import Model

/// Registers a client (RFC 7591, 3), or changes one that is registered (RFC 7592, 2.2).
public struct RegistrationRun: OAuthRun {
    /// The name people see at the server, where they give their consent.
    public static let clientName = "Lanyard"

    /// What the client is to be.
    public struct Wish: Sendable {
        /// Where the browser comes back to; empty for a client without a browser.
        public var redirectURIs: [String]
        /// What it asks for.
        public var grantTypes: [String]
        /// The scopes it may ask for; empty: what the server thinks right.
        public var scopes: [String]

        /// A wish.
        public init(redirectURIs: [String], grantTypes: [String], scopes: [String]) {
            self.redirectURIs = redirectURIs
            self.grantTypes = grantTypes
            self.scopes = scopes
        }
    }

    private let server: AuthorizationServer
    private let wish: Wish
    private let syntax: URLSyntax
    /// The client that is changed, and where; nil for a new one.
    private let changed: (client: OAuthClient, management: OAuthClient.Management)?

    /// A run that makes `client` into one as wished; it keeps its id.
    public init(
        changing client: OAuthClient, at management: OAuthClient.Management, of server: AuthorizationServer,
        _ wish: Wish, syntax: URLSyntax
    ) {
        changed = (client, management)
        self.server = server
        self.wish = wish
        self.syntax = syntax
    }

    /// A run that has not begun.
    public init(at server: AuthorizationServer, _ wish: Wish, syntax: URLSyntax) {
        changed = nil
        self.server = server
        self.wish = wish
        self.syntax = syntax
    }

    /// The first step.
    public mutating func begin() -> OAuthStep<OAuthClient> {
        guard let url = changed?.management.uri ?? server.registrationEndpoint else {
            return .failed(.noEndpoint(.registration))
        }
        var json = JSONWriter()
        json.object { json in
            if let client = changed?.client {
                json.member("client_id", client.id)
                if let secret = client.authentication.secret { json.member("client_secret", secret) }
            }
            json.member("client_name", Self.clientName)
            json.member("application_type", "native")
            json.member("redirect_uris", wish.redirectURIs)
            json.member("grant_types", wish.grantTypes)
            json.member("response_types", wish.grantTypes.contains("authorization_code") ? ["code"] : [])
            json.member("token_endpoint_auth_method", method)
            if !wish.scopes.isEmpty { json.member("scope", wish.scopes.joined(separator: " ")) }
        }
        var headers = [HTTPHeader("Accept", "application/json"), HTTPHeader("Content-Type", "application/json")]
        if let management = changed?.management { headers.append(management.authorization) }
        return .request(
            HTTPRequest(method: changed == nil ? "POST" : "PUT", url: url, headers: headers, body: json.finish()))
    }

    /// A program on a person's machine has no secret but one of this very registration (RFC 8252, 8.4). It is public,
    /// unless the server wants it otherwise, or says that a public client can revoke nothing.
    private var method: String {
        if let client = changed?.client { return client.authentication.name }
        let methods = server.authenticationMethods ?? ["none"]
        let canRevoke = server.revocationEndpoint == nil || server.revocationMethods?.contains("none") ?? true
        if methods.contains("none"), canRevoke { return "none" }
        let secret = ["client_secret_basic", "client_secret_post"].first(where: methods.contains)
        return secret ?? (methods.contains("none") ? "none" : "client_secret_basic")
    }

    /// The step after the answer.
    public mutating func receive(_ answer: HTTPResponse) -> OAuthStep<OAuthClient> {
        .of { () throws(OAuthFailure) in
            // 201 says the RFC, 200 say some.
            guard answer.status == 201 || answer.status == 200 else { throw answer.failure }
            let object = try answer.object()
            guard let id = object["client_id"]?.string, !id.isEmpty, id.utf8.count <= 1024 else {
                throw .missingMember("client_id")
            }
            guard let before = changed else {
                return .finished(
                    OAuthClient(id: id, authentication: authentication(object), management: management(object)))
            }
            guard id == before.client.id else { throw .missingMember("client_id") }
            // What the answer does not say again stays (RFC 7592, 3).
            return .finished(
                OAuthClient(
                    id: id,
                    authentication: object["client_secret"] == nil
                        ? before.client.authentication : authentication(object),
                    management: management(object) ?? before.management))
        }
    }

    private func authentication(_ object: JSONValue) -> ClientAuthentication {
        guard let secret = object["client_secret"]?.secret, secret.count > 0 else { return .none }
        switch object["token_endpoint_auth_method"]?.string {
        case "none": return .none
        case "client_secret_post": return .post(secret)
        case "client_secret_basic": return .basic(secret)
        default: return .method(for: secret, at: server)
        }
    }

    private func management(_ object: JSONValue) -> OAuthClient.Management? {
        guard let uri = object["registration_client_uri"]?.string,
            let token = object["registration_access_token"]?.secret,
            token.isFieldValue, TransportRule(for: server.issuer, syntax).allows(uri)
        else { return nil }
        return OAuthClient.Management(uri: uri, token: token)
    }
}

extension OAuthClient.Management {
    /// The field that opens the place.
    fileprivate var authorization: HTTPHeader {
        var field = SecretBuffer()
        field.append("Bearer ")
        field.append(token)
        return HTTPHeader(name: "Authorization", value: field.take())
    }
}

/// What came of deleting a client.
public enum ClientDeletion: Equatable, Sendable {
    /// It is not there any more.
    case deleted
    /// The server did not take the token: it was deleted before (RFC 7592, 2.3), or somebody has changed it since.
    case refusedToken
}

/// Deletes a client that was registered (RFC 7592, 2.3).
public struct DeletionRun: OAuthRun {
    private let management: OAuthClient.Management

    /// A run that has not begun.
    public init(_ management: OAuthClient.Management) { self.management = management }

    /// The first step.
    public mutating func begin() -> OAuthStep<ClientDeletion> {
        .request(HTTPRequest(method: "DELETE", url: management.uri, headers: [management.authorization]))
    }

    /// The step after the answer. A client that is not there counts as deleted.
    public mutating func receive(_ answer: HTTPResponse) -> OAuthStep<ClientDeletion> {
        switch answer.status {
        case 200..<300, 404, 410: .finished(.deleted)
        case 401: .finished(.refusedToken)
        default: .failed(answer.failure)
        }
    }
}
