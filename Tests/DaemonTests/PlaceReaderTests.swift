import Model
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
        "refuses what is no place, and patterns that reach a public suffix",
        arguments: [
            "", "api.example.com", "ftp://x.example", "https://", "https://user@api.example.com", "https://*.com",
            "https://*.co.uk", "https://*", "https://*.*.example.com", "https://a.*.example.com",
            "https://x.example/?q",
            "https://x.example/#f", "https://x.example/%2e%2e/b", "https://*.127.0.0.1", "http://*.0.1",
            "http://*.999", "https://*.1.2.3.4",
            "https://x.example/\nb", "https://x\u{0}.example",
        ])
    func refuses(_ text: String) { #expect(throws: Failure.self) { try reader.read(text) } }
}
