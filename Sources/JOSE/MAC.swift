internal import Crypto
import Model

/// HMAC (RFC 2104).
enum MAC {
    /// The code of `input` under `key`. ``SecretBytes`` compares two of them in constant time.
    static func of(_ input: SecretBytes, _ key: SecretBytes, _ hash: Hash) -> SecretBytes {
        switch hash {
        case .sha256: code(SHA256.self, input, key)
        case .sha384: code(SHA384.self, input, key)
        case .sha512: code(SHA512.self, input, key)
        }
    }

    private static func code<H: HashFunction>(
        _ function: H.Type, _ input: SecretBytes, _ key: SecretBytes
    ) -> SecretBytes {
        // The library reads the bytes before it returns.
        let code = unsafe input.withUnsafeBytes { bytes in
            unsafe HMAC<H>.authenticationCode(
                for: bytes.assumingMemoryBound(to: UInt8.self), using: SymmetricKey(data: Lent(key)))
        }
        return SecretBytes(Array(code))
    }
}
