import Model

/// Why `lanyard jwt verify` finds a token not valid. Each stands after "not valid: ".
extension CommandProse {
    /// The line that a reason stands in.
    package static func notValid(_ reason: String) -> String { "not valid: \(reason)" }

    package static let tokenTooLong = "it is longer than 64 KiB"
    package static let tokenNotCompact = "it is not three parts of base64url with dots between them"
    package static let tokenEncrypted = "it is encrypted, and Lanyard has no key for that"
    package static let tokenHeader = "its header is malformed"
    package static let tokenCritical = "its header has a crit, and nothing that could stand there is known"
    package static let tokenAmbiguousKey = "several keys fit, and its header does not say which (kid)"
    package static let tokenSignature = "the signature is wrong"
    package static let tokenClaims =
        "what is signed is no JSON object; of a message that is no JWT, --raw checks the signature"
    package static let tokenIssuer = "it is another issuer's"
    package static let tokenAudience = "it is for another audience"

    package static func tokenAlgorithm(_ name: String) -> String {
        name.lowercased() == "none"
            ? "it is not signed" : "its algorithm, \(name), is not known or not among those allowed"
    }

    package static func tokenUnknownKey(_ key: String?, _ source: String) -> String {
        key.map { "there is no key \"\($0)\" among those of \(source)" } ?? "there is no usable key in \(source)"
    }

    package static func tokenUnsuitableKey(_ source: String) -> String {
        "no key of \(source) is for its algorithm and for signatures"
    }

    package static func tokenMalformed(_ claim: String) -> String { "its \(claim) is malformed" }

    package static func tokenExpired(_ moment: WallInstant, now: WallInstant) -> String {
        "it has expired: \(end(moment, TimePhrase(now: now)))"
    }

    package static func tokenNotYet(_ moment: WallInstant, now: WallInstant) -> String {
        "it is good from \(TimePhrase(now: now).moment(moment, exact: true)) on"
    }

    /// Keys of a set that are not used, each with why.
    package static func keysLeftOut(_ reasons: [String], _ source: String) -> String {
        "left out of \(source): \(reasons.joined(separator: ", "))"
    }

    package static func keySize(_ bits: Int) -> String { "an RSA key of \(bits) bits (2,048 to 8,192 are taken)" }
    package static func keyMalformed(_ member: String) -> String { "a key whose \(member) is malformed" }
    package static func keyUnknown(_ type: String) -> String { "a key of the unknown kind \(type)" }
    package static let keyNone = "what is no key"
    package static let keySecret = "a secret, which everybody knows by now"

    package static func noKeySet(_ source: String) -> Failure {
        Failure(
            .usage, "\(source) is no set of keys: a JWK, or an object with a list of them as keys (RFC 7517)",
            mend: "take it from the jwks_uri of the issuer's metadata")
    }
}
