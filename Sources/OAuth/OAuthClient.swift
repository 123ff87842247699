import JOSE
import Model

/// Lanyard as a client of one server.
public struct OAuthClient: Sendable {
    /// The client's id there.
    public var id: String
    /// How it shows who it is.
    public var authentication: ClientAuthentication
    /// Where it can be deleted (RFC 7592); nil where Lanyard did not register it, or the server offers no such thing.
    public var management: Management?

    /// A client.
    public init(id: String, authentication: ClientAuthentication = .none, management: Management? = nil) {
        self.id = id
        self.authentication = authentication
        self.management = management
    }

    /// The client configuration endpoint (RFC 7592, 2), and the token for it.
    public struct Management: Sendable {
        /// The client's own URL.
        public var uri: String
        /// What opens it.
        public var token: SecretBytes

        /// A place and its token.
        public init(uri: String, token: SecretBytes) {
            self.uri = uri
            self.token = token
        }
    }
}

/// How a client authenticates at the token endpoint (RFC 6749, 2.3; the names of RFC 7591, 2).
public enum ClientAuthentication: Sendable {
    /// Not at all: a public client, which names itself (RFC 6749, 3.2.1).
    case none
    /// `client_secret_basic`.
    case basic(SecretBytes)
    /// `client_secret_post`.
    case post(SecretBytes)

    /// The method that `server` takes for a client with this secret; Basic, where it does not say (RFC 8414, 2).
    public static func method(for secret: SecretBytes, at server: AuthorizationServer) -> ClientAuthentication {
        guard let methods = server.authenticationMethods, !methods.contains("client_secret_basic"),
            methods.contains("client_secret_post")
        else { return .basic(secret) }
        return .post(secret)
    }

    /// The method's name; what the store keeps.
    public var name: String {
        switch self {
        case .none: "none"
        case .basic: "client_secret_basic"
        case .post: "client_secret_post"
        }
    }

    /// The secret, where there is one.
    public var secret: SecretBytes? {
        switch self {
        case .none: nil
        case .basic(let secret), .post(let secret): secret
        }
    }

    /// The method of this name with this secret; nil where the two do not go together.
    public init?(name: String, secret: SecretBytes?) {
        switch (name, secret) {
        case ("none", nil): self = .none
        case ("client_secret_basic", let secret?): self = .basic(secret)
        case ("client_secret_post", let secret?): self = .post(secret)
        default: return nil
        }
    }
}

extension OAuthClient {
    /// A request of this client with these fields.
    func request(to url: String, _ fields: [(name: String, value: SecretBytes)]) -> HTTPRequest {
        switch authentication {
        case .none: return .form(to: url, fields + [("client_id", SecretBytes(id))])
        case .post(let secret):
            return .form(to: url, fields + [("client_id", SecretBytes(id)), ("client_secret", secret)])
        case .basic(let secret):
            var request = HTTPRequest.form(to: url, fields)
            request.headers.append(HTTPHeader(name: "Authorization", value: Self.basic(id, secret)))
            return request
        }
    }

    /// The value of an Authorization field: both parts are form-encoded before they are put together (RFC 6749, 2.3.1).
    static func basic(_ id: String, _ secret: SecretBytes) -> SecretBytes {
        var pair = SecretBuffer()
        pair.append(FormEncoding.encode(SecretBytes(id)))
        pair.append(UInt8(ascii: ":"))
        pair.append(FormEncoding.encode(secret))
        var field = SecretBuffer()
        field.append("Basic ")
        field.append(Base64.encode(pair.take(), .standard))
        return field.take()
    }
}
