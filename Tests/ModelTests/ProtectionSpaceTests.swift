import Testing

@testable import Model

struct ProtectionSpaceTests {
    private func target(_ scheme: Scheme, _ host: String, _ port: UInt16, _ path: String) -> RequestTarget {
        RequestTarget(scheme: scheme, host: host, port: port, path: path)
    }

    private func matches(_ place: Place, _ path: String) -> Bool {
        place.match(target(.https, "api.example.com", 443, path)) != nil
    }

    @Test func origin() {
        let place = Place(scheme: .https, host: .exactly("api.example.com"), port: 443)
        #expect(place.match(target(.https, "api.example.com", 443, "/")) != nil)
        #expect(place.match(target(.https, "api.example.com", 443, "/a/../b")) != nil)
        #expect(place.match(target(.http, "api.example.com", 443, "/")) == nil)
        #expect(place.match(target(.https, "api.example.com", 8443, "/")) == nil)
        for host in ["example.com", "x.api.example.com", "xapi.example.com", "api.example.com.", "api.example.co", ""] {
            #expect(place.match(target(.https, host, 443, "/")) == nil, "\(host)")
        }
        let plain = Place(scheme: .http, host: .exactly("api.example.com"), port: 80)
        #expect(plain.match(target(.https, "api.example.com", 443, "/")) == nil)
        #expect(plain.match(target(.https, "api.example.com", 80, "/")) == nil)
    }

    @Test func wildcard() {
        let place = Place(scheme: .https, host: .below("example.com"), port: 443)
        for host in ["a.example.com", "a.b.example.com", "*.example.com"] {
            #expect(place.match(target(.https, host, 443, "/")) != nil, "\(host)")
        }
        for host in [
            "example.com", ".example.com", "xexample.com", "a.example.com.", "example.com.evil.org", "com", "",
        ] {
            #expect(place.match(target(.https, host, 443, "/")) == nil, "\(host)")
        }
    }

    @Test func prefix() {
        for place in ["/api", "/api/"].map({
            Place(scheme: .https, host: .exactly("api.example.com"), port: 443, path: $0)
        }) {
            for path in [
                "/api", "/api/", "/api/x", "/api//x", "/api/x.y", "/api/..x", "/api/x..", "/api/...", "/api/%2",
                "/api/%zz",
            ] {
                #expect(matches(place, path), "\(path)")
            }
            for path in ["/", "/ap", "/apix", "/api.", "/api%2Fx", "/API", "/x/api", "api", ""] {
                #expect(!matches(place, path), "\(path)")
            }
        }
    }

    @Test(arguments: [
        "/api/../x", "/api/..", "/api/.", "/api/./x", "/api/%2e%2e/x", "/api/%2E./x", "/api/.%2e", "/api/%2e",
        "/api/..%2fx",
        "/api/..%2Fx", "/api/..%5cx", "/api/..\\x", "/api/x\\..\\y", "/api/%252e%252e/x", "/api/%252e%252e%252fx",
        "/api/..;/x", "/api/..;a=b/x", "/api/.;/x", "/api/%2e%2e%3b/x", "/api/x%2f..", "/api/x%2f%2e%2e%2f",
    ])
    func dotSegments(_ path: String) {
        let place = Place(scheme: .https, host: .exactly("api.example.com"), port: 443, path: "/api")
        #expect(!matches(place, path))
        let whole = Place(scheme: .https, host: .exactly("api.example.com"), port: 443)
        #expect(matches(whole, path))
    }

    /// Bytes are compared, not letters: servers do.
    @Test func composedAndDecomposedDiffer() {
        let place = Place(scheme: .https, host: .exactly("api.example.com"), port: 443, path: "/e\u{301}\u{323}")
        #expect(matches(place, "/e\u{301}\u{323}/x"))
        #expect(!matches(place, "/e\u{323}\u{301}/x"))
        // A combining mark after the boundary belongs to the request.
        #expect(matches(place, "/e\u{301}\u{323}/\u{301}x"))
        let host = Place(scheme: .https, host: .below("e\u{301}\u{323}"), port: 443)
        #expect(host.match(target(.https, "a.e\u{323}\u{301}", 443, "/")) == nil)
        let exact = Place(scheme: .https, host: .exactly("e\u{301}\u{323}"), port: 443)
        #expect(exact.match(target(.https, "e\u{323}\u{301}", 443, "/")) == nil)
    }

    @Test func longestMatch() throws {
        let request = target(.https, "a.b.example.com", 443, "/api/v1/x")
        func length(_ host: Place.Host, _ path: String = "") throws -> MatchLength {
            try #require(Place(scheme: .https, host: host, port: 443, path: path).match(request))
        }
        let order = [
            try length(.below("example.com")), try length(.below("example.com"), "/api/v1"),
            try length(.below("b.example.com")), try length(.exactly("a.b.example.com")),
            try length(.exactly("a.b.example.com"), "/api"), try length(.exactly("a.b.example.com"), "/api/v1"),
        ]
        #expect(order == order.sorted())
        #expect(Set(order).count == order.count)
        let space = ProtectionSpace([
            Place(scheme: .https, host: .below("example.com"), port: 443),
            Place(scheme: .https, host: .exactly("a.b.example.com"), port: 443, path: "/api"),
        ])
        #expect(space.match(request) == order[4])
        #expect(space.match(target(.http, "a.b.example.com", 443, "/")) == nil)
        #expect(ProtectionSpace([]).match(request) == nil)
    }

    @Test func originsWithinASpace() {
        let space = ProtectionSpace([
            Place(scheme: .https, host: .exactly("a.b"), port: 443, path: "/x"),
            Place(scheme: .https, host: .below("c.d"), port: 8443),
        ])
        func includes(_ host: Place.Host, _ port: UInt16, _ scheme: Scheme = .https) -> Bool {
            space.includes(originOf: Place(scheme: scheme, host: host, port: port, path: "/y"))
        }
        #expect(includes(.exactly("a.b"), 443) && includes(.exactly("e.c.d"), 8443) && includes(.below("c.d"), 8443))
        #expect(includes(.below("e.c.d"), 8443))
        #expect(!includes(.exactly("a.b"), 8443) && !includes(.exactly("a.b"), 443, .http))
        #expect(!includes(.exactly("c.d"), 8443) && !includes(.exactly("xc.d"), 8443) && !includes(.below("d"), 8443))
        #expect(!includes(.below("a.b"), 443) && !includes(.exactly("x.a.b"), 443))
    }

    @Test func texts() {
        #expect(Place(scheme: .https, host: .exactly("a.b"), port: 443).description == "https://a.b")
        #expect(Place(scheme: .http, host: .exactly("a.b"), port: 443).description == "http://a.b:443")
        #expect(
            Place(scheme: .https, host: .below("a.b"), port: 8443, path: "/x/").description == "https://*.a.b:8443/x")
        #expect(Place(scheme: .http, host: .exactly("::1"), port: 80).description == "http://[::1]")
    }
}
