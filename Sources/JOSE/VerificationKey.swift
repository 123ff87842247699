internal import Crypto
internal import CryptoExtras
import Model

/// What a signature is checked with.
enum VerificationKey: Sendable {
    case rsa(_RSA.Signing.PublicKey)
    case p256(P256.Signing.PublicKey)
    case p384(P384.Signing.PublicKey)
    case p521(P521.Signing.PublicKey)
    case ed25519(Curve25519.Signing.PublicKey)
    case secret(SecretBytes)

    /// A point on a curve; nil where it does not lie there.
    init?(_ type: JWK.KeyType, x: SecretBytes, y: SecretBytes) {
        var point = SecretBuffer(capacity: 1 + x.count + y.count)
        point.append(0x04)
        point.append(x)
        point.append(y)
        let bytes = Lent(point.take())
        do {
            switch type {
            case .p256: self = .p256(try P256.Signing.PublicKey(x963Representation: bytes))
            case .p384: self = .p384(try P384.Signing.PublicKey(x963Representation: bytes))
            case .p521: self = .p521(try P521.Signing.PublicKey(x963Representation: bytes))
            case .rsa, .ed25519, .secret: return nil
            }
        } catch { return nil }
    }

    /// The point of an elliptic curve's key.
    var publicPoint: [UInt8]? {
        switch self {
        case .p256(let key): Array(key.x963Representation)
        case .p384(let key): Array(key.x963Representation)
        case .p521(let key): Array(key.x963Representation)
        case .rsa, .ed25519, .secret: nil
        }
    }

    /// Whether `signature` is that of `input` under this key and `algorithm`, which fit together.
    func verifies(_ signature: SecretBytes, of input: SecretBytes, _ algorithm: JWSAlgorithm) -> Bool {
        switch (self, algorithm) {
        case (.secret(let key), .hs256), (.secret(let key), .hs384), (.secret(let key), .hs512):
            return MAC.of(input, key, algorithm.hash) == signature
        case (.rsa(let key), _): return Self.verify(key, signature, input, algorithm)
        case (.p256(let key), .es256):
            guard let given = try? P256.Signing.ECDSASignature(rawRepresentation: signature.given) else { return false }
            return key.isValidSignature(given, for: Hash.digest(SHA256.self, input))
        case (.p384(let key), .es384):
            guard let given = try? P384.Signing.ECDSASignature(rawRepresentation: signature.given) else { return false }
            return key.isValidSignature(given, for: Hash.digest(SHA384.self, input))
        case (.p521(let key), .es512):
            guard let given = try? P521.Signing.ECDSASignature(rawRepresentation: signature.given) else { return false }
            return key.isValidSignature(given, for: Hash.digest(SHA512.self, input))
        case (.ed25519(let key), .edDSA):
            return unsafe input.lend { unsafe key.isValidSignature(signature.given, for: $0) }
        default: return false
        }
    }

    private static func verify(
        _ key: _RSA.Signing.PublicKey, _ signature: SecretBytes, _ input: SecretBytes, _ algorithm: JWSAlgorithm
    ) -> Bool {
        let given = _RSA.Signing.RSASignature(rawRepresentation: signature.given)
        guard let padding = algorithm.padding else { return false }
        return switch algorithm.hash {
        case .sha256: key.isValidSignature(given, for: Hash.digest(SHA256.self, input), padding: padding)
        case .sha384: key.isValidSignature(given, for: Hash.digest(SHA384.self, input), padding: padding)
        case .sha512: key.isValidSignature(given, for: Hash.digest(SHA512.self, input), padding: padding)
        }
    }
}
