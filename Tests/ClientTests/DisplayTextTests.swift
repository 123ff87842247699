import Model
import Testing

@testable import Client
@testable import Prose

@Suite struct DisplayTextTests {
    @Test func plainTextStays() {
        #expect(shown("alice@example.org · 7 December…") == "alice@example.org · 7 December…")
        #expect(shown("日本語 🐎") == "日本語 🐎")
    }

    @Test(arguments: [
        ("\u{1b}]0;title\u{07}", "\\u{1b}]0;title\\u{7}"), ("a\r\nb", "a\\u{d}\\u{a}b"), ("\u{9b}2J", "\\u{9b}2J"),
        ("\u{7f}", "\\u{7f}"), ("moc.\u{202e}evil", "moc.\\u{202e}evil"), ("\u{2028}", "\\u{2028}"),
    ])
    func whatActsOnATerminalIsEscaped(_ text: String, _ expected: String) {
        #expect(shown(text) == expected)
    }

    @Test func jsonIsIndentedAndEscaped() throws {
        let page = try JSONPage.text(of: SecretBytes("{\"a\":[1,{}],\"b\":\"\u{9b}\u{202e}é🐎\\n\",\"c\":[]}"))
        #expect(
            text(page) == """
                {
                  "a": [
                    1,
                    {}
                  ],
                  "b": "\\u009b\\u202eé🐎\\n",
                  "c": []
                }

                """)
    }
}
