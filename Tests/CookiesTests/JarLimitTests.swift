import Model
import Testing

@testable import Cookies

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
