import Model

/// What changed in a jar: what the store writes down.
public struct JarChange: Sendable {
    /// Cookies that are new or have changed.
    public var set: [Cookie]
    /// Cookies that are gone.
    public var deleted: [Cookie.Key]

    /// A change.
    public init(set: [Cookie] = [], deleted: [Cookie.Key] = []) {
        self.set = set
        self.deleted = deleted
    }

    /// Whether nothing changed.
    public var isEmpty: Bool { self.set.isEmpty && deleted.isEmpty }
}

/// The cookies of one session (5.7), found by their domain, so that a request costs what its own domains hold.
public struct CookieJar: Sendable {
    /// Most cookies of one domain.
    public static let mostOfDomain = 3000
    /// Most cookies of a jar.
    public static let most = 100_000
    /// Most cookies taken from one response; a server that sends more is broken or hostile.
    public static let mostOfResponse = 1000
    /// Most bytes of a Cookie line: what common servers take.
    public static let longestLine = 16_384

    var domains: [String: DomainCookies] = [:]
    /// How many cookies there are, expired ones too.
    public private(set) var count = 0
    /// The last number given to a cookie.
    private var sequence: UInt64 = 0

    /// An empty jar.
    public init() {}

    /// All cookies, expired ones too, in the order of their creation.
    public var cookies: [Cookie] {
        domains.values.flatMap(\.cookies).sorted { $0.sequence < $1.sequence }
    }

    /// The cookie of this key, also an expired one.
    public subscript(key: Cookie.Key) -> Cookie? { domains[key.domain]?[key] }

    /// Takes in what a response set.
    ///
    /// A cookie that is refused changes nothing and says nothing, as in a browser.
    /// - Parameters:
    ///   - lines: the values of the response's Set-Cookie fields, in order; of more than ``mostOfResponse`` the rest is
    ///     not read.
    ///   - target: the request that was answered.
    ///   - now: the time the answer came.
    ///   - partition: the key of Partitioned cookies; nil where the script named `target`.
    ///   - excluding: names that the request brought itself, which are not this jar's.
    /// - Returns: what changed. A cookie that was set again just as it is, is no change.
    @discardableResult
    public mutating func store(
        setCookie lines: [SecretBytes], from target: RequestTarget, now: WallInstant, partition: String? = nil,
        excluding: Set<String> = []
    ) -> JarChange {
        var cookies = lines.prefix(Self.mostOfResponse).compactMap { line in
            try? Cookie.parse(setCookie: line, from: target, now: now, partition: partition)
        }
        cookies.removeAll { excluding.contains($0.name) }
        if target.scheme != .https {
            let secure = SecureCookies(of: self, near: target.host, named: Set(cookies.map(\.name)), now: now)
            cookies.removeAll { secure.isHidden(by: $0) }
        }
        return add(cookies, now: now)
    }

    /// Keeps a cookie that a person brought, for one place of a protection space.
    ///
    /// It goes to that host alone (for `*.example.com`, to that domain), to every path, and over https alone where
    /// the place is https.
    /// - Throws: ``CookieRefusal`` where no server could set such a cookie.
    @discardableResult
    public mutating func add(
        name: String, value: SecretBytes, place: Place, expiry: WallInstant? = nil, now: WallInstant
    ) throws(CookieRefusal) -> JarChange {
        let (domain, isHostOnly) =
            switch place.host {
            case .exactly(let host): (host, true)
            case .below(let name): (name, false)
            }
        let cookie = Cookie(
            name: name, value: value, domain: domain, isHostOnly: isHostOnly, path: "/",
            isSecure: place.scheme == .https, isHTTPOnly: CookiePrefix.wantsHTTPOnly(name), expiry: expiry,
            creation: now)
        try cookie.checkBrought()
        return add([cookie], now: now)
    }

    /// Keeps cookies as they are, those of a file, say; an expired one deletes.
    @discardableResult
    public mutating func add(_ cookies: [Cookie], now: WallInstant) -> JarChange {
        var record = ChangeRecord()
        // In parts: a domain's cookies are moved along by each new one, so that they must not become far too many.
        for start in stride(from: 0, to: cookies.count, by: Self.mostOfResponse) {
            for cookie in cookies[start..<min(start + Self.mostOfResponse, cookies.count)] {
                insert(cookie, now, &record)
            }
            evict(now, &record)
        }
        return record.change(in: self)
    }

    /// Gives a cookie another value, as a person wants it; all else stays as the server has set it.
    /// - Parameter expiry: its new end; nil where it stays.
    /// - Throws: ``CookieRefusal`` where no server could set such a cookie.
    public mutating func set(
        _ value: SecretBytes, of cookie: Cookie, expiry: WallInstant? = nil, now: WallInstant
    ) throws(CookieRefusal) -> JarChange {
        var cookie = cookie
        cookie.value = value
        cookie.lastSet = now
        cookie.expiry = expiry ?? cookie.expiry
        try cookie.checkBrought()
        return add([cookie], now: now)
    }

