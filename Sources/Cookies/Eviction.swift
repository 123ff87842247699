import Model

/// Which cookies go when there are too many (5.7, "remove excess cookies").
extension CookieJar {
    /// A full jar is emptied a little further, so that not each answer sorts it.
    private static let slack = 1000

    /// Brings the domains that were touched, and the jar, back under their limits.
    mutating func evict(_ now: WallInstant, _ record: inout ChangeRecord) {
        for domain in record.domains {
            guard let kept = domains[domain]?.cookies, kept.count > Self.mostOfDomain else { continue }
            evict(kept, kept.count - Self.mostOfDomain, now, &record) { !$0.isSecure }
        }
        guard count > Self.most else { return }
        evict(domains.values.flatMap(\.cookies), count - Self.most + Self.slack, now, &record) { _ in false }
    }

    /// Removes `excess` of `candidates`: expired ones, then those that `goesEarly`, then the rest; each the one that was
    /// set the longest ago first.
    private mutating func evict(
        _ candidates: [Cookie], _ excess: Int, _ now: WallInstant, _ record: inout ChangeRecord,
        goesEarly: (Cookie) -> Bool
    ) {
        func rank(_ cookie: Cookie) -> (Int, Int64, UInt64) {
            let group = cookie.isExpired(at: now) ? 0 : goesEarly(cookie) ? 1 : 2
            return (group, cookie.lastSet.seconds, cookie.sequence)
        }
        for cookie in candidates.sorted(by: { rank($0) < rank($1) }).prefix(excess) {
            record.note(cookie.key, before: cookie)
            delete(cookie.key)
        }
    }
}
