import Testing

@testable import Model

struct SecretTests {
    @Test func printsNothing() {
        let secret = SecretBytes("hunter2")
        #expect("\(secret)" == "***")
        #expect(String(reflecting: secret) == "***")
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(!dumped.contains("hunter2"))
        dump(HTTPHeader(name: "Authorization", value: secret), to: &dumped)
        #expect(!dumped.contains("hunter2"))
    }

    @Test func equality() {
        #expect(SecretBytes("abc") == SecretBytes("abc"))
        #expect(SecretBytes("abc") != SecretBytes("abd"))
        #expect(SecretBytes("abc") != SecretBytes("bbc"))
        #expect(SecretBytes("abc") != SecretBytes("abcd"))
        #expect(SecretBytes("") == SecretBytes([]))
    }

    @Test func copies() {
        let secret = SecretBytes("abcdef")
        #expect(secret.copy(1..<3).exposedText() == "bc")
        #expect(secret.copy(6..<6).count == 0)
        #expect(SecretBytes([0xFF]).exposedText() == nil)
        #expect(secret.contains { $0 == UInt8(ascii: "f") })
        #expect(!secret.contains { $0 == UInt8(ascii: "g") })
    }

    /// A block that is given out again shows nothing of what was in it.
    @Test func freedMemoryIsZero() {
        for count in [1, 31, 32, 33, 100, 5000, 1 << 20, (1 << 20) + 1] {
            for _ in 0..<4 {
                let secret = unsafe SecretBytes(capacity: count) { room in
                    // The room has `count` bytes.
                    #expect(unsafe room.allSatisfy { $0 == 0 })
                    unsafe room.initializeMemory(as: UInt8.self, repeating: 0xA5)
                    return count
                }
                #expect(secret.count == count)
            }
        }
    }

    @Test func aFailedFillGivesTheMemoryBack() {
        struct Refused: Error {}
        for _ in 0..<4 {
            #expect(throws: Refused.self) {
                try unsafe SecretBytes(capacity: 64) { room throws(Refused) in
                    // The room has 64 bytes.
                    #expect(unsafe room[0] == 0)
                    unsafe room[0] = 1
                    throw Refused()
                }
            }
        }
    }

    @Test func bufferGrows() {
        var buffer = SecretBuffer(capacity: 1)
        var expected: [UInt8] = []
        for round in 0..<200 {
            buffer.append(UInt8(truncatingIfNeeded: round))
            buffer.append("é\(round)")
            buffer.append(SecretBytes("secret"))
            expected += [UInt8(truncatingIfNeeded: round)] + Array("é\(round)secret".utf8)
        }
        #expect(buffer.count == expected.count)
        buffer.removeFirst(7)
        expected.removeFirst(7)
        #expect(buffer.take() == SecretBytes(expected))
    }

    @Test func bufferFilledFromOutside() {
        var buffer = SecretBuffer()
        buffer.append("ab")
        let added = unsafe buffer.append(upTo: 1000) { room in
            // The room has 1,000 bytes.
            unsafe room[0] = UInt8(ascii: "c")
            return 1
        }
        #expect(added == 1)
        buffer.removeFirst(3)
        #expect(buffer.count == 0)
        buffer.append("d")
        #expect(buffer.take().exposedText() == "d")
    }

    @Test func fieldValues() {
        for good in ["x", "a b", "a\tb", "é"] { #expect(SecretBytes(good).isFieldValue, "\(good)") }
        for bad in ["", "a\r", "a\nb", "a\u{0}", "\u{7f}", "\u{1}"] { #expect(!SecretBytes(bad).isFieldValue) }
        #expect(!SecretBytes([0xFF]).isFieldValue)
        for good in ["Bearer", "X-Api-Key", "!#$%&'*+-.^_`|~"] { #expect(good.isToken) }
        for bad in ["", "a b", "a:", "é", "a\n", "(x)"] { #expect(!bad.isToken) }
    }
}
