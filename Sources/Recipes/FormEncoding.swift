import Model

/// `application/x-www-form-urlencoded` (WHATWG URL Standard, 5.2), written into secret memory.
struct FormEncoding: ~Copyable {
    private var buffer = SecretBuffer(capacity: 512)

    /// Appends a field.
    mutating func append(_ name: String, _ value: SecretBytes) {
        if buffer.count > 0 { buffer.append(UInt8(ascii: "&")) }
        for byte in name.utf8 { append(byte) }
        buffer.append(UInt8(ascii: "="))
        value.withBytes { bytes in
            for index in bytes.indices { append(bytes[index]) }
        }
    }

    /// The body; the encoder is spent.
    consuming func finish() -> SecretBytes { buffer.take() }

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
