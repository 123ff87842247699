import Testing

@testable import Client

/// Columns line up whatever stands in them.
struct ColumnsTests {
    @Test(arguments: [
        ("", 0), ("shop", 4), ("naïve", 5), ("日本語", 6), ("한글", 4), ("ﾊﾝｶｸ", 4), ("e\u{301}", 1), ("👍", 2), ("👍🏽", 2),
        ("👩‍💻", 2), ("❤️", 2), ("🇩🇪", 2), ("a\u{200B}b", 2),
    ]) func counted(_ text: String, _ expected: Int) { #expect(columns(of: text) == expected) }
}
