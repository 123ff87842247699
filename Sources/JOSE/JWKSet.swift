import Model

/// Why a text is no set of keys (RFC 7517, 5).
public enum JWKSetFailure: Error, Equatable, Sendable {
    /// No JSON, no object with `keys`, or one whose members repeat.
    case notASet
    /// More keys than ``JWKSet/mostKeys``.
    case tooManyKeys
}

/// A set of keys (RFC 7517, 5).
///
/// Keys that are not known, malformed or too weak are left out, as the standard says, and told in ``unusable``.
public struct JWKSet: Sendable {
    /// Who gave the set, which decides whether it may hold secrets.
    public enum Source: Sendable {
        /// A server published it: a secret in it, or a private key, is known to everybody, and left out.
        case issuer
        /// The person has it.
        case person
    }

    /// Providers with a key for each of their customers have dozens.
    public static let mostKeys = 256

    /// The keys that can be used, in their order.
    public let keys: [JWK]
    /// Why each other one cannot.
    public let unusable: [JWKFailure]

    /// A set of these keys.
    public init(_ keys: [JWK]) {
        self.keys = keys
        unusable = []
    }

    /// Reads a set, or a single key as a set of one. Whoever reads it from outside bounds its length.
    /// - Throws: ``JWKSetFailure``.
    public init(_ text: SecretBytes, from source: Source) throws(JWKSetFailure) {
        guard let document = try? JSONDocument(text), document.root.isObject else { throw .notASet }
        let root = document.root
        let members: [JSONValue]
        if root["keys"] == nil, root["kty"] != nil {
            members = [root]
        } else {
            guard root.repeatedMember == nil, let elements = root["keys"]?.elements else { throw .notASet }
            members = elements
        }
        guard members.count <= Self.mostKeys else { throw .tooManyKeys }
        var (keys, unusable): ([JWK], [JWKFailure]) = ([], [])
        for member in members {
            do throws(JWKFailure) {
                if source == .issuer, member["kty"]?.string == "oct" || member["d"] != nil { throw .secret }
                keys.append(try JWK(member))
            } catch { unusable.append(error) }
        }
        self.keys = keys
        self.unusable = unusable
    }

    /// The one key that a signature is to be checked with.
    ///
    /// The header's `kid` names it. Where it names none, or the set has only keys without, there has to be exactly one that
    /// fits (OpenID Connect Core, 10.1).
    /// - Throws: ``JWSFailure/unknownKey(_:)``, ``JWSFailure/unsuitableKey``, ``JWSFailure/ambiguousKey``.
    func key(named id: String?, for algorithm: JWSAlgorithm) throws(JWSFailure) -> JWK {
        let named = keys.filter { id != nil && $0.id == id }
        let candidates = named.isEmpty ? keys.filter { id == nil || $0.id == nil } : named
        let fitting = candidates.filter { $0.serves(algorithm, for: .verify) }
        if fitting.count > 1 { throw .ambiguousKey }
        if let key = fitting.first { return key }
        if id != nil, named.isEmpty { throw .unknownKey(id) }
        throw candidates.isEmpty ? .unknownKey(nil) : .unsuitableKey
    }
}
