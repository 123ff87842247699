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
    /// The cookie of the session's jar that it is; nil for a token of its own. It is shown by renewals and a logout alone.
    public var cookie: String?

    /// A token as it comes from a login.
    public init(value: SecretBytes, expiry: Expiry? = nil, lifetime: Double? = nil, cookie: String? = nil) {
        self.cookie = cookie
        self.value = value
        self.expiry = expiry
        self.lifetime = lifetime
        rotations = 0
        lastRotation = nil
    }
}

extension SecretBytes {
    /// The longest field value, in bytes: twice that, escaped, and what stands around it fit into an answer to the
    /// preload library, which is 64 KiB.
    public static let longestFieldValue = 30 << 10

    /// Whether the bytes can stand in a header field (RFC 9110, 5.5): UTF-8 without CR, LF, NUL or another control
    /// character but tab, at least one byte and at most ``longestFieldValue``.
    public var isFieldValue: Bool {
        guard (1...Self.longestFieldValue).contains(count), isUTF8 else { return false }
        return withBytes { bytes in
            bytes.indices.allSatisfy { index in
                let byte = bytes[index]
                // U+0080–9F, control characters too, are C2 80–9F.
                if byte == 0xC2, index + 1 < bytes.count, bytes[index + 1] < 0xA0 { return false }
                return byte >= 0x20 && byte != 0x7F || byte == 0x09
            }
        }
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
