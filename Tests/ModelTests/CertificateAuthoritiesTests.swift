import Model
import Testing

@Suite struct CertificateAuthoritiesTests {
    private let one = "-----BEGIN CERTIFICATE-----\nTUlJQg==\n-----END CERTIFICATE-----\n"

    @Test func `what stands around certificates is dropped, a key too`() throws {
        let text = "subject=CN = a\r\n\(one)-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n "
        let found = try #require(CertificateAuthorities(text.replacing("\n", with: "\r\n")))
        #expect(found.count == 1)
        #expect(found.pem == one)
        #expect(CertificateAuthorities(one + "a comment\n" + one)?.pem == one + one)
        #expect(CertificateAuthorities(found.pem) == found)
    }

    @Test(arguments: [
        "", "nothing", "-----BEGIN CERTIFICATE-----\nTUlJQg==\n", "-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
        String(repeating: "x", count: CertificateAuthorities.largest + 1),
    ])
    func `what is none is refused`(_ text: String) {
        #expect(CertificateAuthorities(text) == nil)
    }
}
