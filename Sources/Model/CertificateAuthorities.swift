/// Certificate authorities of a person's own, instead of the system's: certificates in PEM (RFC 7468).
public struct CertificateAuthorities: Sendable, Hashable {
    /// The most that is taken, in bytes: a few dozen certificates.
    public static let largest = 64 << 10

    private static let begin = "-----BEGIN CERTIFICATE-----"
    private static let end = "-----END CERTIFICATE-----"

    /// The certificates, and nothing else that stood beside them.
    public let pem: String
    /// How many there are.
    public let count: Int

    /// The certificates in `text`; nil where there is none, one has no end or a line that is not base64, or all are too
    /// large. What stands around them is dropped: a key among it is nobody's business here.
    public init?(_ text: String) {
        guard text.utf8.count <= Self.largest else { return nil }
        var kept: [Substring] = []
        var count = 0
        var isInside = false
        for line in text.split(whereSeparator: \.isNewline) {
            var words = line
            while let last = words.last, last == " " || last == "\t" { words.removeLast() }
            switch words {
            case Self.begin[...] where !isInside: isInside = true
            case Self.end[...] where isInside:
                isInside = false
                count += 1
            default:
                guard isInside else { continue }
                guard !words.isEmpty, words.utf8.allSatisfy(Self.isBase64) else { return nil }
            }
            kept.append(words)
        }
        guard count > 0, !isInside else { return nil }
        self.count = count
        pem = kept.joined(separator: "\n") + "\n"
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="): true
        default: false
        }
    }
}
