import Model

/// `text` for a terminal: what a server or a file says must not move the cursor, change colours or hide what stands
/// beside it. Control characters (C0, DEL, C1), line and paragraph separators and those that turn the direction of
/// writing are shown as `\u{1b}`; all else stays.
public func shown(_ text: some StringProtocol) -> String {
    // Most text is plain ASCII; this is on every script's path.
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return String(text) }
    var result = ""
    for scalar in text.unicodeScalars {
        if isDangerous(scalar) {
            result += escaped(scalar)
        } else {
            result.unicodeScalars.append(scalar)
        }
    }
    return result
}

/// How a character that acts on a terminal is shown: `\u{1b}`.
package func escaped(_ scalar: Unicode.Scalar) -> String { "\\u{\(String(scalar.value, radix: 16))}" }

/// Whether a character does something to a terminal instead of standing in it.
package func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x00..<0x20, 0x7F..<0xA0: true
    // LRM, RLM, ALM; line and paragraph separators, embeddings and overrides; isolates (Unicode TR 36, 2.5 and UAX 9).
    case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
}

extension SecretBuffer {
    /// Appends `text`, UTF-8, its characters that act on a terminal as `escape` writes them.
    package mutating func append(_ text: SecretBytes, escape: (Unicode.Scalar) -> String) {
        text.withBytes { bytes in
            var at = 0
            while at < bytes.count {
                let (scalar, length) = Self.scalar(bytes, at)
                if let scalar, isDangerous(scalar) {
                    append(escape(scalar))
                } else {
                    append(bytes.extracting(at..<min(at + length, bytes.count)))
                }
                at += length
            }
        }
    }

    /// The character at `start`, and its length; no character where it has four bytes, as none of those is dangerous, or
    /// is cut off.
    private static func scalar(_ bytes: Span<UInt8>, _ start: Int) -> (Unicode.Scalar?, length: Int) {
        let first = UInt32(bytes[start])
        func next(_ offset: Int) -> UInt32 { UInt32(bytes[start + offset] & 0x3F) }
        switch first {
        case 0..<0xC0: return (Unicode.Scalar(first), 1)
        case 0xC0..<0xE0 where start + 1 < bytes.count: return (Unicode.Scalar((first & 0x1F) << 6 | next(1)), 2)
        case 0xE0..<0xF0 where start + 2 < bytes.count:
            return (Unicode.Scalar((first & 0x0F) << 12 | next(1) << 6 | next(2)), 3)
        default: return (nil, 4)
        }
    }
}
