import Testing

@testable import Model

struct SessionNameTests {
    @Test(arguments: [
        "a", "github", "work/django", "a.b_c@d-e", "a/b/c", "9", "@me", "_x", "a..b", "a-", "a.", "a/-b", "a/.b",
        String(repeating: "a", count: 64),
    ])
    func good(_ text: String) throws {
        #expect(try #require(SessionName(text)).description == text)
    }

    @Test(arguments: [
        "", "-a", ".a", "..", ".", "/", "/a", "a/", "a//b", "a/../b", "a/./b", "../a", "a/..", "a b", "a\n", "\na",
        "a\u{0}",
        "é", "a\u{301}", "a:b", "a\\b", "a*", "~", "ａ", String(repeating: "a", count: 65),
    ])
    func bad(_ text: String) {
        #expect(SessionName(text) == nil)
    }

    @Test func fromHosts() {
        #expect(SessionName(host: "api.example.com").description == "api")
        #expect(SessionName(host: "localhost").description == "localhost")
        #expect(SessionName(host: "127.0.0.1").description == "127.0.0.1")
        #expect(SessionName(host: "::1").description == "1")
        for host in ["", ".", "..", "-x.org", "\u{e9}.org", String(repeating: "a", count: 300)] {
            #expect(SessionName(SessionName(host: host).description) != nil, "\(host)")
        }
    }

    @Test func firstFree() throws {
        let name = try #require(SessionName("api"))
        #expect(name.firstFree { _ in false }.description == "api")
        #expect(name.firstFree { ["api", "api-2"].contains($0.description) }.description == "api-3")
        let long = try #require(SessionName(String(repeating: "a", count: 64)))
        let free = long.firstFree { $0 == long }.description
        #expect(free.utf8.count == 64 && free.hasSuffix("-2"))
    }

    @Test func ids() throws {
        let id = SessionID()
        #expect(SessionID(id.description) == id)
        #expect(id.description.utf8.count == 32)
        for bad in [
            "", String(repeating: "0", count: 31), "+" + String(repeating: "0", count: 31),
            String(repeating: "g", count: 32),
        ] {
            #expect(SessionID(bad) == nil, "\(bad)")
        }
    }
}

struct RFC3339Tests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2026-11-24T05:29:56Z", 1_795_498_196), ("1969-12-31T23:59:59Z", -1),
        ("2000-02-29T12:00:00Z", 951_825_600), ("0000-01-01T00:00:00Z", -62_167_219_200),
        ("9999-12-31T23:59:59Z", 253_402_300_799),
    ])
    func bothWays(_ text: String, _ seconds: Int64) {
        #expect(WallInstant(rfc3339: text)?.seconds == seconds)
        #expect(WallInstant(seconds: seconds).rfc3339 == text)
    }

    @Test(arguments: [
        ("2026-11-24t05:29:56z", 1_795_498_196), ("2026-11-24T05:29:56.999Z", 1_795_498_196),
        ("2026-11-24T06:29:56+01:00", 1_795_498_196), ("2026-11-23T23:59:56-05:30", 1_795_498_196),
        ("2016-12-31T23:59:60Z", 1_483_228_800),
    ])
    func otherForms(_ text: String, _ seconds: Int64) {
        #expect(WallInstant(rfc3339: text)?.seconds == seconds)
    }

    @Test(arguments: [
        "", "2026-11-24", "2026-11-24T05:29:56", "2026-11-24 05:29:56Z", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z",
        "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
        "2026-01-01T00:00:61Z", "2026-01-01T00:00:00+1:00", "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00Zx",
        "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00x01:00", "26-01-01T00:00:00Z", "+026-01-01T00:00:00Z",
        "2026-01-01T00:00:00+aa:00", "2026-01-01T00:00:0éZ", "2026-01-01T00:00:00-", "2026-1-01T00:00:000Z",
    ])
    func noTime(_ text: String) {
        #expect(WallInstant(rfc3339: text) == nil)
    }

    @Test func daysBothWays() {
        for days in stride(from: Int64(-800_000), through: 3_000_000, by: 97) {
            let date = CivilDate(daysSinceEpoch: days)
            #expect(date.daysSinceEpoch == days)
            #expect((1...CivilDate.days(in: date.month, of: date.year)).contains(date.day))
        }
    }

    /// No moment a server can name makes arithmetic or printing overflow.
    @Test(arguments: [Int64.min, Int64.max, -1, 0])
    func extremes(_ seconds: Int64) {
        let instant = WallInstant(seconds: seconds)
        #expect(!instant.rfc3339.isEmpty)
        #expect(instant + 1_000 > WallInstant(seconds: .min))
        #expect((instant + .max) >= instant)
        #expect((instant + .min) <= instant)
    }
}
