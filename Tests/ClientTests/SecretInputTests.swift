import Model
import Testing

@testable import Client
@testable import Prose

@Suite struct SecretInputTests {
    private func lines(_ input: String, _ names: [String] = ["token"]) -> [String]? {
        (try? SecretInput.lines(of: SecretBytes(input), names: names))?.map(text)
    }

    @Test func oneFinalNewlineIsDropped() {
        #expect(lines("secret") == ["secret"])
        #expect(lines("secret\n") == ["secret"])
        #expect(lines("secret\n\n") == nil)
    }

    @Test(arguments: ["", "\n", "a\r\n", "a\rb", "a\0b", "a\nb"])
    func whatCannotBeASecretIsRefused(_ input: String) {
        #expect(throws: Failure.self) { try SecretInput.lines(of: SecretBytes(input), names: ["token"]) }
    }

    @Test func theRefreshTokenIsTheSecondLine() {
        let names = ["token", "refresh token"]
        #expect(lines("a\nb\n", names) == ["a", "b"])
        #expect(lines("a\nb", names) == ["a", "b"])
        #expect(lines("a\n", names) == nil)
        #expect(lines("a\n\n", names) == nil)
        #expect(lines("a\nb\nc", names) == nil)
    }

    @Test func bytesThatAreNotUTF8AreRefused() {
        #expect(throws: Failure.self) { try SecretInput.text(SecretBytes([0x61, 0xFF]), name: "token") }
        #expect(throws: Never.self) { try SecretInput.text(SecretBytes("é"), name: "token") }
    }

    @Test func aRefusalDoesNotNameTheSecret() {
        let failure = #expect(throws: Failure.self) {
            try SecretInput.lines(of: SecretBytes("hunter2\r\n"), names: ["token"])
        }
        #expect(failure?.code == .usage)
        #expect(failure?.message.contains("hunter2") == false)
    }
}
