/// One pass over a JSON text (RFC 8259): checks it and writes down where its values are.
///
/// It keeps its own stack of open containers, so that depth costs no stack of the thread's.
struct JSONScanner {
    private var at = 0
    private var nodes: [JSONDocument.Node] = []
    private var open: [Int] = []

    /// The index of the text's values, outermost first.
    static func scan(_ bytes: Span<UInt8>) throws(JSONFailure) -> [JSONDocument.Node] {
        var scanner = JSONScanner()
        scanner.nodes.reserveCapacity(min(64, bytes.count / 8 + 1))
        repeat { try scanner.value(bytes) } while try scanner.continues(bytes)
        return scanner.nodes
    }

    /// Reads a value; of a container, its opening and an object's first name.
    private mutating func value(_ bytes: Span<UInt8>) throws(JSONFailure) {
        while true {
            guard nodes.count < JSONDocument.mostValues else { throw .tooManyValues }
            switch try peek(bytes) {
            case UInt8(ascii: "{"):
                try enter(.object)
                if try peek(bytes) == UInt8(ascii: "}") { return }
                try name(bytes)
            case UInt8(ascii: "["):
                try enter(.array)
                if try peek(bytes) == UInt8(ascii: "]") { return }
            case UInt8(ascii: "\""): return try string(bytes)
            case UInt8(ascii: "t"): return try literal(bytes, "true", .yes)
            case UInt8(ascii: "f"): return try literal(bytes, "false", .no)
            case UInt8(ascii: "n"): return try literal(bytes, "null", .null)
            default: return try number(bytes)
            }
        }
    }

    /// Reads what follows a value: closes containers, and says whether another value comes.
    private mutating func continues(_ bytes: Span<UInt8>) throws(JSONFailure) -> Bool {
        while let container = open.last {
            let isObject = nodes[container].kind == .object
            switch try peek(bytes) {
            case UInt8(ascii: ",") where nodes.count > container + 1:
                at += 1
                if isObject { try name(bytes) }
                return true
            case UInt8(ascii: "}") where isObject, UInt8(ascii: "]") where !isObject:
                at += 1
                nodes[container].end = Int32(at)
                nodes[container].next = Int32(nodes.count)
                open.removeLast()
            default: throw .syntax(at: at)
            }
        }
        if let extra = next(bytes) { throw .syntax(at: extra) }
        return false
    }

    private mutating func enter(_ kind: JSONDocument.Node.Kind) throws(JSONFailure) {
        guard open.count < JSONDocument.deepest else { throw .tooDeep }
        open.append(nodes.count)
        nodes.append(JSONDocument.Node(kind: kind, start: Int32(at)))
        at += 1
    }

    private mutating func name(_ bytes: Span<UInt8>) throws(JSONFailure) {
        guard try peek(bytes) == UInt8(ascii: "\"") else { throw .syntax(at: at) }
        try string(bytes)
        guard try peek(bytes) == UInt8(ascii: ":") else { throw .syntax(at: at) }
        at += 1
    }

    /// Moves over white space; the offset of the next byte, nil at the end.
    private mutating func next(_ bytes: Span<UInt8>) -> Int? {
        while at < bytes.count {
            switch bytes[at] {
            case 0x20, 0x0A, 0x0D, 0x09: at += 1
            default: return at
            }
        }
        return nil
    }

    /// The next byte that is no white space.
    private mutating func peek(_ bytes: Span<UInt8>) throws(JSONFailure) -> UInt8 {
        guard let next = next(bytes) else { throw .syntax(at: at) }
        return bytes[next]
    }

    private mutating func append(_ kind: JSONDocument.Node.Kind, from start: Int, to end: Int) {
        nodes.append(
            JSONDocument.Node(kind: kind, start: Int32(start), end: Int32(end), next: Int32(nodes.count + 1)))
    }

    private mutating func literal(
        _ bytes: Span<UInt8>, _ word: StaticString, _ kind: JSONDocument.Node.Kind
    ) throws(JSONFailure) {
        let start = at
        guard at + word.utf8CodeUnitCount <= bytes.count else { throw .syntax(at: at) }
        for offset in 0..<word.utf8CodeUnitCount {
            // A StaticString's bytes live as long as the program.
            guard unsafe bytes[at + offset] == word.utf8Start[offset] else { throw .syntax(at: at) }
        }
        at += word.utf8CodeUnitCount
        append(kind, from: start, to: at)
    }

