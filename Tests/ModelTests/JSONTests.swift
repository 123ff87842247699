import Testing

@testable import Model

struct JSONReaderTests {
    private func failure(_ text: String) -> JSONFailure? { failure(Array(text.utf8)) }

    private func failure(_ bytes: [UInt8]) -> JSONFailure? {
        do {
            _ = try JSONDocument(SecretBytes(bytes))
            return nil
        } catch {
            return error
        }
    }

    @Test func valuesOfEachKind() throws {
        let text =
            #" { "a" : [1, -2.5, 3e2, true, false, null, "x", {}, []] , "b\u0063" : "\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00" } "#
        let root = try JSONDocument(SecretBytes(text)).root
        let array = try #require(root["a"]?.elements)
        #expect(array.count == 9)
        #expect(array[0].integer == 1)
        #expect(array[1].number == -2.5)
        #expect(array[1].integer == nil)
        #expect(array[2].integer == 300)
        #expect(array[3].bool == true)
        #expect(array[4].bool == false)
        #expect(array[5].isNull)
        #expect(array[6].string == "x")
        #expect(array[7].members?.isEmpty == true)
        #expect(array[8].elements?.isEmpty == true)
        #expect(root["bc"]?.string == "\"\\/\u{8}\u{c}\n\r\té😀")
        #expect(root.members?.map(\.name) == ["a", "bc"])
        #expect(root["c"] == nil)
    }

