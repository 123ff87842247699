import Model

/// Base64 (RFC 4648) of secrets.
///
/// It looks bytes up in tables and is not made to take the same time for each secret: who can measure that closely
/// runs as the same user.
public enum Base64 {
    /// Which characters stand for 62 and 63, and whether `=` fills up.
    public enum Alphabet: Sendable {
        /// `+` and `/`, filled up with `=` (RFC 4648, 4).
        case standard
        /// `-` and `_`, not filled up (RFC 4648, 5; RFC 7515, 2).
        case url
    }

    /// The text of `bytes`.
    public static func encode(_ bytes: SecretBytes, _ alphabet: Alphabet) -> SecretBytes {
        bytes.withBytes { bytes in
            var text = SecretBuffer(capacity: (bytes.count + 2) / 3 * 4)
            for start in stride(from: 0, to: bytes.count, by: 3) {
                let count = min(3, bytes.count - start)
                var group: UInt32 = 0
                for offset in 0..<3 { group = group << 8 | (offset < count ? UInt32(bytes[start + offset]) : 0) }
                for place in 0...count { text.append(character(UInt8(group >> (18 - 6 * place) & 63), alphabet)) }
                if alphabet == .standard { for _ in count..<3 { text.append(UInt8(ascii: "=")) } }
            }
            return text.take()
        }
    }

    /// The bytes that `text` stands for.
    /// - Returns: nil where it has other characters, padding that does not belong, or bits left over that are not zero
    ///   (RFC 4648, 3.5), so that each secret has one text.
    public static func decode(_ text: SecretBytes, _ alphabet: Alphabet) -> SecretBytes? {
        text.withBytes { decode($0, alphabet) }
    }

    static func decode(_ text: Span<UInt8>, _ alphabet: Alphabet) -> SecretBytes? {
        var end = text.count
        if alphabet == .standard {
            guard end % 4 == 0 else { return nil }
            for _ in 0..<2 where end > 0 && text[end - 1] == UInt8(ascii: "=") { end -= 1 }
        }
        guard end % 4 != 1 else { return nil }
        var bytes = SecretBuffer(capacity: end / 4 * 3 + 3)
        var (group, bits): (UInt32, Int) = (0, 0)
        for index in 0..<end {
            guard let value = value(text[index], alphabet) else { return nil }
            group = group << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
                group &= (1 << UInt32(bits)) - 1
            }
        }
        return group == 0 ? bytes.take() : nil
    }

    private static func character(_ value: UInt8, _ alphabet: Alphabet) -> UInt8 {
        switch value {
        case 0..<26: UInt8(ascii: "A") + value
        case 26..<52: UInt8(ascii: "a") + value - 26
        case 52..<62: UInt8(ascii: "0") + value - 52
        case 62: alphabet == .url ? UInt8(ascii: "-") : UInt8(ascii: "+")
        default: alphabet == .url ? UInt8(ascii: "_") : UInt8(ascii: "/")
        }
    }

    private static func value(_ character: UInt8, _ alphabet: Alphabet) -> UInt8? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+") where alphabet == .standard, UInt8(ascii: "-") where alphabet == .url: 62
        case UInt8(ascii: "/") where alphabet == .standard, UInt8(ascii: "_") where alphabet == .url: 63
        default: nil
        }
    }
}
