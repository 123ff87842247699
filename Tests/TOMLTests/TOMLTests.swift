import Model
import TOML
import Testing

private func read(_ text: String) throws -> TOMLTable { try TOMLDocument(Array(text.utf8)).root }

/// The mistake that `body` finds; nil where it finds none.
private func mistake(_ body: () throws -> Void) -> FileMistake? {
    do { try body() } catch { return error as? FileMistake }
    return nil
}

@Suite struct TOMLTests {
    private let text = """
        # a comment
        name = "a \\u00e9"
        numbers = [
          1,
          2,
        ]
        on = true

        [table]
        inner = { key = 'x' }
        [[list]]
        a = 1
        [[list]]
        b = 2
        """

    @Test func everyKeyHasItsLine() throws {
        let root = try read(text)
        #expect(root.entries.map(\.key) == ["name", "numbers", "on", "table", "list"])
        #expect(root.entries.map(\.value.line) == [2, 3, 7, 9, 11])
        #expect(try root.table("table")?.table("inner")?["key"]?.line == 10)
        #expect(try root.tables("list").map { $0.entries.map(\.value.line) } == [[12], [14]])
        #expect(try root.text("name") == "a é")
        #expect(try root.integers("numbers", in: 0...9) == [1, 2])
        #expect(try root.flag("on") == true)
        #expect(try root.texts("name", orOne: true) == ["a é"])
        #expect(try root.text("nothing") == nil)
        #expect(try root.tables("nothing").isEmpty)
    }

    @Test func whatIsNotAsExpectedHasItsLine() throws {
        let root = try read(text)
        #expect(
            mistake { try root.allow(["name", "numbers", "on", "table"]) }
                == FileMistake(.unknownKey("list", known: ["name", "numbers", "on", "table"]), line: 11))
        #expect(mistake { _ = try root.text("on") } == FileMistake(.value("on", expected: .text), line: 7))
        #expect(mistake { _ = try root.flag("name") } == FileMistake(.value("name", expected: .flag), line: 2))
        #expect(
            mistake { _ = try root.integers("numbers", in: 0...1) }
                == FileMistake(.value("numbers", expected: .integer(from: 0, to: 1)), line: 5))
        #expect(mistake { _ = try root.table("list") } == FileMistake(.value("list", expected: .table), line: 11))
        #expect(mistake { _ = try root.tables("table") } == FileMistake(.value("table", expected: .tables), line: 9))
        #expect(
            mistake { _ = try root.text("name", .reference) { $0 == "GET" } }
                == FileMistake(.value("name", expected: .reference), line: 2))
    }

    @Test(arguments: [
        ("a = \n", 1), ("a = 1\na = 2", 2), ("\n\n[x", 3), ("a = \"\u{1}\"", 1), ("= 1", 1), ("a = 1 b = 2", 1),
        ("[a]\n[a]", 2), ("a = 99999999999999999999", 1), (String(repeating: "a=[", count: 1000), 1),
        // What toml++ takes for impossible.
        ("[=", 1), ("a = 1\nb = 2\n\n[.]\nc = 3\n[=]\n", 4), ("a = 1\n[=", 2),
    ])
    func whatIsNoTOMLHasItsLine(_ text: String, _ line: Int) {
        let found = mistake { _ = try read(text) }
        guard case .syntax(let words)? = found?.fault else {
            Issue.record("\(String(describing: found))")
            return
        }
        #expect(found?.line == line && !words.isEmpty)
    }

    @Test func whatIsTooLargeOrNoTextIsNotRead() {
        #expect(
            mistake { _ = try TOMLDocument(Array(repeating: UInt8(ascii: "\n"), count: TOMLDocument.largest + 1)) }
                == FileMistake(.tooLarge(TOMLDocument.largest)))
        #expect(mistake { _ = try TOMLDocument([0x61, 0x3D, 0x22, 0xFF, 0x22]) } == FileMistake(.notText))
        #expect(
            mistake { _ = try TOMLDocument(Array(repeating: UInt8(ascii: "\n"), count: TOMLDocument.largest)) } == nil)
        #expect(mistake { _ = try TOMLDocument([]) } == nil)
    }

    @Test func anyBytesAreReadOrRefused() {
        var generator = SystemRandomNumberGenerator()
        let pieces = ["a", "=", "[", "]", "{", "}", "\"", "'", "\n", ",", ".", "1", "true", "\\u", "#", " ", "-", "é"]
        for _ in 0..<2000 {
            let text = (0..<Int.random(in: 0..<40, using: &generator))
                .compactMap { _ in pieces.randomElement(using: &generator) }.joined()
            let found = mistake { _ = try read(text) }
            if let found { #expect(found.line >= 1, "\(text)") }
        }
    }
}