    /// Forgets cookies; a key that is not there is none.
    public mutating func delete(_ keys: [Cookie.Key]) -> JarChange {
        let there = keys.filter { self[$0] != nil }
        for key in there { delete(key) }
        return JarChange(deleted: there)
    }

    /// Takes in what changed in a copy of this jar, which may have changed itself meanwhile: each cookie by its own.
    public mutating func merge(_ changes: [JarChange], now: WallInstant) -> JarChange {
        var merged = JarChange()
        for change in changes {
            let (deleted, set) = (delete(change.deleted), add(change.set, now: now))
            merged.deleted.removeAll { key in set.set.contains { $0.key == key } }
            merged.set.removeAll { cookie in set.set.contains { $0.key == cookie.key } || self[cookie.key] == nil }
            merged.set += set.set
            merged.deleted += deleted.deleted + set.deleted
        }
        return merged
    }

    /// Makes a change again that a jar has made: what the journal is read with.
    public mutating func apply(_ change: JarChange) {
        for key in change.deleted { delete(key) }
        for cookie in change.set { put(cookie) }
    }

    /// Forgets the cookies that have ended.
    public mutating func removeExpired(at now: WallInstant) -> JarChange {
        let ended = cookies.filter { $0.isExpired(at: now) }.map(\.key)
        for key in ended { delete(key) }
        return JarChange(deleted: ended)
    }
}

/// Changes, one cookie at a time.
extension CookieJar {
    /// Steps 22 to 23: the new cookie takes the old one's place and its creation; one that has ended takes nothing's.
    private mutating func insert(_ new: Cookie, _ now: WallInstant, _ record: inout ChangeRecord) {
        let key = new.key
        let old = self[key]
        if new.isExpired(at: now) {
            guard old != nil else { return }
            record.note(key, before: old)
            delete(key)
            return
        }
        // An expired cookie is kept until something removes it, but counts as gone.
        let replaced = old?.isExpired(at: now) == true ? nil : old
        var cookie = new
        cookie.creation = replaced?.creation ?? new.creation
        cookie.sequence = replaced?.sequence ?? sequence + 1
        record.note(key, before: old)
        put(cookie)
    }

    private mutating func put(_ cookie: Cookie) {
        sequence = max(sequence, cookie.sequence)
        let before = domains[cookie.domain]?.cookies.count ?? 0
        domains[cookie.domain, default: DomainCookies()].set(cookie)
        count += (domains[cookie.domain]?.cookies.count ?? 0) - before
    }

    mutating func delete(_ key: Cookie.Key) {
        guard let before = domains[key.domain]?.cookies.count else { return }
        domains[key.domain]?.delete(key)
        let after = domains[key.domain]?.cookies.count ?? 0
        if after == 0 { domains[key.domain] = nil }
        count += after - before
    }
}

/// What has been touched while a jar changes, and how it was.
struct ChangeRecord {
    private var before: [Cookie.Key: Cookie?] = [:]
    private var order: [Cookie.Key] = []
    /// The domains that have been touched.
    private(set) var domains: Set<String> = []

    /// Notes that `key` is about to change.
    mutating func note(_ key: Cookie.Key, before cookie: Cookie?) {
        guard before[key] == nil else { return }
        before[key] = .some(cookie)
        order.append(key)
        domains.insert(key.domain)
    }

    /// The difference to the jar as it is now.
    func change(in jar: CookieJar) -> JarChange {
        var change = JarChange()
        for key in order {
            let old = before[key].flatMap { $0 }
            if let new = jar[key] {
                if old.map({ !new.isSame(as: $0) }) ?? true { change.set.append(new) }
            } else if old != nil {
                change.deleted.append(key)
            }
        }
        return change
    }
}

extension Cookie {
    /// Whether nothing differs but when it was last set.
    fileprivate func isSame(as other: Cookie) -> Bool {
        key == other.key && value == other.value && isSecure == other.isSecure && isHTTPOnly == other.isHTTPOnly
            && sameSite == other.sameSite && expiry == other.expiry && sequence == other.sequence
    }

    /// Whether a server could have set this cookie that a person brought.
    func checkBrought() throws(CookieRefusal) {
        guard !name.isEmpty || value.count > 0 else { throw .empty }
        guard name.utf8.count + value.count <= SetCookie.longestPair else { throw .tooLong }
        let isControl: (UInt8) -> Bool = { ($0 < 0x20 && $0 != 0x09) || $0 == 0x7F }
        guard !name.utf8.contains(where: isControl), !value.contains(where: isControl) else { throw .controlCharacter }
        guard !name.utf8.contains(where: { $0 == 0x3B || $0 == 0x3D }), !value.contains(where: { $0 == 0x3B }) else {
            throw .delimiter
        }
        if !isHostOnly, PublicSuffix.isSuffix(domain) { throw .publicSuffix }
        try checkPrefix(namesPath: true)
    }
}
