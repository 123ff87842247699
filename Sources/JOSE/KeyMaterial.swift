internal import Crypto
internal import CryptoExtras
import Model

/// The numbers of a key, read and checked (RFC 7518, 6; RFC 8037, 2).
struct KeyMaterial {
    let type: JWK.KeyType
    let publicMembers: [(name: String, value: String)]
    let verifier: VerificationKey
    let signer: SigningKey?

    /// Reads what `kty` says that there is. A private part that does not fit is an error, not a public key.
    init(_ json: JSONValue) throws(JWKFailure) {
        switch json["kty"]?.string {
        case "RSA": try self.init(rsa: json)
        case "EC": try self.init(curve: json)
        case "OKP": try self.init(edwards: json)
        case "oct":
            let secret = try json.keyBytes("k", upTo: Self.longestSecret)
            guard secret.count > 0 else { throw .member("k") }
            self.init(.secret, [], .secret(secret), .secret(secret))
        case let other: throw .unknownType(other ?? "")
        }
    }

    private init(
        _ type: JWK.KeyType, _ members: [(name: String, value: String)], _ verifier: VerificationKey,
        _ signer: SigningKey?
    ) {
        self.type = type
        publicMembers = members
        self.verifier = verifier
        self.signer = signer
    }

    /// More than any client secret; a longer HMAC key is hashed first and adds nothing.
    private static let longestSecret = 8192
    /// RFC 7518, 3.3.
    private static let smallestModulus = 2048
    /// Checking a signature under a larger one would keep the daemon busy for a server.
    private static let largestModulus = 8192

    private init(rsa json: JSONValue) throws(JWKFailure) {
        let modulus = try json.keyBytes("n", upTo: Self.largestModulus / 8 + 1).withoutLeadingZeros
        let exponent = try json.keyBytes("e", upTo: 8).withoutLeadingZeros
        let bits = modulus.bitCount
        guard (Self.smallestModulus...Self.largestModulus).contains(bits) else { throw .size(bits: bits) }
        guard exponent.bitCount > 1, let key = try? _RSA.Signing.PublicKey(n: Lent(modulus), e: Lent(exponent)) else {
            throw .member("e")
        }
        var signer: SigningKey?
        if json["d"] != nil {
            let (d, p, q) = (try json.keyBytes("d"), try json.keyBytes("p"), try json.keyBytes("q"))
            guard
                let key = try? _RSA.Signing.PrivateKey(
                    n: Lent(modulus), e: Lent(exponent), d: Lent(d), p: Lent(p), q: Lent(q))
            else { throw .member("d") }
            signer = .rsa(key)
        }
        self.init(
            .rsa, [("e", Self.text(exponent)), ("kty", "RSA"), ("n", Self.text(modulus))], .rsa(key), signer)
    }

    private init(curve json: JSONValue) throws(JWKFailure) {
        switch json["crv"]?.string {
        case "P-256": try self.init(curve: json, .p256, size: 32)
        case "P-384": try self.init(curve: json, .p384, size: 48)
        case "P-521": try self.init(curve: json, .p521, size: 66)
        case let other: throw .unknownType(other ?? "EC")
        }
    }

    private init(curve json: JSONValue, _ type: JWK.KeyType, size: Int) throws(JWKFailure) {
        // RFC 7518, 6.2.1.2: as long as the curve's field, leading zeros and all.
        let x = try json.keyBytes("x", exactly: size)
        let y = try json.keyBytes("y", exactly: size)
        guard let verifier = VerificationKey(type, x: x, y: y) else { throw .member("x") }
        var signer: SigningKey?
        if json["d"] != nil {
            let d = try json.keyBytes("d", exactly: size)
            guard let key = SigningKey(type, d: d), key.publicPoint == verifier.publicPoint else {
                throw .member("d")
            }
            signer = key
        }
        let curve = json["crv"]?.string ?? ""
        self.init(
            type, [("crv", curve), ("kty", "EC"), ("x", Self.text(x)), ("y", Self.text(y))], verifier, signer)
    }

    private init(edwards json: JSONValue) throws(JWKFailure) {
        guard json["crv"]?.string == "Ed25519" else { throw .unknownType(json["crv"]?.string ?? "OKP") }
        let x = try json.keyBytes("x", exactly: 32)
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: Lent(x)) else { throw .member("x") }
        var signer: SigningKey?
        if json["d"] != nil {
            let d = try json.keyBytes("d", exactly: 32)
            guard let own = try? Curve25519.Signing.PrivateKey(rawRepresentation: Lent(d)),
                own.publicKey.rawRepresentation == key.rawRepresentation
            else { throw .member("d") }
            signer = .ed25519(own)
        }
        self.init(
            .ed25519, [("crv", "Ed25519"), ("kty", "OKP"), ("x", Self.text(x))], .ed25519(key), signer)
    }

    /// base64url of what is no secret.
    private static func text(_ bytes: SecretBytes) -> String {
        Base64.encode(bytes, .url).exposedText() ?? ""
    }
}

extension JSONValue {
    /// The bytes of a member in base64url, `limit` of them at most.
    fileprivate func keyBytes(_ name: String, upTo limit: Int = 1024) throws(JWKFailure) -> SecretBytes {
        guard let text = self[name]?.secret, let bytes = Base64.decode(text, .url), bytes.count <= limit else {
            throw .member(name)
        }
        return bytes
    }

    /// The bytes of a member in base64url, which are this many.
    fileprivate func keyBytes(_ name: String, exactly size: Int) throws(JWKFailure) -> SecretBytes {
        let bytes = try keyBytes(name, upTo: size)
        guard bytes.count == size else { throw .member(name) }
        return bytes
    }
}

extension SecretBytes {
    /// The number without the zeros that some servers put before it, against RFC 7518, 6.3.1.1.
    fileprivate var withoutLeadingZeros: SecretBytes {
        let zeros = withBytes { bytes in bytes.indices.first { bytes[$0] != 0 } ?? bytes.count }
        return zeros == 0 ? self : copy(zeros..<count)
    }

    /// The bits of the number, which has no leading zeros.
    fileprivate var bitCount: Int {
        guard count > 0 else { return 0 }
        return count * 8 - withBytes { $0[0].leadingZeroBitCount }
    }
}