    private mutating func number(_ bytes: Span<UInt8>) throws(JSONFailure) {
        let start = at
        if at < bytes.count, bytes[at] == UInt8(ascii: "-") { at += 1 }
        let leading = at
        try digits(bytes)
        if bytes[leading] == UInt8(ascii: "0"), at > leading + 1 { throw .syntax(at: leading) }
        if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
            at += 1
            try digits(bytes)
        }
        if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            if at < bytes.count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
            try digits(bytes)
        }
        append(.number, from: start, to: at)
    }

    private mutating func digits(_ bytes: Span<UInt8>) throws(JSONFailure) {
        let start = at
        while at < bytes.count, bytes[at] &- 0x30 < 10 { at += 1 }
        guard at > start else { throw .syntax(at: at) }
    }
}

/// Strings.
extension JSONScanner {
    private mutating func string(_ bytes: Span<UInt8>) throws(JSONFailure) {
        at += 1
        let start = at
        var hasEscape = false
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\""):
                append(hasEscape ? .string : .plainString, from: start, to: at)
                at += 1
                return
            case UInt8(ascii: "\\"):
                hasEscape = true
                try escape(bytes)
            case 0x00..<0x20: throw .syntax(at: at)
            case 0x20..<0x80: at += 1
            default: try multibyte(bytes)
            }
        }
        throw .syntax(at: at)
    }

    private mutating func escape(_ bytes: Span<UInt8>) throws(JSONFailure) {
        guard at + 1 < bytes.count else { throw .syntax(at: at) }
        guard bytes[at + 1] == UInt8(ascii: "u") else {
            guard Self.simpleEscape(bytes[at + 1]) != nil else { throw .syntax(at: at) }
            at += 2
            return
        }
        guard let (_, length) = Self.unicodeEscape(bytes, at) else { throw .syntax(at: at) }
        at += length
    }

    /// Checks one UTF-8 sequence (RFC 3629, 4: no overlong form, no surrogate, nothing above U+10FFFF).
    private mutating func multibyte(_ bytes: Span<UInt8>) throws(JSONFailure) {
        let first = bytes[at]
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard (0xC2...0xF4).contains(first), at + length <= bytes.count else { throw .syntax(at: at) }
        for offset in 1..<length where bytes[at + offset] & 0xC0 != 0x80 { throw .syntax(at: at + offset) }
        let second = bytes[at + 1]
        let fits =
            switch first {
            case 0xE0: second >= 0xA0
            case 0xED: second < 0xA0
            case 0xF0: second >= 0x90
            case 0xF4: second < 0x90
            default: true
            }
        guard fits else { throw .syntax(at: at) }
        at += length
    }

    private static func simpleEscape(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): byte
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: nil
        }
    }

    /// The scalar that `\uXXXX`, or a pair of them, at `start` stands for, and how many bytes it takes.
    private static func unicodeEscape(_ bytes: Span<UInt8>, _ start: Int) -> (Unicode.Scalar, length: Int)? {
        guard let high = hexadecimal(bytes, start + 2) else { return nil }
        if let scalar = Unicode.Scalar(high) { return (scalar, 6) }
        guard high < 0xDC00, start + 8 < bytes.count, bytes[start + 6] == UInt8(ascii: "\\"),
            bytes[start + 7] == UInt8(ascii: "u"), let low = hexadecimal(bytes, start + 8),
            (0xDC00...0xDFFF).contains(low),
            let scalar = Unicode.Scalar(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
        else { return nil }
        return (scalar, 12)
    }

    private static func hexadecimal(_ bytes: Span<UInt8>, _ start: Int) -> UInt32? {
        guard start + 4 <= bytes.count else { return nil }
        var value: UInt32 = 0
        for offset in 0..<4 {
            switch bytes[start + offset] {
            case let digit where digit &- 0x30 < 10: value = value << 4 | UInt32(digit - 0x30)
            case let letter where (letter | 0x20) &- 0x61 < 6: value = value << 4 | UInt32((letter | 0x20) - 0x57)
            default: return nil
            }
        }
        return value
    }

    /// The bytes a checked string stands for.
    static func unescape(_ bytes: Span<UInt8>) -> SecretBytes {
        var text = SecretBuffer(capacity: bytes.count)
        var at = 0
        while at < bytes.count {
            if bytes[at] != UInt8(ascii: "\\") {
                text.append(bytes[at])
                at += 1
            } else if let byte = simpleEscape(bytes[at + 1]) {
                text.append(byte)
                at += 2
            } else if let (scalar, length) = unicodeEscape(bytes, at) {
                for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { text.append(byte) }
                at += length
            }
        }
        return text.take()
    }
}
