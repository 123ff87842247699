import Model

/// What a request carries.
public struct CookieLine: Sendable {
    /// The value of the Cookie field; nil for none.
    public let value: SecretBytes?
    /// How many cookies it has.
    public let count: Int
    /// How many matched but had no room: the oldest.
    public let dropped: Int
}

/// When a cookie, or a jar, ends.
public enum CookieExpiry: Hashable, Sendable {
    /// There is no such cookie, or it has ended.
    case missing
    /// It lasts as long as the server likes.
    case open
    /// It ends at `end`, `lifetime` seconds after it was last set.
    case at(_ end: WallInstant, lifetime: Int64)
}

/// The retrieval algorithm (5.8.3).
extension CookieJar {
    /// The Cookie field of a request.
    /// - Parameters:
    ///   - target: the request; a Secure cookie goes over https alone, to a loopback address too.
    ///   - now: the time it is sent.
    ///   - partition: the key of the partition whose cookies it carries too; nil where the script named `target`.
    ///   - excluding: names that the request brings itself.
    public func cookieLine(
        for target: RequestTarget, now: WallInstant, partition: String? = nil, excluding: Set<String> = []
    ) -> CookieLine {
        var sent = matching(target, now, partition)
        if !excluding.isEmpty { sent.removeAll { excluding.contains($0.name) } }
        let matched = sent.count
        let length = Self.dropOldest(&sent)
        guard !sent.isEmpty else { return CookieLine(value: nil, count: 0, dropped: matched) }
        var line = SecretBuffer(capacity: length)
        for (index, cookie) in sent.enumerated() {
            if index > 0 { line.append("; ") }
            if !cookie.name.isEmpty {
                line.append(cookie.name)
                line.append(UInt8(ascii: "="))
            }
            line.append(cookie.value)
        }
        return CookieLine(value: line.take(), count: sent.count, dropped: matched - sent.count)
    }

    /// The value of the cookie `name` that a request would carry, the first of several: a CSRF token, say.
    public subscript(name: String, for target: RequestTarget, now now: WallInstant) -> SecretBytes? {
        matching(target, now).first { $0.name.hasSameBytes(as: name) }?.value
    }

    /// When the last of the cookies `name` ends; of all cookies where `name` is nil.
    public func expiry(of name: String? = nil, now: WallInstant) -> CookieExpiry {
        var last = CookieExpiry.missing
        for cookie in domains.values.lazy.flatMap(\.cookies) where !cookie.isExpired(at: now) {
            if let name, !cookie.name.hasSameBytes(as: name) { continue }
            guard let expiry = cookie.expiry else { return .open }
            if case .at(let end, _) = last, end >= expiry { continue }
            last = .at(expiry, lifetime: expiry - cookie.lastSet)
        }
        return last
    }

    /// What is sent of a cookie and what orders it: less to move about than a cookie.
    private struct Match {
        let name: String
        let value: SecretBytes
        let pathLength: Int
        let sequence: UInt64

        init(_ cookie: borrowing Cookie) {
            name = cookie.name
            value = cookie.value
            pathLength = cookie.path.utf8.count
            sequence = cookie.sequence
        }

        /// The bytes it takes in a Cookie line.
        var length: Int { value.count + (name.isEmpty ? 0 : name.utf8.count + 1) }
    }

    /// Steps 1 and 2: the cookies for `target` in the order they are sent: longer paths first, then older ones.
    private func matching(_ target: RequestTarget, _ now: WallInstant, _ partition: String? = nil) -> [Match] {
        var found: [Match] = []
        // Few jars have partitioned cookies, and the key of a site takes longer than all the rest.
        lazy var key = partition ?? CookiePartition.key(of: target)
        func look(into domain: String, isHost: Bool) {
            guard let kept = domains[domain]?.cookies else { return }
            // By index: a cookie that does not match is not copied.
            for index in kept.indices where isHost || !kept[index].isHostOnly {
                guard !kept[index].isExpired(at: now), !kept[index].isSecure || target.scheme == .https,
                    Host.pathMatches(target.path, kept[index].path),
                    kept[index].partition.map({ $0 == key }) ?? true
                else { continue }
                found.append(Match(kept[index]))
            }
        }
        look(into: target.host, isHost: true)
        for parent in Host.parents(of: target.host) { look(into: parent, isHost: false) }
        return found.sorted { left, right in
            left.pathLength == right.pathLength
                ? left.sequence < right.sequence : left.pathLength > right.pathLength
        }
    }

    /// Drops the oldest cookies until the line is short enough.
    /// - Returns: the line's length in bytes.
    private static func dropOldest(_ sent: inout [Match]) -> Int {
        // `; ` stands between two.
        var length = sent.reduce(-2) { $0 + $1.length + 2 }
        guard length > longestLine else { return length }
        var dropped: Set<UInt64> = []
        for cookie in sent.sorted(by: { $0.sequence < $1.sequence }) {
            if length <= longestLine { break }
            dropped.insert(cookie.sequence)
            length -= cookie.length + 2
        }
        sent.removeAll { dropped.contains($0.sequence) }
        return length
    }
}
