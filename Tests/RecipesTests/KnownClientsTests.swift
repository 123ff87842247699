import Model
import Testing
import Transfer

@testable import Recipes

@Suite struct KnownClientsTests {
    private func read(_ text: String) throws(FileMistake) -> KnownClients {
        try KnownClientFile.read(Array(text.utf8))
    }

    private func mistake(_ lines: String) -> FileMistake? {
        do throws(FileMistake) {
            _ = try read("[[client]]\n" + lines)
            return nil
        } catch { return error }
    }

    private let good = "hosts = \"a.example\"\nissuer = \"https://id.example\"\nclient-id = \"c\"\n"

    private func target(_ url: String) throws -> RequestTarget { try #require(URLSyntax.libcurl.parse(url)) }

    @Test func `the closest host counts, and the server's name`() throws {
        let clients = try read(
            """
            [[client]]
            hosts = ["*.site.example"]
            issuer = "https://id.example"
            client-id = "wide"
            [[client]]
            hosts = ["api.site.example"]
            issuer = "https://other.example"
            client-id = "close"
            scopes = ["a", "b"]
            """)
        #expect(clients.client(for: try target("https://api.site.example/x"))?.clientID == "close")
        #expect(clients.client(for: try target("https://b.site.example/"))?.clientID == "wide")
        #expect(clients.client(for: try target("https://example.org/")) == nil)
        #expect(clients.client(at: "https://other.example")?.scopes == ["a", "b"])
        #expect(clients.client(at: "https://other.example/") == nil)
    }

    @Test func `servers without metadata`() throws {
        let clients = try read(
            "[[client]]\n" + good
                + "token-endpoint = \"https://id.example/t\"\nauthorization-endpoint = \"http://127.0.0.1:1/a\"\n")
        let endpoints = try #require(clients.client(at: "https://id.example")?.endpoints)
        #expect(endpoints.token == "https://id.example/t" && endpoints.authorization == "http://127.0.0.1:1/a")
        #expect(endpoints.device == nil && endpoints.revocation == nil)
    }

    @Test func `a mistake has its line`() {
        #expect(mistake(good) == nil)
        #expect(mistake("hosts = \"a\"\nissuer = \"https://i\"\n")?.fault == .missingKey("client-id"))
        #expect(mistake(good + "secret = \"s\"\n")?.line == 5)
        #expect(
            mistake(good + "device-authorization-endpoint = \"https://i/d\"\n")?.fault == .missingKey("token-endpoint"))
        #expect(mistake(good + "token-endpoint = \"https://i/t\"\n")?.fault == .missingKey("authorization-endpoint"))
        #expect(mistake(good + "scopes = [\"a b\"]\n")?.fault == .value("scopes", expected: .scopes))
    }

    @Test(arguments: [
        "http://id.example", "ftp://a", "https://", "id.example", "http://127.0.0.1.evil.example/", "https://a#b",
    ])
    func `codes and tokens go by https, or to this machine`(_ url: String) {
        let text = "hosts = \"a\"\nissuer = \"\(url)\"\nclient-id = \"c\"\n"
        #expect(mistake(text) == FileMistake(.value("issuer", expected: .serverURL), line: 3))
    }
}
