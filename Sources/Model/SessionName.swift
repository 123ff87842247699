/// The name of a session: 1–64 of `[A-Za-z0-9._@/-]`, no leading `-` or `.`, no empty, `.` or `..` part.
///
/// So a name is safe as a file name, an argument and a line of output.
public struct SessionName: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The name.
    public let description: String

    /// The longest name, in bytes.
    public static let longest = 64

    /// A name; nil where the text is none.
    public init?(_ text: String) {
        guard (1...Self.longest).contains(text.utf8.count), text.utf8.allSatisfy(Self.allows),
            text.utf8.first != UInt8(ascii: "-"), text.utf8.first != UInt8(ascii: ".")
        else { return nil }
        for part in text.split(separator: "/", omittingEmptySubsequences: false)
        where part.isEmpty || part == "." || part == ".." { return nil }
        description = text
    }

    /// A name made from a host: its first label, or the whole of an address.
    public init(host: String) {
        let isAddress = host.contains(":") || host.utf8.allSatisfy { $0 == UInt8(ascii: ".") || $0 &- 0x30 < 10 }
        let text = isAddress ? host : String(host.prefix { $0 != "." })
        let allowed = String(decoding: text.utf8.filter(Self.allows).prefix(48), as: UTF8.self)
        self = SessionName(allowed) ?? SessionName(prefix: "session")
    }

    /// The first of `NAME`, `NAME-2`, `NAME-3` … that is not taken.
    public func firstFree(_ isTaken: (SessionName) -> Bool) -> SessionName {
        var candidate = self
        var number = 2
        while isTaken(candidate) {
            let suffix = "-\(number)"
            let kept = description.prefix(Self.longest - suffix.utf8.count)
            candidate = SessionName(kept + suffix) ?? candidate
            number += 1
        }
        return candidate
    }

    private init(prefix: String) { description = prefix }

    private static func allows(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "@"), UInt8(ascii: "/"), UInt8(ascii: "-"): true
        default: false
        }
    }

    /// Names are in the order of their bytes.
    public static func < (left: SessionName, right: SessionName) -> Bool { left.description < right.description }
}

/// What a session is known by in the store: 128 random bits, so that a name can change and be taken again.
public struct SessionID: Hashable, Sendable, CustomStringConvertible {
    private let high: UInt64
    private let low: UInt64

    /// A new id from the system's random numbers.
    public init() {
        var random = SystemRandomNumberGenerator()
        high = random.next()
        low = random.next()
    }

    /// The id that `text`, 32 hexadecimal digits, stands for; nil where it is none.
    public init?(_ text: String) {
        // `UInt64` alone would take a sign.
        guard text.utf8.count == 32, text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
            let high = UInt64(text.prefix(16), radix: 16),
            let low = UInt64(text.suffix(16), radix: 16)
        else { return nil }
        self.high = high
        self.low = low
    }

    /// 32 hexadecimal digits.
    public var description: String { Self.hexadecimal(high) + Self.hexadecimal(low) }

    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
