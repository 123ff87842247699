import Model
import Prose
import Testing

@testable import Daemon

struct PlaceReaderTests {
    private let reader = PlaceReader(syntax: .libcurl)

    @Test(
        arguments: [
            ("https://api.example.com", "https://api.example.com"),
            ("HTTPS://API.Example.COM:443/", "https://api.example.com"),
            ("https://api.example.com:8443/v1/", "https://api.example.com:8443/v1"),
            ("https://*.example.com", "https://*.example.com"), ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
            ("http://[::1]:8000", "http://[::1]:8000"), ("https://bücher.example", "https://xn--bcher-kva.example"),
            ("http://*.example.org:8888", "http://*.example.org:8888"),
            // As libcurl reads it.
            ("https://x.example/a/../b", "https://x.example/b"),
        ])
    func reads(_ text: String, _ place: String) throws { #expect(try reader.read(text).description == place) }

    @Test(
        "says why a text is no place, or a pattern that reaches a public suffix",
        arguments: [
            ("", .empty), ("https://x.example/" + String(repeating: "a", count: 2048), .tooLong),
            ("https://a b", .blank), ("https://x.example/\nb", .blank), ("api.example.com", .noScheme),
            ("api.example.com:8443/v1", .noScheme), ("ftp://x.example", .otherScheme), ("https://", .noHost),
            ("https://:8443", .noHost), ("https://alice:pw@x.example", .user), ("https://x.example/?q", .query),
            ("https://x.example/#f", .query), ("https://x.example:99999", .port), ("https://x.example:0", .port),
            ("https://x.example:a", .port), ("https://[::1]:99999", .port), ("https://[::g]", .host),
            ("https://*", .wildcard), ("https://a.*.example.com", .wildcard), ("https://*.*.example.com", .wildcard),
            ("https://*.com", .publicSuffix), ("https://*.co.uk", .publicSuffix), ("https://*.1.2.3.4", .belowAddress),
            ("https://*.127.0.0.1", .belowAddress),
            // libcurl reads both as addresses.
            ("http://*.0.1", .belowAddress), ("http://*.999", .belowAddress), ("https://x\u{0}.example", .blank),
            ("https://x.example/%2e%2e/b", .dotSegment), ("https://a..b", .host), ("https://-a.example", .host),
            ("https://a-.example", .host), ("https://*.a..example.com", .host), ("https://.a.example", .host),
            ("https://\(String(repeating: "a", count: 64)).example", .host),
            ("https://\(String(repeating: "a.", count: 127))b", .host),
        ] as [(String, PlaceFault)])
    func fault(_ text: String, _ fault: PlaceFault) {
        #expect(throws: Failure.badPlace(text, fault)) { try reader.read(text) }
    }

    @Test("no password is repeated") func password() {
        #expect(throws: Failure.self) { try reader.read("https://alice:pw@x.example") }
        #expect(!Failure.badPlace("https://alice:pw@x.example", .user).message.contains("pw"))
    }

    @Test(
        "names that are long, but names",
        arguments: [
            String(repeating: "a", count: 63) + ".example", String(repeating: "a.", count: 126) + "b", "a_b.example",
            "xn--a.example", "1.example", "a--b.example", "x.example.",
        ])
    func names(_ host: String) throws { #expect(try reader.read("https://" + host).description == "https://" + host) }
}
