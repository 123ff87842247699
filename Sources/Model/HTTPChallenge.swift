/// A challenge of a WWW-Authenticate field (RFC 9110, 11.6.1): what a server wants to be shown.
public struct HTTPChallenge: Sendable, Equatable {
    /// Most challenges that are looked at: more are no server's.
    private static let most = 32

    /// The authentication scheme; compared without case.
    public let scheme: String
    /// Its parameters, names in lower case; the first, where one is repeated.
    public let parameters: [String: String]

    /// The challenges of the field's lines, in order. Where a line makes no sense, those before that place.
    public static func parse(_ lines: [SecretBytes]) -> [HTTPChallenge] {
        var found: [HTTPChallenge] = []
        for line in lines {
            guard let text = line.exposedText() else { continue }
            var reader = ChallengeReader(text)
            while found.count < most, let challenge = reader.next() { found.append(challenge) }
        }
        return found
    }

    fileprivate init(_ scheme: String, _ parameters: [String: String]) {
        self.scheme = scheme
        self.parameters = parameters
    }
}

/// Reads challenges from left to right.
private struct ChallengeReader {
    private let bytes: [UInt8]
    private var at = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    mutating func next() -> HTTPChallenge? {
        skip(", \t")
        let scheme = token()
        guard !scheme.isEmpty else { return nil }
        guard at == bytes.count || isBlank(bytes[at]) || bytes[at] == UInt8(ascii: ",") else { return nil }
        skip(" \t")
        if skipToken68() { return HTTPChallenge(scheme, [:]) }
        var parameters: [String: String] = [:]
        while let (name, value) = parameter() {
            if parameters[name] == nil { parameters[name] = value }
        }
        return HTTPChallenge(scheme, parameters)
    }

    /// A parameter; nil, and nothing read, where the next challenge begins.
    private mutating func parameter() -> (String, String)? {
        let before = at
        skip(", \t")
        let name = token().lowercased()
        skip(" \t")
        guard !name.isEmpty, take(UInt8(ascii: "=")) else {
            at = before
            return nil
        }
        skip(" \t")
        guard let value = quoted() ?? plain() else {
            at = bytes.count
            return nil
        }
        return (name, value)
    }

    /// Passes over the credentials' other form, base64 on its own (`Negotiate abc==`).
    private mutating func skipToken68() -> Bool {
        var end = at
        while end < bytes.count, !isBlank(bytes[end]), bytes[end] != UInt8(ascii: ",") { end += 1 }
        let part = bytes[at..<end]
        guard !part.isEmpty, !part.contains(UInt8(ascii: "\"")) else { return false }
        let body = part.reversed().drop { $0 == UInt8(ascii: "=") }
        guard !body.contains(UInt8(ascii: "=")) else { return false }
        // `name = "value"`, with white space, is a parameter.
        let next = bytes[end...].first { !isBlank($0) }
        guard next == nil || next == UInt8(ascii: ",") else { return false }
        at = end
        return true
    }

    private mutating func plain() -> String? {
        let text = token()
        return text.isEmpty ? nil : text
    }

    private mutating func quoted() -> String? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        var value: [UInt8] = []
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\""):
                at += 1
                return String(validating: value, as: UTF8.self)
            case UInt8(ascii: "\\") where at + 1 < bytes.count:
                value.append(bytes[at + 1])
                at += 2
            case let byte:
                value.append(byte)
                at += 1
            }
        }
        return nil
    }

    private mutating func token() -> String {
        let start = at
        while at < bytes.count, String(decoding: [bytes[at]], as: UTF8.self).isToken { at += 1 }
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard at < bytes.count, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    private mutating func skip(_ characters: String) {
        while at < bytes.count, characters.utf8.contains(bytes[at]) { at += 1 }
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}
