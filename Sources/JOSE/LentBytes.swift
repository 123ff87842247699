internal import CryptoExtras
internal import FoundationEssentials
import Model

/// A secret, lent to the library without a copy.
struct Lent: ContiguousBytes {
    private let bytes: SecretBytes

    init(_ bytes: SecretBytes) { self.bytes = bytes }

    func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try unsafe bytes.withUnsafeBytes { try unsafe body($0) }
    }
}

extension JWSAlgorithm {
    /// How an RSA signature is padded; nil for other algorithms.
    var padding: _RSA.Signing.Padding? {
        switch self {
        case .rs256, .rs384, .rs512: .insecurePKCS1v1_5
        case .ps256, .ps384, .ps512: .PSS
        default: nil
        }
    }
}

extension SecretBytes {
    /// A signature as the library takes it: a copy, which is of no use without what was signed.
    var given: [UInt8] {
        withBytes { bytes in bytes.indices.map { bytes[$0] } }
    }

    /// Lends the bytes as the library's `DataProtocol`, without a copy.
    func lend<R>(_ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
        // The library reads the bytes before it returns.
        unsafe withUnsafeBytes { unsafe body($0.assumingMemoryBound(to: UInt8.self)) }
    }
}
