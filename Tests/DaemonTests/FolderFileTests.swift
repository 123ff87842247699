import EventLoop
import LoopTesting
import Model
import Testing

@testable import Daemon

private func file(_ text: String, at path: String = "/p/.lanyard") throws -> FolderFile {
    var json = JSONWriter()
    json.object { json in
        json.member("path", path)
        json.member("text", text)
    }
    return try FolderFile(JSONDocument(json.finish()).root)
}

@Suite struct FolderFileTests {
    @Test func itNamesOneOrSeveral() throws {
        #expect(try file("session = 'work'").sessions().map(\.description) == ["work"])
        #expect(try file("# mine\n\nsession = ['a', \"b/c\"]\n").sessions().map(\.description) == ["a", "b/c"])
    }

    @Test(arguments: [
        "", "work", "session = 'a b'", "session = []", "session = ['a', 1]", "session = ''", "session = 'a'\nfor = 'b'",
        "session = '-x'",
    ])
    func whatIsNone(_ text: String) throws {
        let file = try file(text)
        #expect(throws: FileMistake.self) { try file.sessions() }
    }

    @Test func pathsThatCannotBe() {
        for path in ["", "p/.lanyard", "/a\n/.lanyard"] {
            #expect(throws: JSONFailure.self) { try file("", at: path) }
        }
    }
}
