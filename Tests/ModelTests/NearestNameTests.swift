import Testing

@testable import Model

struct NearestNameTests {
    @Test(arguments: [
        ("", "", 0), ("a", "", 1), ("", "ab", 2), ("list", "list", 0), ("lsit", "list", 1), ("lst", "list", 1),
        ("kitten", "sitting", 3), ("flaw", "lawn", 2), ("é", "e", 1), ("ab", "ba", 1),
        ("abcd", "cdab", 4),
    ])
    func distance(_ one: String, _ other: String, _ distance: Int) {
        #expect(editDistance(one, other) == distance)
        #expect(editDistance(other, one) == distance)
    }

    @Test(
        "the one that is nearest, where there is one alone",
        arguments: [
            ("wrok", ["work", "shop"], "work"), ("tokn", ["token", "tokens"], "token"),
            ("list1", ["list2", "list3"], nil), ("worker", ["w", "shop"], nil), ("stauts", ["status"], "status"),
            // Of two letters one may be wrong, or anything would be near.
            ("ab", ["env", "cd"], nil), ("ci", ["cd", "shop"], "cd"), ("a", ["b"], nil), ("", ["ab"], nil),
            // A farther one does not matter, one as near does, in any order.
            ("shpo", ["ship", "shop"], "shop"), ("aaaa", ["aaab", "aaac", "aaaab"], nil),
        ] as [(String, [String], String?)])
    func nearest(_ text: String, _ names: [String], _ expected: String?) {
        #expect(nearestName(to: text, among: names) == expected)
        #expect(nearestName(to: text, among: names.reversed()) == expected)
    }
}
