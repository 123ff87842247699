import Model
import Testing

@testable import Cookies

struct JarTests {
    @Test func changes() throws {
        var jar = CookieJar()
        let url = "https://example.com/"
        #expect(jar.store(["a=1", "b=2; Max-Age=60", "com=3; Domain=com"], from: url).set.map(\.name) == ["a", "b"])
        // The same again is no change; a later end is.
        #expect(jar.store(["a=1"], from: url, now: june2018 + 1).isEmpty)
        #expect(jar.store(["b=2; Max-Age=60"], from: url, now: june2018 + 1).set.count == 1)
        // Set and deleted in one response: what counts is the end.
        let both = jar.store(["a=; Max-Age=0", "a=9", "c=1", "c=; Max-Age=0", "nothere=; Max-Age=0"], from: url)
        #expect(both.set.map(\.name) == ["a"] && both.deleted.isEmpty)
        let deletion = jar.store(["a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], from: url)
        #expect(deletion.set.isEmpty && deletion.deleted.map(\.name) == ["a"])
        #expect(jar.count == 1)
        #expect(jar.removeExpired(at: june2018 + 100).deleted.map(\.name) == ["b"])
        #expect(jar.count == 0 && jar.cookies.isEmpty)
    }

    /// The journal, read again, gives the same jar.
    @Test func applying() {
        var (jar, copy) = (CookieJar(), CookieJar())
        for round in 0..<50 {
            let lines = (0..<7).map { "n\((round &* 5 &+ $0 &* 3) % 11)=\(round); Max-Age=\($0 == 3 ? 0 : 60); Path=/" }
            copy.apply(jar.store(lines, from: "https://a\(round % 3).example.com/"))
        }
        #expect(copy.count == jar.count && jar.count > 0)
        #expect(copy.cookies.map(\.sequence) == jar.cookies.map(\.sequence))
        #expect(copy.line("https://a0.example.com/") == jar.line("https://a0.example.com/"))
        // New cookies of the copy do not get numbers that are taken.
        let new = copy.store(["new=1"], from: "https://a0.example.com/").set.first?.sequence ?? 0
        #expect(!jar.cookies.map(\.sequence).contains(new))
    }

    @Test func anOldCookieKeepsItsPlace() {
        var jar = CookieJar()
        jar.store(["a=1; Path=/", "b=2; Path=/"], from: "https://example.com/")
        jar.store(["a=3; Path=/"], from: "https://example.com/", now: june2018 + 60)
        #expect(jar.line("https://example.com/") == "a=3; b=2")
        #expect(jar.cookies.first?.creation == june2018)
        // Deleted and set again, it is a new one.
        jar.store(["a=; Path=/; Max-Age=0"], from: "https://example.com/")
        jar.store(["a=4; Path=/"], from: "https://example.com/")
        #expect(jar.line("https://example.com/") == "b=2; a=4")
    }

    /// 5.7, step 22: host-only is part of what tells cookies apart; so are the bytes of a name.
    @Test func keys() {
        var jar = CookieJar()
        jar.store(["a=1; Path=/", "a=2; Path=/; Domain=example.com", "a=3; Path=/x"], from: "https://example.com/")
        jar.store(["e\u{301}\u{323}=4; Path=/", "e\u{323}\u{301}=5; Path=/"], from: "https://example.com/")
        #expect(jar.count == 5)
        #expect(jar.line("https://example.com/") == "a=1; a=2; e\u{301}\u{323}=4; e\u{323}\u{301}=5")
        #expect(text(jar["e\u{323}\u{301}", for: target("https://example.com/"), now: june2018]) == "5")
    }

    @Test func expiredCookiesAreNotSent() {
        var jar = CookieJar()
        jar.store(["a=1; Max-Age=60", "b=2"], from: "https://example.com/")
        #expect(jar.line("https://example.com/", now: june2018 + 59) == "a=1; b=2")
        #expect(jar.line("https://example.com/", now: june2018 + 60) == "b=2")
    }

    @Test func lookup() {
        var jar = CookieJar()
        jar.store(["csrftoken=1; Path=/", "csrftoken=2; Path=/admin"], from: "https://example.com/")
        func value(_ url: String) -> String { text(jar["csrftoken", for: target(url), now: june2018]) }
        #expect(value("https://example.com/") == "1")
        #expect(value("https://example.com/admin/x") == "2")
        #expect(value("https://example.org/").isEmpty)
    }

    @Test func expiry() {
        var jar = CookieJar()
        #expect(jar.expiry(now: june2018) == .missing)
        jar.store(["a=1; Max-Age=60", "b=2; Max-Age=90"], from: "https://example.com/")
        #expect(jar.expiry(of: "a", now: june2018) == .at(june2018 + 60, lifetime: 60))
        #expect(jar.expiry(now: june2018) == .at(june2018 + 90, lifetime: 90))
        #expect(jar.expiry(of: "a", now: june2018 + 60) == .missing)
        #expect(jar.expiry(of: "c", now: june2018) == .missing)
        jar.store(["a=1; Max-Age=60"], from: "https://example.com/", now: june2018 + 30)
        #expect(jar.expiry(of: "a", now: june2018 + 30) == .at(june2018 + 90, lifetime: 60))
        jar.store(["c=1"], from: "https://example.com/")
        #expect(jar.expiry(now: june2018) == .open)
    }

    @Test func excluding() {
        var jar = CookieJar()
        jar.store(["a=1", "b=2", "c=3"], from: "https://example.com/")
        let line = jar.cookieLine(for: target("https://example.com/"), now: june2018, excluding: ["b", "x"])
        #expect(text(line.value) == "a=1; c=3" && line.count == 2 && line.dropped == 0)
        let none = jar.cookieLine(for: target("https://example.com/"), now: june2018, excluding: ["a", "b", "c"])
        #expect(none.value == nil && none.count == 0 && none.dropped == 0)
    }

    @Test func longLine() throws {
        var jar = CookieJar()
        // Five of 4,000 bytes do not fit: the oldest goes.
        jar.store((0..<5).map { "n\($0)=" + String(repeating: "v", count: 4000) }, from: "https://example.com/")
        let line = jar.cookieLine(for: target("https://example.com/"), now: june2018)
        #expect(line.count == 4 && line.dropped == 1)
        #expect(text(line.value).hasPrefix("n1=v"))
        #expect(try #require(line.value).count == 4 * 4003 + 3 * 2)
        // Exactly the limit fits.
        var full = CookieJar()
        full.store(
            (0..<4).map { "n\($0)=" + String(repeating: "v", count: $0 == 0 ? 4075 : 4091) },
            from: "https://example.com/")
        let exact = full.cookieLine(for: target("https://example.com/"), now: june2018)
        #expect(exact.dropped == 0 && exact.value?.count == 4 * 3 + 4075 + 3 * 4091 + 6)
    }

    @Test func broughtCookies() throws {
        var jar = CookieJar()
        let host = Place(scheme: .https, host: .exactly("example.com"), port: 8443, path: "/api")
        try jar.add(name: "sessionid", value: SecretBytes("s"), place: host, now: june2018)
        #expect(jar.line("https://example.com:8443/") == "sessionid=s")
        #expect(jar.line("http://example.com/").isEmpty && jar.line("https://a.example.com/").isEmpty)
        let below = Place(scheme: .http, host: .below("example.org"), port: 80)
        try jar.add(name: "x", value: SecretBytes("y"), place: below, now: june2018)
        #expect(jar.line("http://a.example.org/") == "x=y")
        let suffix = Place(scheme: .https, host: .below("co.uk"), port: 443)
        for (name, value, place, refusal) in [
            ("a;b", "x", host, CookieRefusal.delimiter), ("a=b", "x", host, .delimiter), ("a", "x;y", host, .delimiter),
            ("a\n", "x", host, .controlCharacter), ("a", "x\r", host, .controlCharacter), ("", "", host, .empty),
            ("a", String(repeating: "x", count: 4096), host, .tooLong), ("a", "x", suffix, .publicSuffix),
            ("__Secure-a", "x", below, .prefix), ("__Host-a", "x", below, .prefix),
        ] {
            #expect(throws: refusal, "\(name)") {
                try jar.add(name: name, value: SecretBytes(value), place: place, now: june2018)
            }
        }
        #expect(jar.count == 2)
    }

    @Test func aValueByHand() throws {
        var jar = CookieJar()
        jar.store(["__Host-a=1; Secure; Path=/; HttpOnly; Max-Age=60"], from: "https://example.com/")
        let before = try #require(jar.cookies.first)
        let change = try jar.set(SecretBytes("2"), of: before, now: june2018)
        #expect(change.set.count == 1 && change.deleted.isEmpty)
        let after = try #require(jar.cookies.first)
        #expect(jar.count == 1 && after.value == SecretBytes("2") && after.key == before.key)
        #expect(
            after.isHTTPOnly && after.isSecure && after.expiry == before.expiry && after.sequence == before.sequence)
        #expect(try jar.set(SecretBytes("2"), of: after, now: june2018).isEmpty)
        #expect(throws: CookieRefusal.delimiter) { try jar.set(SecretBytes("3;x"), of: after, now: june2018) }
        let ended = try jar.set(SecretBytes("4"), of: after, expiry: june2018, now: june2018)
        #expect(ended.deleted == [after.key] && jar.count == 0)
        #expect(jar.delete([after.key]).isEmpty)
    }
}
