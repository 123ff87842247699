import Model

/// When a session is renewed (design: "Renewal"): all numbers and their reasons.
enum RenewalTiming {
    /// At most this long before the end, in seconds: longer only wears out the server.
    static let longestMargin = 300.0
    /// Used where the lifetime is not known, in seconds: one minute covers a slow network.
    static let unknownMargin = 60.0
    /// The first pause after a failure, in seconds.
    static let firstBackoff = 2.0
    /// The longest pause after a failure, in seconds.
    static let longestBackoff = 300.0
    /// The longest pause a server may ask for, in seconds: an hour; beyond that a person would rather know.
    static let longestServerPause = 3600.0

    /// How long before its end a token that lived for `lifetime` seconds is due.
    static func margin(lifetime: Double?) -> Double {
        guard let lifetime else { return unknownMargin }
        return min(max(lifetime, 0) / 5, longestMargin)
    }

    /// When what ends so is due; `jitter` in 0..<1 spreads sessions of one server by up to a tenth of the margin.
    static func due(_ expiry: Expiry, lifetime: Double?, jitter: Double) -> BootInstant {
        expiry.boot + -margin(lifetime: lifetime) * (1 + jitter / 10)
    }

    /// When the access token is due.
    static func due(_ token: AccessToken, jitter: Double) -> BootInstant? {
        token.expiry.map { due($0, lifetime: token.lifetime, jitter: jitter) }
    }

    /// When an idle session has to be renewed lest its refresh token end.
    static func due(_ token: RefreshToken, jitter: Double) -> BootInstant? {
        token.expiry.map { due($0, lifetime: token.lifetime, jitter: jitter) }
    }

    /// The pause after the `failures`th failure in a row, `jitter` in 0..<1: doubling, spread over its upper half.
    static func backoff(failures: Int, jitter: Double) -> Double {
        let full = min(firstBackoff * Double(1 << min(max(failures - 1, 0), 16)), longestBackoff)
        return full / 2 + full / 2 * jitter
    }
}
