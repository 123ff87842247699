/// `text` for a terminal: what a server or a file says must not move the cursor, change colours or hide what stands
/// beside it. Control characters (C0, DEL, C1), line and paragraph separators and those that turn the direction of
/// writing are shown as `\u{1b}`; all else stays.
public func shown(_ text: some StringProtocol) -> String {
    // Most text is plain ASCII; this is on every script's path.
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return String(text) }
    var result = ""
    for scalar in text.unicodeScalars {
        if isDangerous(scalar) {
            result += "\\u{\(String(scalar.value, radix: 16))}"
        } else {
            result.unicodeScalars.append(scalar)
        }
    }
    return result
}

/// Whether a character does something to a terminal instead of standing in it.
func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x00..<0x20, 0x7F..<0xA0: true
    // LRM, RLM, ALM; line and paragraph separators, embeddings and overrides; isolates (Unicode TR 36, 2.5 and UAX 9).
    case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
}
