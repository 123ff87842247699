/// `application/x-www-form-urlencoded` (WHATWG URL Standard, 5.2), written into secret memory.
public struct FormEncoding: ~Copyable {
    private var buffer = SecretBuffer(capacity: 512)

    /// An encoder without fields.
    public init() {}

    /// Appends a field.
    public mutating func append(_ name: String, _ value: SecretBytes) {
        if buffer.count > 0 { buffer.append(UInt8(ascii: "&")) }
        for byte in name.utf8 { append(byte) }
        buffer.append(UInt8(ascii: "="))
        value.withBytes { bytes in
            for index in bytes.indices { append(bytes[index]) }
        }
    }

    /// The body; the encoder is spent.
    public consuming func finish() -> SecretBytes { buffer.take() }

    private mutating func append(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "*"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"):
            buffer.append(byte)
        case UInt8(ascii: " "):
            buffer.append(UInt8(ascii: "+"))
        default:
            buffer.append(UInt8(ascii: "%"))
            buffer.append(Self.digit(byte >> 4))
            buffer.append(Self.digit(byte & 15))
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }
}

extension FormEncoding {
    /// Appends a field whose value is no secret.
    public mutating func append(_ name: String, _ value: String) { append(name, SecretBytes(value)) }

    /// One value in this encoding.
    public static func encode(_ value: SecretBytes) -> SecretBytes {
        var encoding = FormEncoding()
        encoding.append("", value)
        let whole = encoding.finish()
        // Without the `=` behind the empty name.
        return whole.copy(1..<whole.count)
    }

    /// The fields of a query or a form, in order; a field without `=` has an empty value.
    /// - Returns: nil where a `%` is not followed by two hexadecimal digits, or a name is not UTF-8.
    public static func decode(_ text: SecretBytes) -> [(name: String, value: SecretBytes)]? {
        text.withBytes { bytes -> [(name: String, value: SecretBytes)]? in
            var fields: [(name: String, value: SecretBytes)] = []
            var start = 0
            while start <= bytes.count {
                let end = (start..<bytes.count).first { bytes[$0] == UInt8(ascii: "&") } ?? bytes.count
                if end > start {
                    let equals = (start..<end).first { bytes[$0] == UInt8(ascii: "=") } ?? end
                    guard let name = decode(bytes, start..<equals)?.exposedText(),
                        let value = decode(bytes, min(equals + 1, end)..<end)
                    else { return nil }
                    fields.append((name, value))
                }
                start = end + 1
            }
            return fields
        }
    }

    private static func decode(_ bytes: Span<UInt8>, _ range: Range<Int>) -> SecretBytes? {
        var decoded = SecretBuffer(capacity: range.count)
        var at = range.lowerBound
        while at < range.upperBound {
            switch bytes[at] {
            case UInt8(ascii: "+"): decoded.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard at + 2 < range.upperBound, let high = digit(of: bytes[at + 1]), let low = digit(of: bytes[at + 2])
                else { return nil }
                decoded.append(high << 4 | low)
                at += 2
            case let byte: decoded.append(byte)
            }
            at += 1
        }
        return decoded.take()
    }

    private static func digit(of byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
