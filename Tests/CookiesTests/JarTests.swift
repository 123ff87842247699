import Model
import Testing

@testable import Cookies

/// Browsers' and curl's old mistakes, by name, and the rules of RFC 6265bis that the vectors do not reach.
struct StorageTests {
    private func refusal(_ line: String, from url: String = "https://www.example.com/a/b") -> CookieRefusal? {
        refusal(SecretBytes(line), from: url)
    }

    private func refusal(_ line: SecretBytes, from url: String = "https://www.example.com/a/b") -> CookieRefusal? {
        do {
            _ = try Cookie.parse(setCookie: line, from: target(url), now: june2018)
            return nil
        } catch {
            return error
        }
    }

    private func cookie(_ line: String, from url: String = "https://www.example.com/a/b") throws -> Cookie {
        try Cookie.parse(setCookie: SecretBytes(line), from: target(url), now: june2018)
    }

    @Test func fields() throws {
        let cookie = try cookie("sid=s3; Domain=.Example.com; Path=/a; Secure; HttpOnly; SameSite=Lax; Max-Age=60; x=y")
        #expect(cookie.name == "sid" && text(cookie.value) == "s3")
        #expect(cookie.domain == "example.com" && !cookie.isHostOnly && cookie.path == "/a")
        #expect(cookie.isSecure && cookie.isHTTPOnly && cookie.sameSite == .lax)
        #expect(cookie.expiry == june2018 + 60 && cookie.creation == june2018)
        let plain = try self.cookie("sid=s3")
        #expect(plain.domain == "www.example.com" && plain.isHostOnly && plain.path == "/a" && plain.expiry == nil)
    }

