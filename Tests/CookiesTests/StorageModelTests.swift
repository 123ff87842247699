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
        #expect(refusal(SecretBytes([0x61, 0x3D, 0xE9])) == nil)
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
            "__Http-a=b; Secure", "__http-a=b; HttpOnly", "__Host-Http-a=b; Secure; HttpOnly",
            "__Host-Http-a=b; Secure; Path=/", "__HOST-HTTP-a=b; Secure; HttpOnly; Path=/; Domain=www.example.com",
            "__Http-a; Secure; HttpOnly", "=__host-http-a; Secure; HttpOnly; Path=/",
        ] { #expect(refusal(line, from: https) == .prefix, "\(line)") }
        for line in [
            "__Secure-a=b; Secure", "__Host-a=b; Secure; Path=/", "__Hosta=b", "_Host-a=b", "x__Secure-=b",
            "__Http-a=b; Secure; HttpOnly", "__Host-Http-a=b; Secure; HttpOnly; Path=/", "__Httpa=b",
        ] {
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

    /// CHIPS: kept apart by the site of the URL that the script named.
    @Test func partitions() throws {
        #expect(refusal("a=b; Partitioned") == .partition)
        #expect(CookiePartition.key(of: target("https://a.www.example.co.uk:8443/x")) == "https://example.co.uk")
        #expect(CookiePartition.key(of: target("http://127.0.0.1:8000/x")) == "http://127.0.0.1")
        let widget = target("https://widget.example.net/")
        var jar = CookieJar()
        for (name, site) in [("one", "https://one.example"), ("two", "https://two.example")] {
            jar.store(
                setCookie: [SecretBytes("a=\(name); Secure; Partitioned")], from: widget, now: june2018, partition: site
            )
        }
        jar.store(["a=own; Secure; PARTITIONED=x", "b=all"], from: "https://widget.example.net/")
        func line(_ site: String?) -> String {
            text(jar.cookieLine(for: widget, now: june2018, partition: site).value)
        }
        #expect(line("https://one.example") == "a=one; b=all" && line("https://two.example") == "a=two; b=all")
        #expect(line(nil) == "a=own; b=all" && line("https://example.net") == "a=own; b=all")
        #expect(line("https://three.example") == "b=all" && jar.count == 4)
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
