internal import Crypto
import Model

/// The hash functions that JOSE uses (FIPS 180-4).
package enum Hash: Sendable {
    case sha256, sha384, sha512

    /// How many bytes a hash has.
    var length: Int {
        switch self {
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }

    /// The hash of `bytes`.
    func of(_ bytes: SecretBytes) -> SecretBytes {
        switch self {
        case .sha256: Self.secret(Self.digest(SHA256.self, bytes))
        case .sha384: Self.secret(Self.digest(SHA384.self, bytes))
        case .sha512: Self.secret(Self.digest(SHA512.self, bytes))
        }
    }

    /// The hash of `bytes` in hexadecimal digits, as sha256sum(1) prints it: of what is no secret.
    package func digits(of bytes: SecretBytes) -> String {
        of(bytes).withBytes { hash in
            var digits = ""
            for index in hash.indices {
                digits += (hash[index] < 16 ? "0" : "") + String(hash[index], radix: 16)
            }
            return digits
        }
    }

    /// The hash as the library's signatures take it.
    static func digest<H: HashFunction>(_ function: H.Type, _ bytes: SecretBytes) -> H.Digest {
        var hash = H()
        // The library reads the bytes before it returns.
        unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
        return hash.finalize()
    }

    private static func secret(_ digest: some Digest) -> SecretBytes { SecretBytes(Array(digest)) }
}