    @Test(arguments: [
        ("/", "/"), ("/a", "/"), ("/a/", "/a"), ("/a/b", "/a"), ("/a/b/", "/a/b"), ("//", "/"), ("", "/"),
    ])
    func defaultPath(_ path: String, _ expected: String) { #expect(Host.defaultPath(of: path) == expected) }

    @Test func lengths() {
        func pair(_ name: Int, _ value: Int) -> String {
            String(repeating: "n", count: name) + "=" + String(repeating: "v", count: value)
        }
        #expect(refusal(pair(96, 4000)) == nil)
        #expect(refusal(pair(97, 4000)) == .tooLong)
        #expect(refusal(pair(0, 4096)) == nil)
        #expect(refusal(pair(4097, 0)) == .tooLong)
        // White space around does not count.
        #expect(refusal("  " + pair(96, 4000) + "  ") == nil)
    }

    @Test func longAttributesAreIgnored() throws {
        let path = "/" + String(repeating: "p", count: 1023)
        #expect(try cookie("a=b; Path=" + path).path == path)
        #expect(try cookie("a=b; Path=" + path + "p").path == "/a")
        #expect(try cookie("a=b; Path=/x; Path=" + path + "p").path == "/x")
        let domain = String(repeating: "d", count: 1025)
        #expect(try cookie("a=b; Domain=" + domain).isHostOnly)
    }

    @Test func controlCodes() {
        for byte in UInt8.min...UInt8.max where byte < 0x20 || byte == 0x7F {
            for line in [
                Array("a=".utf8) + [byte] + Array("b".utf8), Array("a".utf8) + [byte] + Array("=b".utf8),
                Array("a=b; Path=/".utf8) + [byte],
            ] { #expect(refusal(SecretBytes(line)) == (byte == 0x09 ? nil : .controlCharacter), "\(byte)") }
        }
    }

    @Test func notUTF8() {
        #expect(refusal(SecretBytes([0x61, 0x3D, 0xE9])) == .notUTF8)
        #expect(refusal(SecretBytes([0xE9, 0x3D, 0x61])) == .notUTF8)
        #expect(refusal(SecretBytes(Array("a=b; Path=/".utf8) + [0xE9])) == .notUTF8)
        #expect(refusal("a=b; Domain=\u{e9}.example.com") == .badDomain)
        // A letter that lower-cases to ASCII does not name an ASCII domain.
        #expect(refusal("a=b; Domain=\u{212A}.org", from: "https://k.org/") == .badDomain)
    }

    @Test func lifetimes() throws {
        #expect(try cookie("a=b; Max-Age=60; Expires=Fri, 01 Jun 2018 01:00:00 GMT").expiry == june2018 + 60)
        #expect(try cookie("a=b; Expires=Fri, 01 Jun 2018 01:00:00 GMT; Max-Age=60").expiry == june2018 + 60)
        #expect(try cookie("a=b; Max-Age=x; Expires=Fri, 01 Jun 2018 01:00:00 GMT").expiry == june2018 + 3600)
        let cap = june2018 + 400 * 86_400
        for line in ["Max-Age=99999999999999999999999999", "Max-Age=34560001", "Expires=Fri, 01 Jan 2100 00:00:00 GMT"]
        {
            #expect(try cookie("a=b; " + line).expiry == cap, "\(line)")
        }
        for line in ["Max-Age=0", "Max-Age=-1", "Max-Age=-99999999999999999999", "Max-Age=00"] {
            #expect(try cookie("a=b; " + line).isExpired(at: june2018), "\(line)")
        }
        for line in [
            "Max-Age=", "Max-Age=-", "Max-Age=+5", "Max-Age=1.5", "Max-Age=5s", "Expires=", "Expires=tomorrow",
        ] {
            #expect(try cookie("a=b; " + line).expiry == nil, "\(line)")
        }
    }

    @Test func cookieDatesOfTheText() {
        for bad in [
            "31 Feb 2018 00:00:00", "29 Feb 2017 00:00:00", "32 Jan 2018 00:00:00", "0 Jan 2018 00:00:00",
            "1 Jan 1600 00:00:00", "1 Jan 2018 24:00:00", "1 Jan 2018 00:60:00", "1 Jan 2018 00:00:60", "1 Jan 2018",
            "1 Jan 12018 00:00:00", "1 Jan 2018 000:00:00", "1 Jan 2018 00:00", "Jan 2018 00:00:00",
        ] { #expect(CookieDate.parse(Array(bad.utf8)) == nil, "\(bad)") }
        func date(_ text: String) -> String? { CookieDate.parse(Array(text.utf8))?.rfc3339 }
        #expect(date("29 Feb 2016 00:00:00") == "2016-02-29T00:00:00Z")
        #expect(date("1 Jan 69 00:00:00") == "2069-01-01T00:00:00Z")
        #expect(date("1 Jan 70 00:00:00") == "1970-01-01T00:00:00Z")
        #expect(date("1 Jan 1601 00:00:00") == "1601-01-01T00:00:00Z")
        #expect(date("1 Jan 2018 1:2:3x") == "2018-01-01T01:02:03Z")
    }

    @Test func domainsOfTheHost() throws {
        for domain in ["www.example.com", ".www.example.com", "example.com", "WWW.Example.COM"] {
            #expect(try !cookie("a=b; Domain=" + domain).isHostOnly, "\(domain)")
        }
        for domain in ["", "."] { #expect(try cookie("a=b; Domain=" + domain).isHostOnly, "\(domain)") }
        for domain in [
            "x.www.example.com", "example.org", "ww.example.com", "w.example.com", "xample.com", "..example.com",
        ] {
            let refused = refusal("a=b; Domain=" + domain)
            #expect(refused == .foreignDomain || refused == .publicSuffix, "\(domain)")
        }
    }

    @Test func tailMatchWithoutDot() {
        #expect(refusal("a=b; Domain=ample.com", from: "https://example.com/") == .foreignDomain)
        var jar = CookieJar()
        jar.store(["a=b; Domain=example.com; Path=/"], from: "https://example.com/")
        #expect(jar.line("https://notexample.com/").isEmpty)
        #expect(jar.line("https://www.example.com/") == "a=b")
    }

    @Test func partialIP() throws {
        #expect(refusal("a=b; Domain=0.0.1", from: "http://127.0.0.1/") != nil)
        #expect(refusal("a=b; Domain=.0.1", from: "http://127.0.0.1/") != nil)
        #expect(refusal("a=b; Domain=1", from: "http://127.0.0.1/") != nil)
        #expect(refusal("a=b; Domain=::1", from: "http://[2001:db8::1]/") != nil)
        #expect(try cookie("a=b; Domain=127.0.0.1", from: "http://127.0.0.1/").isHostOnly)
        #expect(try cookie("a=b", from: "http://[::1]/").domain == "::1")
        var jar = CookieJar()
        jar.store(["a=b; Path=/"], from: "http://127.0.0.1/")
        jar.store(["c=d; Path=/"], from: "http://[::1]/")
        #expect(jar.line("http://127.0.0.1/") == "a=b")
        #expect(jar.line("http://[::1]/") == "c=d")
        #expect(jar.line("http://1.127.0.0.1/").isEmpty)
        #expect(!Host.isAddress("256.0.0.1") && !Host.isAddress("1.2.3") && !Host.isAddress("1.2.3.4.5"))
    }

    @Test func cookiesForTLDs() throws {
        for (domain, url) in [
            ("com", "https://example.com/"), ("co.uk", "https://example.co.uk/"), ("CO.uk", "https://example.co.uk/"),
            ("github.io", "https://me.github.io/"), ("unlisted", "https://host.unlisted/"),
        ] { #expect(refusal("a=b; Domain=" + domain, from: url) == .publicSuffix, "\(domain)") }
        #expect(try cookie("a=b; Domain=github.io", from: "https://github.io/").isHostOnly)
        #expect(try cookie("a=b; Domain=localhost", from: "http://localhost/").isHostOnly)
    }

    @Test func trailingDotSuffix() {
        #expect(refusal("a=b; Domain=com.", from: "https://example.com./") == .publicSuffix)
        #expect(refusal("a=b; Domain=co.uk.", from: "https://example.co.uk./") == .publicSuffix)
        #expect(refusal("a=b; Domain=example.com.", from: "https://example.com/") == .foreignDomain)
        #expect(PublicSuffix.isSuffix("com.") && PublicSuffix.isSuffix("com..") && PublicSuffix.isSuffix(""))
        #expect(!PublicSuffix.isSuffix("example.com.") && !PublicSuffix.isSuffix("127.0.0.1"))
        #expect(PublicSuffix.registrableDomain("www.example.co.uk.") == "example.co.uk")
    }

    @Test func prefixes() throws {
        let https = "https://www.example.com/"
        for line in [
            "__Secure-a=b", "__secure-a=b", "__Host-a=b; Secure", "__Host-a=b; Path=/", "__HOST-a=b; Secure; Path=/x",
            "__Host-a=b; Secure; Path=/; Domain=www.example.com", "__Host-a=b; Secure; Path=/; Path=/x",
            "=__Host-a=b; Secure; Path=/", "=__secure-a; Secure", "__Host-a", "__Secure-; Secure",
        ] { #expect(refusal(line, from: https) == .prefix, "\(line)") }
        for line in ["__Secure-a=b; Secure", "__Host-a=b; Secure; Path=/", "__Hosta=b", "_Host-a=b", "x__Secure-=b"] {
            #expect(refusal(line, from: https) == nil, "\(line)")
        }
        #expect(refusal("__Secure-a=b; Secure", from: "http://www.example.com/") == .insecureOrigin)
    }

    @Test func secure() {
        #expect(refusal("a=b; Secure", from: "http://www.example.com/") == .insecureOrigin)
        #expect(refusal("a=b; Secure", from: "http://127.0.0.1/") == .insecureOrigin)
        var jar = CookieJar()
        jar.store(["a=b; Secure; Path=/"], from: "https://127.0.0.1/")
        #expect(jar.line("http://127.0.0.1/").isEmpty)
        #expect(jar.line("https://127.0.0.1/") == "a=b")
    }

    /// 5.7, step 16, with its own example.
    @Test func leaveSecureCookiesAlone() {
        var jar = CookieJar()
        jar.store(["a=old; Secure; Path=/login"], from: "https://www.example.com/")
        for (line, url) in [
            ("a=new; Path=/login", "http://www.example.com/"), ("a=new; Path=/login/en", "http://www.example.com/"),
            ("a=new; Path=/login; Domain=example.com", "http://x.example.com/"),
            ("a=new; Path=/login; Domain=example.com", "http://example.com/"),
            ("a=; Path=/login; Max-Age=0", "http://www.example.com/"),
        ] { #expect(jar.store([line], from: url).isEmpty, "\(line)") }
        #expect(jar.line("https://www.example.com/login") == "a=old")
        for line in ["a=new; Path=/", "a=new; Path=/foo", "b=new; Path=/login"] {
            #expect(jar.store([line], from: "http://www.example.com/").set.count == 1, "\(line)")
        }
        #expect(jar.store(["a=new; Path=/login"], from: "http://other.org/").set.count == 1)
        #expect(jar.store(["a=new; Secure; Path=/login"], from: "https://www.example.com/").set.count == 1)
    }
}

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
}

struct JarLimitTests {
    @Test func setCookieFlood() {
        var jar = CookieJar()
        let change = jar.store((0..<10_000).map { "n\($0)=v" }, from: "https://example.com/")
        #expect(change.set.count == 1000 && jar.count == 1000)
    }

    /// The session's cookie, set again and again, outlives a flood of others; Secure ones go last.
    @Test func cookiesOfADomain() {
        var jar = CookieJar()
        jar.store(["old=1; Secure", "session=2; Secure", "plain=3"], from: "https://example.com/")
        for round in 1...4 {
            jar.store(["session=2; Secure"], from: "https://example.com/", now: june2018 + Int64(round))
            let change = jar.store(
                (0..<1000).map { "n\(round)-\($0)=v\($0 % 2 == 0 ? "; Secure" : "")" }, from: "https://example.com/",
                now: june2018 + Int64(round))
            if round == 3 { #expect(change.deleted.first?.name == "plain") }
            #expect(jar.count <= 3000)
        }
        #expect(jar.count == 3000)
        let names = Set(jar.cookies.map(\.name))
        #expect(names.contains("session") && names.contains("old") && !names.contains("plain"))
        // Another domain has its own room.
        jar.store(["a=1"], from: "https://example.org/")
        #expect(jar.count == 3001)
    }

    @Test func expiredCookiesGoFirst() {
        var jar = CookieJar()
        for round in 0..<3 {
            jar.store(
                (0..<1000).map { "n\(round)-\($0)=v; Max-Age=\(round == 2 ? 10 : 99)" }, from: "https://example.com/")
        }
        let change = jar.store((0..<500).map { "m\($0)=v" }, from: "https://example.com/", now: june2018 + 20)
        #expect(change.deleted.count == 500 && change.deleted.allSatisfy { $0.name.hasPrefix("n2-") })
    }

    @Test func cookiesOfAJar() {
        var jar = CookieJar()
        for host in 0..<101 {
            jar.store((0..<1000).map { "n\($0)=v" }, from: "https://h\(host).example.com/", now: june2018 + Int64(host))
        }
        #expect(jar.count <= CookieJar.most && jar.count >= CookieJar.most - 1000)
        #expect(jar.line("https://h0.example.com/").isEmpty)
        #expect(!jar.line("https://h100.example.com/").isEmpty)
    }
}
