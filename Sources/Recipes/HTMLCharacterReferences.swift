import Model

/// Decodes the value of an attribute: character references (WHATWG HTML Standard, 13.2.5.72) of numbers and of the few
/// names that templates write; any other text stays as it is. NUL becomes U+FFFD, as in a browser.
enum HTMLCharacterReferences {
    /// Longest reference with its `&`, in bytes: `&#x0010FFFF;` and some zeros.
    private static let longest = 16

    /// The decoded value, which may be a secret.
    static func decoded(_ value: Span<UInt8>) -> SecretBytes {
        var buffer = SecretBuffer(capacity: value.count)
        var at = 0
        while at < value.count {
            switch value[at] {
            case UInt8(ascii: "&"):
                if let (scalar, length) = reference(in: value, at: at) {
                    append(scalar, to: &buffer)
                    at += length
                } else {
                    buffer.append(UInt8(ascii: "&"))
                    at += 1
                }
            case 0:
                append("\u{FFFD}", to: &buffer)
                at += 1
            case let byte:
                buffer.append(byte)
                at += 1
            }
        }
        return buffer.take()
    }

    private static func append(_ scalar: Unicode.Scalar, to buffer: inout SecretBuffer) {
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { buffer.append(byte) }
    }

    /// The character a reference stands for, and how many bytes it is long.
    private static func reference(in value: Span<UInt8>, at start: Int) -> (Unicode.Scalar, Int)? {
        var text: [UInt8] = []
        var at = start + 1
        while at < value.count, at - start < longest, value[at].isReferenceCharacter {
            text.append(value[at])
            at += 1
        }
        let isClosed = at < value.count && value[at] == UInt8(ascii: ";")
        let length = at - start + (isClosed ? 1 : 0)
        if text.first == UInt8(ascii: "#") {
            return number(text.dropFirst()).map { ($0, length) }
        }
        // Without `;`, and with a letter, digit or `=` after it, it is text: `?a=1&amp=2`.
        guard isClosed || at >= value.count || value[at] != UInt8(ascii: "=") else { return nil }
        switch (String(decoding: text, as: UTF8.self), isClosed) {
        case ("amp", _): return ("&", length)
        case ("lt", _): return ("<", length)
        case ("gt", _): return (">", length)
        case ("quot", _): return ("\"", length)
        case ("nbsp", _): return ("\u{A0}", length)
        case ("apos", true): return ("'", length)
        default: return nil
        }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Unicode.Scalar? {
        let isHexadecimal = digits.first.map { $0 | 0x20 } == UInt8(ascii: "x")
        let digits = isHexadecimal ? digits.dropFirst() : digits
        guard let value = UInt32(String(decoding: digits, as: UTF8.self), radix: isHexadecimal ? 16 : 10) else {
            return nil
        }
        return value == 0 ? "\u{FFFD}" : Unicode.Scalar(value) ?? "\u{FFFD}"
    }
}

extension UInt8 {
    fileprivate var isReferenceCharacter: Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) || self == UInt8(ascii: "#")
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
    }
}
