import Model

/// A Set-Cookie field taken apart (5.6): no rule about who may set it has been asked yet.
struct SetCookie {
    /// Most bytes of name and value together (5.6, step 5).
    static let longestPair = 4096
    /// Most bytes of an attribute's value; a longer one is ignored (5.6).
    static let longestAttribute = 1024
    /// Most seconds a cookie lives: 400 days (5.5).
    static let longestLife: Int64 = 400 * 86_400
    /// The end of a cookie that ends at once (5.6.2).
    static let longAgo = WallInstant(seconds: .min)

    var name: SecretBytes
    var value: SecretBytes
    private(set) var maxAge: WallInstant?
    private(set) var expires: WallInstant?
    private(set) var domain: [UInt8]?
    /// The last Path: `.some(nil)` where it is there and says nothing, so that the default applies.
    private(set) var path: [UInt8]??
    private(set) var isSecure = false
    private(set) var isHTTPOnly = false
    private(set) var sameSite = Cookie.SameSite.unset
    private(set) var isPartitioned = false

    /// Takes `field` apart.
    init(_ field: SecretBytes, now: WallInstant) throws(CookieRefusal) {
        (name, value) = try field.withBytes { bytes throws(CookieRefusal) in
            try Self.checkControlCharacters(bytes)
            let (name, value) = try Self.pair(bytes)
            return (field.copy(name), field.copy(value))
        }
        field.withBytes { bytes in
            var start = Self.firstIndex(of: UInt8(ascii: ";"), in: bytes, 0..<bytes.count) + 1
            while start < bytes.count {
                let end = Self.firstIndex(of: UInt8(ascii: ";"), in: bytes, start..<bytes.count)
                attribute(bytes, start..<end, now)
                start = end + 1
            }
        }
    }

    /// When the cookie ends: Max-Age before Expires (5.7, step 6).
    var expiry: WallInstant? { maxAge ?? expires }

    /// Step 1: a control character other than tab anywhere.
    private static func checkControlCharacters(_ bytes: Span<UInt8>) throws(CookieRefusal) {
        for index in bytes.indices where (bytes[index] < 0x20 && bytes[index] != 0x09) || bytes[index] == 0x7F {
            throw .controlCharacter
        }
    }

    /// Steps 2 to 5: name and value, without `=` all is value.
    private static func pair(_ bytes: Span<UInt8>) throws(CookieRefusal) -> (name: Range<Int>, value: Range<Int>) {
        let end = firstIndex(of: UInt8(ascii: ";"), in: bytes, 0..<bytes.count)
        let (name, value) = split(bytes, 0..<end)
        let pair = name.map { ($0, value) } ?? (0..<0, value)
        guard pair.0.count + pair.1.count <= longestPair else { throw .tooLong }
        guard !pair.0.isEmpty || !pair.1.isEmpty else { throw .empty }
        return pair
    }

    /// Splits at the first `=` and trims both parts; a nil name where there is none.
    private static func split(_ bytes: Span<UInt8>, _ range: Range<Int>) -> (name: Range<Int>?, value: Range<Int>) {
        let equals = firstIndex(of: UInt8(ascii: "="), in: bytes, range)
        guard equals < range.upperBound else { return (nil, trimmed(bytes, range)) }
        return (
            trimmed(bytes, range.lowerBound..<equals), trimmed(bytes, (equals + 1)..<range.upperBound)
        )
    }

    private static func trimmed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        func isSpace(_ index: Int) -> Bool { bytes[index] == 0x20 || bytes[index] == 0x09 }
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, isSpace(start) { start += 1 }
        while end > start, isSpace(end - 1) { end -= 1 }
        return start..<end
    }

    /// The index of the first such byte in `range`; its end where there is none.
    private static func firstIndex(of byte: UInt8, in bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
        var index = range.lowerBound
        while index < range.upperBound, bytes[index] != byte { index += 1 }
        return index
    }

    /// One cookie-av.
    private mutating func attribute(_ bytes: Span<UInt8>, _ range: Range<Int>, _ now: WallInstant) {
        let (left, right) = Self.split(bytes, range)
        let name = left ?? right
        let valueRange = left == nil ? 0..<0 : right
        // The longest known name has 11 bytes, `Partitioned`.
        guard name.count <= 11, valueRange.count <= Self.longestAttribute else { return }
        let value = valueRange.map { bytes[$0] }
        switch String(decoding: name.map { bytes[$0].asciiLowercased }, as: UTF8.self) {
        case "expires": expires = Self.expires(value, now) ?? expires
        case "max-age": maxAge = Self.maxAge(value, now) ?? maxAge
        case "domain": domain = Self.domain(value)
        case "path": path = .some(Self.path(value))
        case "secure": isSecure = true
        case "httponly": isHTTPOnly = true
        case "samesite": sameSite = Self.sameSite(value)
        case "partitioned": isPartitioned = true
        default: break
        }
    }
}

/// The attributes, each after its section.
extension SetCookie {
    /// Expires (5.6.1).
    static func expires(_ value: [UInt8], _ now: WallInstant) -> WallInstant? {
        CookieDate.parse(value).map { min($0, now + longestLife) }
    }

    /// Max-Age (5.6.2).
    static func maxAge(_ value: [UInt8], _ now: WallInstant) -> WallInstant? {
        let isNegative = value.first == UInt8(ascii: "-")
        let digits = value.dropFirst(isNegative ? 1 : 0)
        guard !digits.isEmpty, digits.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
        // Held at the longest life at each digit, so that no number is too large.
        let seconds = digits.reduce(Int64(0)) { min($0 * 10 + Int64($1 - 0x30), longestLife) }
        return isNegative || seconds == 0 ? longAgo : now + seconds
    }

    /// Domain (5.6.3): one leading dot means nothing.
    static func domain(_ value: [UInt8]) -> [UInt8] {
        value.dropFirst(value.first == UInt8(ascii: ".") ? 1 : 0).map(\.asciiLowercased)
    }

    /// Path (5.6.4); nil for the default-path.
    static func path(_ value: [UInt8]) -> [UInt8]? {
        value.first == UInt8(ascii: "/") ? value : nil
    }

    /// SameSite (5.6.7).
    static func sameSite(_ value: [UInt8]) -> Cookie.SameSite {
        switch String(decoding: value.map(\.asciiLowercased), as: UTF8.self) {
        case "strict": .strict
        case "lax": .lax
        case "none": .none
        default: .unset
        }
    }
}
