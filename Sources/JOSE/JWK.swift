import Model

/// Why an object is no key that is used here (RFC 7517, 4).
public enum JWKFailure: Error, Equatable, Sendable {
    /// No object, or none with a text `kty`.
    case notAKey
    /// A member stands there twice (RFC 7517, 4).
    case twice(String)
    /// A member is missing, of another type, or not what its standard says; its name.
    case member(String)
    /// A kind of key, or a curve, that is not known here.
    case unknownType(String)
    /// An RSA key of this many bits: fewer than 2,048 (RFC 7518, 3.3) or more than 8,192.
    case size(bits: Int)
    /// A shared secret, or a private key, among the keys that a server publishes.
    case secret
}

/// A key (RFC 7517), checked: its numbers are in range, its point lies on its curve.
///
/// A key carries what it may be used for: its kind, `alg`, `use` and `key_ops`. `x5u` and `x5c` are not looked at.
public struct JWK: Sendable {
    /// The kinds of keys, with their curves.
    public enum KeyType: Sendable, Equatable {
        /// RSA (RFC 7518, 6.3), 2,048 to 8,192 bits.
        case rsa
        /// Elliptic curves (RFC 7518, 6.2).
        case p256, p384, p521
        /// Ed25519 (RFC 8037, 2).
        case ed25519
        /// A secret that both sides have (RFC 7518, 6.4), a client secret say.
        case secret
    }

    /// What a key is used for (RFC 7517, 4.3).
    public enum Operation: String, Sendable {
        case sign, verify
    }

    /// The kind of key.
    public let type: KeyType
    /// Its `kid` (RFC 7517, 4.5).
    public let id: String?
    /// The one algorithm it may be used with, where `alg` says one that is known (RFC 7517, 4.4).
    public let algorithm: JWSAlgorithm?
    /// What `key_ops` allows; nil where it does not say.
    let operations: [String]?
    /// Whether `use` or `alg` says that it is for something else than signatures.
    let isForEncryption: Bool
    /// The members that make the public key, in the order of their names (RFC 7638, 3.2); empty for a secret.
    let publicMembers: [(name: String, value: String)]
    let verifier: VerificationKey
    let signer: SigningKey?

    /// Reads a key.
    /// - Throws: ``JWKFailure``.
    public init(_ json: JSONValue) throws(JWKFailure) {
        guard json.isObject, json["kty"]?.string != nil else { throw .notAKey }
        if let name = json.repeatedMember { throw .twice(name) }
        id = try Self.text(json, "kid")
        operations = try Self.operations(json)
        let named = try Self.text(json, "alg")
        algorithm = named.flatMap(JWSAlgorithm.init)
        let use = try Self.text(json, "use")
        isForEncryption = use.map { $0 != "sig" } ?? false || named.map(Self.isEncryption) ?? false
        let material = try KeyMaterial(json)
        type = material.type
        publicMembers = material.publicMembers
        verifier = material.verifier
        signer = material.signer
    }

    /// A client secret as the key of HMAC (OpenID Connect Core, 10.1).
    public init(clientSecret: SecretBytes) {
        type = .secret
        id = nil
        algorithm = nil
        operations = nil
        isForEncryption = false
        publicMembers = []
        verifier = .secret(clientSecret)
        signer = .secret(clientSecret)
    }

    /// Whether the key may be used for `operation` with `algorithm`: both of one kind, and nothing in the key against it.
    public func serves(_ algorithm: JWSAlgorithm, for operation: Operation) -> Bool {
        guard type == algorithm.keyType, self.algorithm == nil || self.algorithm == algorithm, !isForEncryption,
            operations == nil || operations?.contains(operation.rawValue) == true
        else { return false }
        if operation == .sign, signer == nil { return false }
        // RFC 7518, 3.2: a secret shorter than the hash is guessed sooner than the hash is broken.
        if case .secret(let secret) = verifier { return secret.count >= algorithm.hash.length }
        return true
    }

    /// The key's SHA-256 thumbprint in base64url (RFC 7638); nil for a secret, whose thumbprint would tell about it.
    public var thumbprint: String? {
        guard !publicMembers.isEmpty else { return nil }
        var json = JSONWriter()
        json.object { writePublicMembers(&$0) }
        return Base64.encode(Hash.sha256.of(json.finish()), .url).exposedText()
    }

    /// Writes the public key as the member `name`: what a proof of possession shows (RFC 9449, 4.2). Not for a secret.
    public func writePublicKey(_ name: String, _ json: inout JSONWriter) {
        guard !publicMembers.isEmpty else { return }
        json.object(name) { writePublicMembers(&$0) }
    }

    private func writePublicMembers(_ json: inout JSONWriter) {
        for member in publicMembers { json.member(member.name, member.value) }
    }

    private static func text(_ json: JSONValue, _ name: String) throws(JWKFailure) -> String? {
        guard let value = json[name] else { return nil }
        guard let text = value.string else { throw .member(name) }
        return text
    }

    private static func operations(_ json: JSONValue) throws(JWKFailure) -> [String]? {
        guard let value = json["key_ops"] else { return nil }
        guard let elements = value.elements else { throw .member("key_ops") }
        let operations = elements.compactMap(\.string)
        guard operations.count == elements.count, Set(operations).count == operations.count else {
            throw .member("key_ops")
        }
        return operations
    }

    /// The algorithms of RFC 7518, 4.1: a key that is bound to one of them signs nothing. A name that nobody has
    /// registered binds nothing.
    private static func isEncryption(_ algorithm: String) -> Bool {
        ["RSA1_5", "RSA-OAEP", "ECDH-ES", "PBES2-", "A128", "A192", "A256", "dir"].contains { algorithm.hasPrefix($0) }
    }
}
