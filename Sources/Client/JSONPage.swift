import Model
import Prose

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

    /// The page of an array of values that have been read already: of more than one document may hold.
    public static func text(ofElements elements: [JSONValue]) -> SecretBytes {
        var page = JSONPage()
        page.append(elements, depth: 0)
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
        } else if let elements = value.elements {
            append(elements, depth: depth)
        } else {
            append(source: value.source)
        }
    }

    private mutating func append(_ elements: [JSONValue], depth: Int) {
        if elements.isEmpty { return buffer.append("[]") }
        buffer.append(UInt8(ascii: "["))
        for (index, element) in elements.enumerated() {
            newLine(index == 0, depth + 1)
            append(element, depth: depth + 1)
        }
        close(UInt8(ascii: "]"), depth)
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
        buffer.append(source) { character in
            let digits = String(character.value, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
    }
}
