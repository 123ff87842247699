/// The signature algorithms that are known here (RFC 7518, 3.1; RFC 8037, 3.1). `none` is not among them.
public enum JWSAlgorithm: String, Sendable, CaseIterable {
    /// HMAC with SHA-2: only where the key is a secret that both sides have.
    case hs256 = "HS256"
    case hs384 = "HS384"
    case hs512 = "HS512"
    /// RSASSA-PKCS1-v1_5 with SHA-2.
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    /// RSASSA-PSS with SHA-2, and a salt as long as the hash.
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    /// ECDSA on P-256, P-384 and P-521, each with its SHA-2.
    case es256 = "ES256"
    case es384 = "ES384"
    case es512 = "ES512"
    /// EdDSA on Ed25519.
    case edDSA = "EdDSA"

    /// Those whose keys a server can publish: all but HMAC.
    public static let asymmetric = Set(allCases).subtracting([.hs256, .hs384, .hs512])

    /// The kind of key that the algorithm needs; there is one for each, so that no key serves under an algorithm it was
    /// not made for.
    var keyType: JWK.KeyType {
        switch self {
        case .hs256, .hs384, .hs512: .secret
        case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512: .rsa
        case .es256: .p256
        case .es384: .p384
        case .es512: .p521
        case .edDSA: .ed25519
        }
    }

    /// The hash in the algorithm's name, which `at_hash` uses too (OpenID Connect Core, 3.1.3.6); Ed25519's own is SHA-512.
    var hash: Hash {
        switch self {
        case .hs256, .rs256, .ps256, .es256: .sha256
        case .hs384, .rs384, .ps384, .es384: .sha384
        case .hs512, .rs512, .ps512, .es512, .edDSA: .sha512
        }
    }
}
