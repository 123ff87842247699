import Glibc
import Model
import Testing

@testable import Cookies

/// Random numbers that come again with the same seed (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// The jar as the standard tells it: a list, looked through from one end to the other.
struct SlowJar {
    var cookies: [Cookie] = []
    private var next: UInt64 = 1

    mutating func store(_ cookie: Cookie, secure: Bool, now: WallInstant) {
        cookies.removeAll { $0.isExpired(at: now) }
        if !secure, cookies.contains(where: { hides(cookie, $0) }) { return }
        var new = cookie
        if let old = cookies.firstIndex(where: { isSame($0, cookie) }) {
            new.creation = cookies[old].creation
            new.sequence = cookies[old].sequence
            cookies.remove(at: old)
        } else {
            new.sequence = next
        }
        if new.isExpired(at: now) { return }
        next = max(next, new.sequence + 1)
        cookies.append(new)
    }

    func line(_ target: RequestTarget, of start: RequestTarget, _ now: WallInstant) -> String {
        let sent = cookies.filter { cookie in
            if let partition = cookie.partition, partition != CookiePartition.key(of: start) { return false }
            let isForHost = cookie.isHostOnly ? target.host == cookie.domain : isBelow(target.host, cookie.domain)
            let hasEnded = cookie.expiry.map { now >= $0 } ?? false
            let isSafe = !cookie.isSecure || target.scheme == .https
            return isForHost && isSafe && !hasEnded && isUnder(target.path, cookie.path)
        }
        let ordered = sent.sorted { a, b in
            a.path.count == b.path.count ? a.sequence < b.sequence : a.path.count > b.path.count
        }
        return ordered.map { $0.name + "=" + text($0.value) }.joined(separator: "; ")
    }

    private func isSame(_ a: Cookie, _ b: Cookie) -> Bool {
        a.name == b.name && a.domain == b.domain && a.path == b.path && a.isHostOnly == b.isHostOnly
            && a.partition == b.partition
    }

    private func hides(_ new: Cookie, _ old: Cookie) -> Bool {
        let areRelated = isBelow(new.domain, old.domain) || isBelow(old.domain, new.domain)
        return !new.isSecure && old.isSecure && new.name == old.name && areRelated && isUnder(new.path, old.path)
    }

    /// By labels, from the right.
    private func isBelow(_ host: String, _ domain: String) -> Bool {
        let isAddress = host.allSatisfy { $0.isNumber || $0 == "." } || host.contains(":")
        if isAddress { return host == domain }
        let (labels, wanted) = (host.split(separator: "."), domain.split(separator: "."))
        return labels.count >= wanted.count && Array(labels.suffix(wanted.count)) == Array(wanted)
    }

    /// By segments, from the left; `/a/` is under `/a`, but not the other way.
    private func isUnder(_ requested: String, _ path: String) -> Bool {
        if path.hasSuffix("/") { return requested.hasPrefix(path) }
        return requested == path || requested.hasPrefix(path + "/")
    }
}

struct JarPropertyTests {
    static let hosts = [
        "example.com", "a.example.com", "b.a.example.com", "xexample.com", "com", "10.0.0.1", "0.0.1", "::1",
        "example.co.uk",
    ]
    static let paths = ["/", "/a", "/a/", "/a/b", "/ab", "/a/b/c", "/b"]

