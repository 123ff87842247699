import OAuth
import Testing

@Suite struct ScopesTests {
    @Test func `what a server lists, without what is no scope`() {
        #expect(Scopes.read(["a", "", "b c", "d\"", "e\\", "f\n", "\u{E9}", "a", "urn:x/y~!"]) == ["a", "urn:x/y~!"])
    }

    @Test func `no more than anybody needs`() {
        #expect(Scopes.read((0..<1000).map { "s\($0)" }) == (0..<100).map { "s\($0)" })
        let long = (10..<20).map { String(repeating: "x", count: 1000) + "\($0)" }
        #expect(Scopes.read(long) == Array(long.prefix(4)))
    }
}
