import Model

/// JSON for people's eyes and for programs: indented, and with every character that does something to a terminal
/// written as an escape, which is the same JSON.
public struct JSONPage: ~Copyable {
    private var buffer = SecretBuffer(capacity: 4096)

    /// The page of a JSON text, which has to be one; it may hold secrets.
    /// - Throws: a ``Failure`` where it is none.
    public static func text(of json: SecretBytes) throws(Failure) -> SecretBytes {
        let document: JSONDocument
        do { document = try JSONDocument(json) } catch { throw CommandProse.notOurDaemon() }
        var page = JSONPage()
        page.append(document.root, depth: 0)
        page.buffer.append(UInt8(ascii: "\n"))
        return page.buffer.take()
    }

    /// The depth is bounded by the document's.
    private mutating func append(_ value: JSONValue, depth: Int) {
        if let members = value.members, !members.isEmpty {
            buffer.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                newLine(index == 0, depth + 1)
                var name = JSONWriter()
                name.element(member.name)
                append(source: name.finish())
                buffer.append(": ")
                append(member.value, depth: depth + 1)
            }
            close(UInt8(ascii: "}"), depth)
        } else if let elements = value.elements, !elements.isEmpty {
            buffer.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                newLine(index == 0, depth + 1)
                append(element, depth: depth + 1)
            }
            close(UInt8(ascii: "]"), depth)
        } else {
            append(source: value.source)
        }
    }

    private mutating func newLine(_ isFirst: Bool, _ depth: Int) {
        buffer.append((isFirst ? "\n" : ",\n") + String(repeating: "  ", count: depth))
    }

    private mutating func close(_ bracket: UInt8, _ depth: Int) {
        buffer.append("\n" + String(repeating: "  ", count: depth))
        buffer.append(bracket)
    }

    /// Appends a value as it stands, its characters that a terminal acts on as `\u009b`.
    private mutating func append(source: SecretBytes) {
        source.withBytes { bytes in
            var at = 0
            while at < bytes.count {
                let (scalar, length) = Self.scalar(bytes, at)
                if let scalar, isDangerous(scalar) {
                    let digits = String(scalar.value, radix: 16)
                    buffer.append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
                } else {
                    buffer.append(bytes.extracting(at..<at + length))
                }
                at += length
            }
        }
    }

    /// The character at `start` of checked UTF-8, and its length; no character where it is longer than three bytes, as
    /// none of those is dangerous.
    private static func scalar(_ bytes: Span<UInt8>, _ start: Int) -> (Unicode.Scalar?, length: Int) {
        let first = UInt32(bytes[start])
        func next(_ offset: Int) -> UInt32 { UInt32(bytes[start + offset] & 0x3F) }
        switch first {
        case 0..<0x80: return (Unicode.Scalar(first), 1)
        case 0xC0..<0xE0: return (Unicode.Scalar((first & 0x1F) << 6 | next(1)), 2)
        case 0xE0..<0xF0: return (Unicode.Scalar((first & 0x0F) << 12 | next(1) << 6 | next(2)), 3)
        default: return (nil, 4)
        }
    }
}