    @Test func typesAreNotConfused() throws {
        let root = try JSONDocument(SecretBytes(#"{"s":"1","n":1,"a":[],"o":{},"t":true}"#)).root
        #expect(root["s"]?.number == nil && root["s"]?.elements == nil && root["s"]?.bool == nil)
        #expect(root["n"]?.string == nil && root["n"]?.secret == nil && root["n"]?.members == nil)
        #expect(root["a"]?.members == nil && root["a"]?["x"] == nil)
        #expect(root["o"]?.elements == nil && root["o"]?.string == nil)
        #expect(root["t"]?.integer == nil && root["t"]?.isNull == false)
        #expect(throws: JSONFailure.member("n")) { try root.text("n") }
        #expect(throws: JSONFailure.member("s")) { try root.text("s", limit: 0) }
        #expect(throws: JSONFailure.member("missing")) { try root.text("missing") }
        #expect(throws: JSONFailure.member("s")) { try root.texts("s") }
        #expect(throws: JSONFailure.member("s")) { try root.flag("s") }
        #expect(try root.optionalText("missing") == nil)
    }

    @Test func scalarsAtTheRoot() throws {
        #expect(try JSONDocument(SecretBytes("7")).root.integer == 7)
        #expect(try JSONDocument(SecretBytes("\"\"")).root.string?.isEmpty == true)
        #expect(try JSONDocument(SecretBytes("null")).root.isNull)
    }

    @Test func theFirstOfTwoMembersCounts() throws {
        #expect(try JSONDocument(SecretBytes(#"{"a":1,"a":2}"#)).root["a"]?.integer == 1)
    }

    @Test func sourceIsTheTextItself() throws {
        let root = try JSONDocument(SecretBytes(#"{"a": [1 , "x\n"] , "b":"y\n", "c": "plain", "d":12}"#)).root
        #expect(root["a"]?.source.exposedText() == #"[1 , "x\n"]"#)
        #expect(root["b"]?.source.exposedText() == #""y\n""#)
        #expect(root["c"]?.source.exposedText() == #""plain""#)
        #expect(root["d"]?.source.exposedText() == "12")
    }

    @Test(arguments: [
        "", " ", "{", "[", "}", "]", "{]", "[}", "[1", "[1,", "[1,]", "[,1]", "[,]", "[1 2]", "{,}", "{1:2}",
        #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{"a":1 "b":2}"#, #"{"a",1}"#, #"{"a":1]"#, #"["a":1]"#, "1 2", "{}{}",
        "[]]", "tru", "truex", "TRUE", "nul", "nan", "Infinity", "-", "+1", "01", "-01", "1.", ".5", "1e", "1e+", "0x1",
        "1.e1", "\"", "\"a", "\"\\", "\"\\\"", #""\x""#, #""\u""#, #""\u12""#, #""\u12g4""#, #""\ud800""#, #""\udc00""#,
        #""\ud800\ud800""#, #""\ud800x""#, #""\ud800\u0041""#, #""\ud800\u""#, "'a'", "\"a\nb\"", "\"a\u{0}b\"",
        "\u{feff}{}",
        "[1]//", "/**/1", "[\"a\",\n", "{\"a\":\"b", "\u{a0}1",
    ])
    func noJSON(_ text: String) {
        guard case .syntax(let offset) = failure(text) else {
            Issue.record("taken for JSON: \(text)")
            return
        }
        #expect((0...text.utf8.count).contains(offset))
    }

    @Test(
        arguments: [
            [0x80], [0xC3], [0xC3, 0x28], [0xC0, 0xAF], [0xC1, 0xBF], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80],
            [0xE2, 0x82],
            [0xF0, 0x80, 0x80, 0xAF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xF0, 0x9F, 0x98],
        ] as [[UInt8]])
    func noUTF8(_ bytes: [UInt8]) {
        #expect(failure([0x22] + bytes + [0x22]) != nil)
        #expect(failure([0x22] + bytes) != nil)
    }

    @Test(arguments: ["[", "{\"a\":", "[[],"])
    func depthIsBounded(_ opening: String) {
        #expect(failure(String(repeating: opening, count: 100_000)) == .tooDeep)
    }

    @Test func depthLimit() {
        let deepest = JSONDocument.deepest
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(failure(nested(deepest)) == nil)
        #expect(failure(nested(deepest + 1)) == .tooDeep)
    }

    @Test func countIsBounded() {
        let many = "[" + String(repeating: "0,", count: JSONDocument.mostValues) + "0]"
        #expect(failure(many) == .tooManyValues)
        let names = "{" + String(repeating: "\"a\":0,", count: JSONDocument.mostValues / 2) + "\"a\":0}"
        #expect(failure(names) == .tooManyValues)
    }

    @Test func hugeNumbers() throws {
        let digits = String(repeating: "9", count: 100_000)
        let root = try JSONDocument(
            SecretBytes("[\(digits), 1e400, -1e400, 1e-400, 9007199254740992, 9007199254740994]")
        ).root
        let numbers = try #require(root.elements)
        #expect(numbers.prefix(3).allSatisfy { $0.integer == nil })
        #expect(numbers[3].integer == 0)
        #expect(numbers[4].integer == 9_007_199_254_740_992)
        #expect(numbers[5].integer == nil)
    }

    /// Each cut of a text is refused, and each changed byte is either refused or read, never a crash.
    @Test func cutAndChanged() {
        let whole = Array(#"{"a":[1,-2.5e3,"x\u00e9\ud83d\ude00é",{"b":null}],"c":true}"#.utf8)
        #expect(failure(whole) == nil)
        for end in whole.indices { #expect(failure(Array(whole[..<end])) != nil) }
        for index in whole.indices {
            for byte in [0, 0x22, 0x5C, 0x7B, 0x5D, 0x2C, 0x80, 0xFF] as [UInt8] {
                var changed = whole
                changed[index] = byte
                if let root = try? JSONDocument(SecretBytes(changed)).root { _ = root["a"]?.elements?.map(\.string) }
            }
        }
    }
}

struct JSONWriterTests {
    @Test func whatItWritesIsRead() throws {
        var json = JSONWriter(capacity: 1)
        json.object { json in
            json.member("text", "a\"\\\u{0}\u{1f}\u{7f}\né😀/")
            json.member("secret", SecretBytes("s\tcret"))
            json.member("nothing", nil as String?)
            json.member("number", Int64.min)
            json.object("empty") { _ in }
            json.array("list") { json in
                json.element("x")
                json.object { $0.member("n", 1) }
                json.array { _ in }
                json.element("y")
            }
            json.member("texts", ["p", "q"])
        }
        let root = try JSONDocument(json.finish()).root
        #expect(root["text"]?.string == "a\"\\\u{0}\u{1f}\u{7f}\né😀/")
        #expect(root["secret"]?.secret == SecretBytes("s\tcret"))
        #expect(root["nothing"]?.isNull == true)
        #expect(root["number"]?.source.exposedText() == "-9223372036854775808")
        #expect(root["empty"]?.members?.isEmpty == true)
        #expect(root["list"]?.elements?.count == 4)
        #expect(root["list"]?.elements?[1]["n"]?.integer == 1)
        #expect(try root.texts("texts") == ["p", "q"])
    }

    @Test func copiesOfADocument() throws {
        let source = try JSONDocument(SecretBytes(#"{"a":{"b":["x\u0000",1.50]}}"#)).root
        var json = JSONWriter()
        json.object { $0.member("copy", source["a"]) }
        #expect(json.finish(appending: 0).exposedText() == #"{"copy":{"b":["x\u0000",1.50]}}"# + "\0")
    }
}
