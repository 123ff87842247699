import Model
import Testing

@testable import Daemon

@Suite struct ScopeChallengeTests {
    private func scopes(_ line: String) -> [String]? { ScopeChallenge([SecretBytes(line)])?.scopes }

    @Test func `what a server wants`() {
        #expect(scopes(#"Bearer error="insufficient_scope", scope="a b:c""#) == ["a", "b:c"])
        #expect(scopes(#"Basic realm="x", DPoP error=insufficient_scope, scope=a"#) == ["a"])
        #expect(scopes(#"Bearer error="insufficient_scope""#) == [])
    }

    @Test(arguments: ["", #"Bearer error="invalid_token", scope="a""#, #"Basic error="insufficient_scope""#, "Bearer"])
    func `what says something else`(_ line: String) {
        #expect(scopes(line) == nil)
    }

    @Test(arguments: ["a'b", "a;touch${IFS}x'", "ä", String(repeating: "a", count: 513)])
    func `what does not belong into a command a person copies`(_ scope: String) {
        #expect(scopes(#"Bearer error="insufficient_scope", scope="\#(scope)""#) == [])
    }
}
