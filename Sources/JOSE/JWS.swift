import Model

/// Why a text is no signed message, or not one of these keys' (RFC 7515, 5.2).
public enum JWSFailure: Error, Equatable, Sendable {
    /// Longer than ``JWS/longest``.
    case tooLong
    /// Not three parts of base64url with dots between them.
    case notCompact
    /// Five parts: encrypted (RFC 7516).
    case encrypted
    /// The header is no JSON object, a member stands twice in it, or `alg`, `kid` or `crit` is of another type.
    case header
    /// The header names an algorithm that is not known or not allowed; `none` never is.
    case algorithm(String)
    /// The header says that something must be understood which is not (RFC 7515, 4.1.11).
    case critical
    /// None of the keys has the header's `kid`; nil where there is no key at all.
    case unknownKey(String?)
    /// The key, or each of them, is of another kind, or for something else.
    case unsuitableKey
    /// Several keys fit, and the header does not say which.
    case ambiguousKey
    /// The signature is wrong. `named`: the header's `kid` had named the key.
    case signature(named: Bool)
    /// What is signed are no claims: no JSON object, or a member stands twice in it (RFC 7519, 7.2).
    case claims

    /// Whether a server that has new keys since they were asked for would explain it (OpenID Connect Core, 10.1.1).
    public var mayBeNewKey: Bool {
        switch self {
        case .unknownKey, .signature(named: false), .unsuitableKey: true
        default: false
        }
    }
}

/// A signed message in the compact form (RFC 7515, 7.1), taken apart. What is signed is not to be had before it is verified.
///
/// Keys in the header (`jwk`, `jku`, `x5u`, `x5c`) are never used: whoever wrote the message chose them.
public struct JWS: Sendable {
    /// Most bytes of a message that is looked into.
    public static let longest = JWT.longest

    /// The JOSE header (RFC 7515, 4): what the message says of itself.
    public let header: JSONDocument
    let payload: SecretBytes
    let signature: SecretBytes
    /// What the signature is of: the first two parts, as they came.
    let signingInput: SecretBytes

    /// Takes a message apart.
    /// - Throws: ``JWSFailure/tooLong``, ``JWSFailure/notCompact``, ``JWSFailure/encrypted``, ``JWSFailure/header``.
    public init(_ message: SecretBytes) throws(JWSFailure) {
        guard message.count <= Self.longest else { throw .tooLong }
        let dots = message.withBytes { bytes in bytes.indices.filter { bytes[$0] == UInt8(ascii: ".") } }
        if dots.count == 4 { throw .encrypted }
        guard dots.count == 2, let header = Base64.decode(message.copy(0..<dots[0]), .url),
            let payload = Base64.decode(message.copy((dots[0] + 1)..<dots[1]), .url),
            let signature = Base64.decode(message.copy((dots[1] + 1)..<message.count), .url)
        else { throw .notCompact }
        guard let document = try? JSONDocument(header), document.root.isObject, document.root.repeatedMember == nil
        else { throw .header }
        self.header = document
        self.payload = payload
        self.signature = signature
        signingInput = message.copy(0..<dots[1])
    }

    /// The message, once its signature is found to be that of one of `keys`.
    /// - Parameter algorithms: those the caller expects; the header chooses among them, and the key has to fit.
    /// - Throws: ``JWSFailure``.
    public func verified(
        by keys: JWKSet, _ algorithms: Set<JWSAlgorithm> = Set(JWSAlgorithm.allCases)
    ) throws(JWSFailure) -> VerifiedJWS {
        guard let name = header.root["alg"]?.string else { throw .header }
        guard let algorithm = JWSAlgorithm(rawValue: name), algorithms.contains(algorithm) else {
            throw .algorithm(name)
        }
        // Nothing is understood that would have to be: whatever `crit` lists, and a `crit` that is malformed.
        guard header.root["crit"] == nil else { throw .critical }
        let id = header.root["kid"]
        guard id == nil || id?.string != nil else { throw .header }
        let key = try keys.key(named: id?.string, for: algorithm)
        guard key.verifier.verifies(signature, of: signingInput, algorithm) else {
            throw .signature(named: key.id != nil && key.id == id?.string)
        }
        return VerifiedJWS(header: header, payload: payload, algorithm: algorithm, key: key)
    }

    /// Signs `payload`, in the compact form.
    /// - Parameter writeHeader: adds members to the header, which has `alg` already: `typ`, `kid`, a proof's `jwk`.
    /// - Returns: nil where `key` may not or cannot sign with `algorithm`.
    public static func sign(
        _ payload: SecretBytes, by key: JWK, _ algorithm: JWSAlgorithm,
        writeHeader: (inout JSONWriter) -> Void = { _ in }
    ) -> SecretBytes? {
        var json = JSONWriter()
        json.object { json in
            json.member("alg", algorithm.rawValue)
            writeHeader(&json)
        }
        return sign(payload, header: json.finish(), by: key, algorithm)
    }

    static func sign(
        _ payload: SecretBytes, header: SecretBytes, by key: JWK, _ algorithm: JWSAlgorithm
    ) -> SecretBytes? {
        var input = SecretBuffer(capacity: 1024)
        input.append(Base64.encode(header, .url))
        input.append(".")
        input.append(Base64.encode(payload, .url))
        let signingInput = input.take()
        guard key.serves(algorithm, for: .sign), let signer = key.signer,
            let signature = signer.signature(of: signingInput, algorithm)
        else { return nil }
        var message = SecretBuffer(capacity: signingInput.count + 700)
        message.append(signingInput)
        message.append(".")
        message.append(Base64.encode(signature, .url))
        return message.take()
    }
}

/// A signed message whose signature is right.
public struct VerifiedJWS: Sendable {
    /// The JOSE header.
    public let header: JSONDocument
    /// What was signed.
    public let payload: SecretBytes
    /// With which algorithm.
    public let algorithm: JWSAlgorithm
    /// With which key.
    public let key: JWK

    /// What was signed, as the claims of a JWT.
    /// - Throws: ``JWSFailure/claims``.
    public func claims() throws(JWSFailure) -> JWT {
        guard let claims = try? JSONDocument(payload), claims.root.isObject, claims.root.repeatedMember == nil else {
            throw .claims
        }
        return JWT(header: header, claims: claims)
    }
}
