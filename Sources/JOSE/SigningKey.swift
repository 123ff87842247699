internal import Crypto
internal import CryptoExtras
import Model

/// What a signature is made with. The library keeps the numbers in memory that it zeroes.
enum SigningKey: Sendable {
    case rsa(_RSA.Signing.PrivateKey)
    case p256(P256.Signing.PrivateKey)
    case p384(P384.Signing.PrivateKey)
    case p521(P521.Signing.PrivateKey)
    case ed25519(Curve25519.Signing.PrivateKey)
    case secret(SecretBytes)

    /// A number that makes a point on a curve; nil where it is out of range.
    init?(_ type: JWK.KeyType, d: SecretBytes) {
        do {
            switch type {
            case .p256: self = .p256(try P256.Signing.PrivateKey(rawRepresentation: Lent(d)))
            case .p384: self = .p384(try P384.Signing.PrivateKey(rawRepresentation: Lent(d)))
            case .p521: self = .p521(try P521.Signing.PrivateKey(rawRepresentation: Lent(d)))
            case .rsa, .ed25519, .secret: return nil
            }
        } catch { return nil }
    }

    /// The point that belongs to it.
    var publicPoint: [UInt8]? {
        switch self {
        case .p256(let key): Array(key.publicKey.x963Representation)
        case .p384(let key): Array(key.publicKey.x963Representation)
        case .p521(let key): Array(key.publicKey.x963Representation)
        case .rsa, .ed25519, .secret: nil
        }
    }

    /// The signature of `input`; nil where key and algorithm do not fit or the library fails.
    func signature(of input: SecretBytes, _ algorithm: JWSAlgorithm) -> SecretBytes? {
        switch (self, algorithm) {
        case (.secret(let key), .hs256), (.secret(let key), .hs384), (.secret(let key), .hs512):
            return MAC.of(input, key, algorithm.hash)
        case (.rsa(let key), _): return Self.sign(key, input, algorithm)
        case (.p256(let key), .es256):
            return (try? key.signature(for: Hash.digest(SHA256.self, input))).map { SecretBytes($0.rawRepresentation) }
        case (.p384(let key), .es384):
            return (try? key.signature(for: Hash.digest(SHA384.self, input))).map { SecretBytes($0.rawRepresentation) }
        case (.p521(let key), .es512):
            return (try? key.signature(for: Hash.digest(SHA512.self, input))).map { SecretBytes($0.rawRepresentation) }
        case (.ed25519(let key), .edDSA):
            return unsafe input.lend { unsafe try? key.signature(for: $0) }.map { SecretBytes($0) }
        default: return nil
        }
    }

    private static func sign(
        _ key: _RSA.Signing.PrivateKey, _ input: SecretBytes, _ algorithm: JWSAlgorithm
    ) -> SecretBytes? {
        guard let padding = algorithm.padding else { return nil }
        let signature =
            switch algorithm.hash {
            case .sha256: try? key.signature(for: Hash.digest(SHA256.self, input), padding: padding)
            case .sha384: try? key.signature(for: Hash.digest(SHA384.self, input), padding: padding)
            case .sha512: try? key.signature(for: Hash.digest(SHA512.self, input), padding: padding)
            }
        return signature.map { SecretBytes($0.rawRepresentation) }
    }
}
