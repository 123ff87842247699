import JOSE
import Model
import Prose

/// The words for what JOSE finds wrong with a token and with keys.
enum NotValid {
    /// Why a message is not that of the keys of `source`.
    static func reason(_ failure: JWSFailure, _ source: String) -> String {
        switch failure {
        case .tooLong: CommandProse.tokenTooLong
        case .notCompact: CommandProse.tokenNotCompact
        case .encrypted: CommandProse.tokenEncrypted
        case .header: CommandProse.tokenHeader
        case .algorithm(let name): CommandProse.tokenAlgorithm(name)
        case .critical: CommandProse.tokenCritical
        case .unknownKey(let key): CommandProse.tokenUnknownKey(key, source)
        case .unsuitableKey: CommandProse.tokenUnsuitableKey(source)
        case .ambiguousKey: CommandProse.tokenAmbiguousKey
        case .signature: CommandProse.tokenSignature
        case .claims: CommandProse.tokenClaims
        }
    }

    /// Why a token is not valid now, or not here.
    static func reason(_ failure: ClaimFailure, now: WallInstant) -> String {
        switch failure {
        case .malformed(let claim): CommandProse.tokenMalformed(claim)
        case .issuer: CommandProse.tokenIssuer
        case .audience: CommandProse.tokenAudience
        case .expired(let moment): CommandProse.tokenExpired(moment, now: now)
        case .notYet(let moment): CommandProse.tokenNotYet(moment, now: now)
        }
    }

    /// Why a key of a set is not used.
    static func reason(_ failure: JWKFailure) -> String {
        switch failure {
        case .notAKey: CommandProse.keyNone
        case .twice(let member), .member(let member): CommandProse.keyMalformed(member)
        case .unknownType(let type): CommandProse.keyUnknown(type)
        case .size(let bits): CommandProse.keySize(bits)
        case .secret: CommandProse.keySecret
        }
    }
}

extension JWSFailure {
    /// Whether the keys that were left out of a set may be why.
    var isAboutKeys: Bool {
        switch self {
        case .unknownKey, .unsuitableKey: true
        default: false
        }
    }
}
