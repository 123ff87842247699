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
