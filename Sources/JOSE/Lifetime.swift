import Model

/// How long a token lives, as the answer that brought it says.
public enum Lifetime {
    /// Seconds beyond which an end is none: some servers write a hundred years for "never".
    private static let longest = 100.0 * 365.25 * 86_400

    /// Seconds by which a JWT may end earlier than its life from the request says: servers cut `iat` and `exp` to whole
    /// seconds (RFC 7519, 2, NumericDate), and count from the cut one.
    public static let cutOfDates = 1.0

    /// The seconds in `expires_in`: a number or, as some servers write it, digits in a string.
    /// - Returns: nil for what says nothing: null, zero or less (servers that mean "never"), and other types.
    public static func seconds(_ member: JSONValue?) -> Double? {
        guard let member else { return nil }
        let seconds = member.number ?? member.string.flatMap(digits).flatMap(Double.init)
        guard let seconds, seconds.isFinite, seconds > 0 else { return nil }
        return seconds
    }

    private static func digits(_ text: String) -> String? {
        !text.isEmpty && text.utf8.count <= 20 && text.utf8.allSatisfy { $0 &- 0x30 < 10 } ? text : nil
    }

    /// The seconds a token lives from the start of the request that brought it: the earlier of what the answer and the
    /// token say.
    /// - Parameters:
    ///   - expiresIn: what the answer says.
    ///   - jwt: the token, where it is one. `exp − iat` counts, because no clock's error changes it.
    ///   - serverTime: the time at the server; what `exp` is measured against where there is no `iat`.
    /// - Returns: nil where no end is known.
    public static func of(expiresIn: Double?, jwt: JWT?, serverTime: WallInstant) -> Double? {
        let fromJWT = jwt?.lifetime ?? jwt?.expires.map { max(0, $0 - serverTime) }
        let shortest = [expiresIn, fromJWT.map(Double.init)].compactMap(\.self).min()
        return shortest.flatMap { $0 > longest ? nil : $0 }
    }
}
