import Model

/// The kinds of values that records are made of, beside JSON's own.
///
/// Whatever is written here can be read again: a record that cannot would be a session lost.
extension JSONWriter {
    /// JSON's reader takes integers up to 2^53.
    private static let largest: Int64 = 9_007_199_254_740_992

    /// A moment, in seconds.
    mutating func time(_ name: String, _ moment: WallInstant) {
        member(name, min(max(moment.seconds, -Self.largest), Self.largest))
    }

    /// A length of time, in whole milliseconds.
    mutating func duration(_ name: String, _ seconds: Double) {
        let limit = Double(Self.largest)
        member(name, seconds.isNaN ? 0 : Int64(min(max((seconds * 1000).rounded(), -limit), limit)))
    }

    /// A secret: a text, or where the bytes are no text an object with their hexadecimal digits.
    mutating func secret(_ name: String, _ secret: SecretBytes) {
        if secret.isUTF8 { return member(name, secret) }
        object(name) { json in
            json.member("hex", Hexadecimal.encode(secret))
        }
    }
}

extension JSONValue {
    /// The moment in the member `name`.
    func time(_ name: String) throws(JSONFailure) -> WallInstant {
        guard let moment = try optionalTime(name) else { throw .member(name) }
        return moment
    }

    /// The moment in the member `name`; nil where it is missing.
    func optionalTime(_ name: String) throws(JSONFailure) -> WallInstant? {
        try optionalInteger(name).map { WallInstant(seconds: $0) }
    }

    /// The seconds in the member `name`; nil where it is missing.
    func optionalDuration(_ name: String) throws(JSONFailure) -> Double? {
        try optionalInteger(name).map { Double($0) / 1000 }
    }

    /// The secret in the member `name`, written in either way.
    func storedSecret(_ name: String) throws(JSONFailure) -> SecretBytes {
        if let secret = self[name]?.secret { return secret }
        guard let digits = self[name]?["hex"]?.secret, let secret = Hexadecimal.decode(digits) else {
            throw .member(name)
        }
        return secret
    }
}

/// Bytes as hexadecimal digits, within secret memory.
private enum Hexadecimal {
    static func encode(_ secret: SecretBytes) -> SecretBytes {
        var text = SecretBuffer(capacity: 2 * secret.count)
        secret.withBytes { bytes in
            for index in bytes.indices {
                text.append(digit(bytes[index] >> 4))
                text.append(digit(bytes[index] & 15))
            }
        }
        return text.take()
    }

    static func decode(_ digits: SecretBytes) -> SecretBytes? {
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
