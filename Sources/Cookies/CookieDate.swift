import Model

/// A cookie-date (5.1.1): found in any order, between any delimiters.
struct CookieDate {
    private var time: (hour: Int64, minute: Int64, second: Int64)?
    private var day: Int64?
    private var month: Int64?
    private var year: Int64?

    /// The moment that `bytes` stand for; nil where they are no date.
    static func parse(_ bytes: [UInt8]) -> WallInstant? {
        var date = CookieDate()
        for token in bytes.split(whereSeparator: isDelimiter) { date.take(token) }
        return date.instant
    }

    /// The `delimiter` of the grammar.
    private static func isDelimiter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x09, 0x20...0x2F, 0x3B...0x40, 0x5B...0x60, 0x7B...0x7E: true
        default: false
        }
    }

    /// Step 2: a token is the first thing not found yet that it can be.
    private mutating func take(_ token: ArraySlice<UInt8>) {
        if time == nil, let found = Self.time(token) {
            time = found
        } else if day == nil, let found = Self.number(token, digits: 1...2) {
            day = found
        } else if month == nil, let found = Self.month(token) {
            month = found
        } else if year == nil, let found = Self.number(token, digits: 2...4) {
            year = found
        }
    }

    /// Steps 3 to 6.
    private var instant: WallInstant? {
        guard let time, let day, let month, var year else { return nil }
        if (70...99).contains(year) { year += 1900 }
        if (0...69).contains(year) { year += 2000 }
        guard year >= 1601, (1...CivilDate.days(in: month, of: year)).contains(day), time.hour <= 23,
            time.minute <= 59, time.second <= 59
        else { return nil }
        let days = CivilDate(year: year, month: month, day: day).daysSinceEpoch
        return WallInstant(seconds: days * 86_400 + time.hour * 3600 + time.minute * 60 + time.second)
    }

    /// `hms-time`, and whatever follows that is no digit.
    private static func time(_ token: ArraySlice<UInt8>) -> (hour: Int64, minute: Int64, second: Int64)? {
        let parts = token.split(separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let hour = exactNumber(parts[0]), let minute = exactNumber(parts[1]),
            let second = number(parts[2], digits: 1...2)
        else { return nil }
        return (hour, minute, second)
    }

    private static func exactNumber(_ token: ArraySlice<UInt8>) -> Int64? {
        token.count <= 2 && token.allSatisfy { $0 &- 0x30 < 10 } ? number(token, digits: 1...2) : nil
    }

    private static func month(_ token: ArraySlice<UInt8>) -> Int64? {
        let names = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        let start = token.prefix(3).map(\.asciiLowercased)
        return names.firstIndex { start.elementsEqual($0.utf8) }.map { Int64($0 + 1) }
    }

    /// A number of so many digits, and whatever follows that is no digit.
    private static func number(_ token: ArraySlice<UInt8>, digits: ClosedRange<Int>) -> Int64? {
        let number = token.prefix { $0 &- 0x30 < 10 }
        guard digits.contains(number.count) else { return nil }
        return number.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }
}
