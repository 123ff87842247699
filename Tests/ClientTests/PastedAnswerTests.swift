import Testing

@testable import Client

@Suite struct PastedAnswerTests {
    private func place(_ query: String) -> String? {
        PastedAnswer(to: "https://id.example/authorize?" + query)?.redirectURI
    }

    @Test func `the answer goes where the daemon listens`() {
        #expect(
            place("client_id=a&redirect_uri=http%3A%2F%2F127.0.0.1%3A4711%2Fcallback&state=s")
                == "http://127.0.0.1:4711/callback")
    }

    @Test func `and not where the server's own address says`() {
        #expect(
            place("redirect_uri=http://127.0.0.1:631/callback&redirect_uri=http://127.0.0.1:4711/callback")
                == "http://127.0.0.1:4711/callback")
    }

    @Test(arguments: [
        "", "redirect_uri=http://127.0.0.1:631/x", "redirect_uri=http://127.0.0.1:631/callback/x",
        "redirect_uri=http://127.0.0.1:0631/callback", "redirect_uri=http://127.0.0.1:631",
        "redirect_uri=http://127.0.0.1:70000/callback", "redirect_uri=http://192.0.2.1:631/callback",
        "redirect_uri=https://127.0.0.1:631/callback",
    ])
    func `any other place is none`(_ query: String) {
        #expect(place(query) == nil)
    }
}
