/// Bytes as hexadecimal digits, within secret memory.
public enum Hexadecimal {
    /// The digits of `secret`, two a byte, lower case.
    public static func encode(_ secret: SecretBytes) -> SecretBytes {
        var text = SecretBuffer(capacity: 2 * secret.count)
        secret.withBytes { bytes in
            for index in bytes.indices {
                text.append(digit(bytes[index] >> 4))
                text.append(digit(bytes[index] & 15))
            }
        }
        return text.take()
    }

    /// The bytes that `digits` stand for; nil where they are no pairs of digits.
    public static func decode(_ digits: SecretBytes) -> SecretBytes? {
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes = SecretBuffer(capacity: digits.count / 2)
        let isWhole = digits.withBytes { digits in
            for index in stride(from: 0, to: digits.count, by: 2) {
                guard let high = value(digits[index]), let low = value(digits[index + 1]) else { return false }
                bytes.append(high << 4 | low)
            }
            return true
        }
        return isWhole ? bytes.take() : nil
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}

/// Bytes that are mostly text, and need not be: JSON has no others.
extension JSONWriter {
    /// A member that is text, or where the bytes are none its digits, as `name` with `_hex` behind it.
    public mutating func bytes(_ name: String, _ bytes: SecretBytes) {
        if bytes.isUTF8 { member(name, bytes) } else { member(name + "_hex", Hexadecimal.encode(bytes)) }
    }
}

extension JSONValue {
    /// The bytes of the member `name`, or of the one with `_hex` behind it; nil where both are missing or null.
    /// - Throws: ``JSONFailure/member(_:)`` where they are of another type, or no digits.
    public func optionalBytes(_ name: String) throws(JSONFailure) -> SecretBytes? {
        if let text = try optionalSecret(name) { return text }
        guard let digits = try optionalSecret(name + "_hex") else { return nil }
        guard let bytes = Hexadecimal.decode(digits) else { throw .member(name + "_hex") }
        return bytes
    }
}
