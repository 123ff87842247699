import Model
import Testing

@testable import Transfer

@Suite struct URLParserTests {
    @Test(arguments: [
        ("http://example.com", "http", "example.com", 80, "/", "http://example.com/"),
        ("https://example.com", "https", "example.com", 443, "/", "https://example.com/"),
        ("HTTPS://EXAMPLE.Com:443/A?b=C#d", "https", "example.com", 443, "/A", "https://EXAMPLE.Com:443/A?b=C"),
        ("http://example.com:8080/a/b?c", "http", "example.com", 8080, "/a/b", "http://example.com:8080/a/b?c"),
        ("http://127.1/", "http", "127.0.0.1", 80, "/", "http://127.0.0.1/"),
        ("http://2130706433/", "http", "127.0.0.1", 80, "/", "http://127.0.0.1/"),
        ("http://0x7f.1/", "http", "127.0.0.1", 80, "/", "http://127.0.0.1/"),
        ("http://[::1]:9/", "http", "::1", 9, "/", "http://[::1]:9/"),
        ("http://[2001:DB8:0::1]/", "http", "2001:db8::1", 80, "/", "http://[2001:db8::1]/"),
        ("https://bücher.example/", "https", "xn--bcher-kva.example", 443, "/", "https://xn--bcher-kva.example/"),
        ("https://e%78ample.com/", "https", "example.com", 443, "/", "https://example.com/"),
        ("http://example.com./", "http", "example.com.", 80, "/", "http://example.com./"),
        ("http://a/b/../c/./d", "http", "a", 80, "/c/d", "http://a/c/d"),
        ("http://a/b/%2e%2e/c", "http", "a", 80, "/b/%2e%2e/c", "http://a/b/%2e%2e/c"),
        ("http://a/b%2Fc//d", "http", "a", 80, "/b%2Fc//d", "http://a/b%2Fc//d"),
        ("http:///path", "http", "path", 80, "/", "http://path/"),
        ("http://a?b/c", "http", "a", 80, "/", "http://a/?b/c"),
    ]) func reads(_ text: String, _ scheme: String, _ host: String, _ port: UInt16, _ path: String, _ full: String)
        throws
    {
        let parsed = try URLParser.parse(text)
        #expect(parsed.target.scheme.rawValue == scheme)
        #expect(parsed.target.host == host)
        #expect(parsed.target.port == port)
        #expect(parsed.target.path == path)
        #expect(parsed.text == full)
    }

    @Test(arguments: [
        ("http://127.0.0.1:9001\\@127.0.0.1:9003/", URLFailure.userInformation),
        ("http://user@example.com/", .userInformation),
        ("http://user:password@example.com/", .userInformation),
        ("http://:@example.com/", .userInformation),
        ("ftp://example.com/", .unsupportedScheme),
        ("file:///etc/passwd", .unsupportedScheme),
        ("gopher://example.com/", .unsupportedScheme),
        ("nonsense://example.com/", .unsupportedScheme),
        ("example.com", .noScheme),
        ("/path", .noScheme),
        ("", .noScheme),
        ("http://", .malformed),
        ("http://a:0/", .malformed),
        ("http://a:65536/", .malformed),
        ("http://a:b/", .malformed),
        ("http://[::1/", .malformed),
        ("http://[fe80::1%25lo]/", .malformed),
        ("http://a b/", .controlCharacter),
        ("http://a/b c", .controlCharacter),
        ("http://a/\r\nX: y", .controlCharacter),
        ("http://a/\u{0}", .controlCharacter),
        ("http://a\t/", .controlCharacter),
        ("http://a/\u{7F}", .controlCharacter),
    ]) func refuses(_ text: String, _ failure: URLFailure) {
        #expect(throws: failure) { try URLParser.parse(text) }
    }

    @Test func refusesWhatIsTooLong() {
        let long = "http://a/" + String(repeating: "b", count: URLParser.lengthLimit)
        #expect(throws: URLFailure.tooLong) { try URLParser.parse(long) }
    }

    @Test(arguments: [
        ("/login", "https://a.example/x/y?z", "https://a.example/login"),
        ("next", "https://a.example/x/y?z", "https://a.example/x/next"),
        ("../up?q=1#f", "https://a.example/x/y/z", "https://a.example/x/up?q=1"),
        ("?q", "https://a.example/x", "https://a.example/x?q"),
        ("//b.example/", "https://a.example/x", "https://b.example/"),
        ("http://b.example:81/", "https://a.example/x", "http://b.example:81/"),
        ("a b", "https://a.example/", "https://a.example/a%20b"),
        ("", "https://a.example/x?y", "https://a.example/x?y"),
        ("#f", "https://a.example/x?y", "https://a.example/x?y"),
    ]) func resolves(_ reference: String, _ base: String, _ full: String) throws {
        #expect(try URLParser.resolve(reference, against: base).text == full)
    }

    @Test(arguments: [
        ("javascript:alert(1)", URLFailure.unsupportedScheme),
        ("file:///etc/passwd", .unsupportedScheme),
        ("//user@b.example/", .userInformation),
        ("/a\r\nX: y", .controlCharacter),
    ]) func resolveRefuses(_ reference: String, _ failure: URLFailure) {
        #expect(throws: failure) { try URLParser.resolve(reference, against: "https://a.example/x") }
    }
}
