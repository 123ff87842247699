import Model

/// An issuer's keys as they were last published, and when to ask for them again (OpenID Connect Core, 10.1.1).
///
/// A `kid` that is not known is a reason to ask once more. Tokens that a stranger makes up must not become requests to the
/// issuer, so that is done at most once a minute; the first request does not count, as a server may change its keys just
/// before it signs.
public struct IssuerKeys: Sendable {
    /// Seconds between two times that keys are asked for again.
    public static let pause: Double = 60

    /// The keys.
    public private(set) var keys: JWKSet
    private var askedAgain: BootInstant?

    /// Keys that have just been asked for.
    public init(_ keys: JWKSet) { self.keys = keys }

    /// Whether to ask the issuer again after this failure, and then to verify once more. Where it says so, it counts as
    /// done now, whatever comes of it.
    public mutating func asksAgain(after failure: JWSFailure, now: BootInstant) -> Bool {
        guard failure.mayBeNewKey else { return false }
        if let askedAgain, now - askedAgain < Self.pause { return false }
        askedAgain = now
        return true
    }

    /// Takes the issuer's new keys. What it no longer publishes is no longer taken.
    public mutating func replace(with keys: JWKSet) { self.keys = keys }
}
