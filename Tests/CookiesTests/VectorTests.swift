import Model
import Testing

@testable import Cookies

struct VectorTests {
    /// Rows of set-cookie.jsonl that the text of RFC 6265bis contradicts, with what it says.
    static let contradicted: [String: (cookie: String, section: String)] = [
        "0028": (
            "foo", "5.6, step 3: a tab alone is an empty name and an empty value; the row's answer is no Cookie field"
        ),
        "disabled-chromium0022": ("", "5.6, step 1: NUL makes the whole field be ignored"),
        "disabled-chromium0023": ("", "5.6, step 1: CR makes the whole field be ignored"),
        "name0025": ("==a=bar", "5.6, step 3: the name ends at the first `=`; an empty name is no reason to ignore"),
    ]

    @Test(arguments: [("set-cookie.jsonl", 148, 4), ("cookies-more.jsonl", 215, 0)])
    func setCookie(file: String, rows: Int, contradicted: Int) throws {
        let lines = vectorLines(file)
        #expect(lines.count == rows)
        var contradictions = 0
        for line in lines {
            let row = try JSONDocument(SecretBytes(line)).root
            let id = try row.text("id")
            var jar = CookieJar()
            let fields = try row.texts("set_cookie").map { SecretBytes(latin1($0)) }
            jar.store(setCookie: fields, from: target(try row.text("from")), now: june2018)
            let sent = jar.cookieLine(for: target(absolute(try row.text("to"))), now: june2018).value
            let expected = latin1(try row.text("cookie"))
            let got = sent.map { secret in secret.withBytes { bytes in bytes.indices.map { bytes[$0] } } } ?? []
            if let row = Self.contradicted[id] {
                contradictions += 1
                #expect(got == Array(row.cookie.utf8), "\(id)")
                #expect(got != expected, "\(id) agrees by now")
            } else {
                #expect(got == expected, "\(id)")
            }
        }
        #expect(contradictions == contradicted)
    }

    @Test func dates() throws {
        let lines = vectorLines("cookie-dates.jsonl")
        #expect(lines.count == 49)
        for line in lines {
            let row = try JSONDocument(SecretBytes(line)).root
            let test = try row.text("test")
            let expected = try row.optionalText("expected").map(rfc3339)
            #expect(CookieDate.parse(Array(test.utf8))?.rfc3339 == expected, "\(test)")
        }
    }

    @Test func publicSuffixes() {
        let lines = vectorLines("public-suffix.txt")
        #expect(lines.count == 78)
        for line in lines {
            let columns = line.split(separator: "\t").map(String.init)
            // The row of `null` is a host that is not there.
            let host = columns[0] == "null" ? "" : columns[0]
            #expect(PublicSuffix.registrableDomain(host) == (columns[1] == "null" ? nil : columns[1]), "\(line)")
            if columns[1] == "null" { #expect(PublicSuffix.isSuffix(host), "\(line)") }
            if columns[1] == columns[0], columns[0] != "null" { #expect(!PublicSuffix.isSuffix(host), "\(line)") }
        }
    }

    /// Some rows ask for a path alone, of the same origin.
    private func absolute(_ url: String) -> String {
        url.hasPrefix("/") ? "http://home.example.org:8888" + url : url
    }

    private func latin1(_ text: String) -> [UInt8] { text.unicodeScalars.map { UInt8($0.value) } }

    /// `Mon, 10 Dec 2007 17:02:24 GMT` as `2007-12-10T17:02:24Z`.
    private func rfc3339(_ date: String) -> String {
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let parts = date.split(separator: " ")
        let month = String((names.firstIndex(of: String(parts[2])) ?? 0) + 1)
        return "\(parts[3])-\(month.count == 1 ? "0" : "")\(month)-\(parts[1])T\(parts[4])Z"
    }
}