    /// 100,000 answers and requests, in jars of up to 16 cookies; `LANYARD_TEST_SEED` repeats a run.
    @Test func agreesWithASlowJar() throws {
        let seed = try Self.seed()
        print("JarPropertyTests.agreesWithASlowJar: LANYARD_TEST_SEED=\(seed)")
        var numbers = SeededNumbers(state: seed)
        var (jar, slow, journal) = (CookieJar(), SlowJar(), CookieJar())
        for step in 0..<100_000 {
            if step % 8 == 0 { (jar, slow, journal) = (CookieJar(), SlowJar(), CookieJar()) }
            let now = june2018 + Int64(step)
            let (from, start) = (Self.randomTarget(&numbers), Self.randomTarget(&numbers))
            let lines = (0..<Int.random(in: 1...2, using: &numbers)).map { _ in Self.randomLine(&numbers) }
            let key = CookiePartition.key(of: start)
            journal.apply(
                jar.store(setCookie: lines.map { SecretBytes($0) }, from: from, now: now, partition: key))
            for line in lines {
                let cookie = try? Cookie.parse(setCookie: SecretBytes(line), from: from, now: now, partition: key)
                if let cookie { slow.store(cookie, secure: from.scheme == .https, now: now) }
            }
            let (asked, began) = (Self.randomTarget(&numbers), Self.randomTarget(&numbers))
            let later = now + Int64.random(in: 0...20, using: &numbers)
            let expected = slow.line(asked, of: began, later)
            // What the journal has is looked at now and then, which finds the same in half the time.
            for (name, jar) in [("jar", jar)] + (step % 4 == 3 ? [("journal", journal)] : []) {
                let line = jar.cookieLine(for: asked, now: later, partition: CookiePartition.key(of: began))
                try #require(
                    text(line.value) == expected,
                    "\(name), seed \(seed), step \(step), \(asked.origin)\(asked.path), set \(lines) by \(from.origin)")
            }
        }
        #expect(jar.count == jar.cookies.count)
    }

    private static func seed() throws -> UInt64 {
        // The name is NUL-terminated by Swift; no other thread changes the environment.
        guard let told = unsafe getenv("LANYARD_TEST_SEED") else { return UInt64.random(in: 0...UInt64.max) }
        return try #require(unsafe UInt64(String(cString: told)))
    }

    /// No bytes make the parser trap, and what it takes keeps its own rules.
    @Test(arguments: [UInt64(7), 8])
    func randomFields(seed: UInt64) {
        var numbers = SeededNumbers(state: seed)
        let pieces = [
            "=", ";", " ", "\t", "a", "Path", "/", "Domain", ".", "example.com", "Expires", "Max-Age", "-", "9",
            "Secure",
            "__Host-", "1 Jan 2030 1:1:1", "\u{0}", "é", ",", ":",
        ]
        for _ in 0..<20_000 {
            var field: [UInt8] = []
            for _ in 0..<Int.random(in: 0...12, using: &numbers) {
                field += pieces.randomElement(using: &numbers).map { Array($0.utf8) } ?? []
                if Int.random(in: 0..<50, using: &numbers) == 0 {
                    field.append(UInt8.random(in: 0...255, using: &numbers))
                }
            }
            let from = target("https://www.example.com/x/y")
            guard let cookie = try? Cookie.parse(setCookie: SecretBytes(field), from: from, now: june2018) else {
                continue
            }
            #expect(Host.domainMatches("www.example.com", cookie.domain))
            #expect(cookie.path.hasPrefix("/"))
            #expect(!cookie.name.utf8.contains { $0 < 9 || $0 == 0x3D || $0 == 0x3B })
            #expect(!cookie.value.contains { $0 < 9 || $0 == 0x0A || $0 == 0x0D || $0 == 0x3B })
            #expect(cookie.expiry.map { $0 <= june2018 + 400 * 86_400 } ?? true)
        }
    }

    private static func randomTarget(_ numbers: inout SeededNumbers) -> RequestTarget {
        let scheme: Scheme = Bool.random(using: &numbers) ? .https : .http
        return RequestTarget(
            scheme: scheme, host: hosts.randomElement(using: &numbers) ?? "", port: scheme.defaultPort,
            path: paths.randomElement(using: &numbers) ?? "/")
    }

    private static func randomLine(_ numbers: inout SeededNumbers) -> String {
        var line = "\("nmo".randomElement(using: &numbers) ?? "n")=\(Int.random(in: 0...99, using: &numbers))"
        if Int.random(in: 0..<3, using: &numbers) == 0 {
            line += "; Domain=\(hosts.randomElement(using: &numbers) ?? "")"
        }
        if Int.random(in: 0..<2, using: &numbers) == 0 {
            line += "; Path=\(paths.randomElement(using: &numbers) ?? "")"
        }
        if Int.random(in: 0..<3, using: &numbers) == 0 { line += "; Secure" }
        if Int.random(in: 0..<5, using: &numbers) == 0 { line += "; Partitioned" }
        if Int.random(in: 0..<3, using: &numbers) == 0 {
            line += "; Max-Age=\(Int.random(in: -1...30, using: &numbers))"
        }
        return line
    }
}
