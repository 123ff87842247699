/// What a session sends. A cookie session's cookies are kept beside it, because they change one by one.
public enum Credential: Sendable {
    /// The cookies of its jar; the one that is the session itself, where that is known.
    case cookies(sessionCookie: String?)
    /// An opaque token in an Authorization field.
    case token(AccessToken)
    /// A token that carries data and an expiry (RFC 7519).
    case jwt(AccessToken)
    /// A user name and a password (RFC 7617).
    case basic(user: String, password: SecretBytes)
    /// A header field of its own: an API key.
    case header(name: String, value: SecretBytes)

    /// The kinds as scripts see them.
    public enum Kind: String, Sendable {
        case cookie, token, jwt, basic, header
    }

    /// The kind.
    public var kind: Kind {
        switch self {
        case .cookies: .cookie
        case .token: .token
        case .jwt: .jwt
        case .basic: .basic
        case .header: .header
        }
    }

    /// The access token of a token or JWT session.
    public var accessToken: AccessToken? {
        switch self {
        case .token(let token), .jwt(let token): token
        default: nil
        }
    }
}

/// A token that is sent with requests.
public struct AccessToken: Sendable {
    /// The authentication scheme before it: `Bearer`, `Token`.
    public var scheme: String
    /// The token.
    public var value: SecretBytes
    /// When it ends; nil where that is not known.
    public var expiry: Expiry?
    /// How many seconds it lived for when it was new; nil where that is not known.
    public var lifetime: Double?

    /// A token.
    public init(scheme: String, value: SecretBytes, expiry: Expiry? = nil, lifetime: Double? = nil) {
        self.scheme = scheme
        self.value = value
        self.expiry = expiry
        self.lifetime = lifetime
    }
}

/// What gets a new access token; it never leaves the daemon but by `--reveal` and export.
public struct RefreshToken: Sendable {
    /// The token.
    public var value: SecretBytes
    /// When it ends; nil where that is not known.
    public var expiry: Expiry?
    /// How many seconds it lived for when it was new; nil where that is not known.
    public var lifetime: Double?
    /// How often the server has replaced it.
    public var rotations: Int
    /// When that was last.
    public var lastRotation: WallInstant?

    /// A token as it comes from a login.
    public init(value: SecretBytes, expiry: Expiry? = nil, lifetime: Double? = nil) {
        self.value = value
        self.expiry = expiry
        self.lifetime = lifetime
        rotations = 0
        lastRotation = nil
    }
}

extension SecretBytes {
    /// Whether the bytes can stand in a header field (RFC 9110, 5.5): no CR, LF, NUL or other control character but
    /// tab, nothing that is not UTF-8, and at least one byte.
    public var isFieldValue: Bool {
        guard count > 0, !contains(where: { ($0 < 0x20 && $0 != 0x09) || $0 == 0x7F }) else { return false }
        return isUTF8
    }
}

extension String {
    /// Whether the text is a token of RFC 9110, 5.6.2: a method, a field's name, an authentication scheme.
    public var isToken: Bool {
        !isEmpty && utf8.count <= 256
            && utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
