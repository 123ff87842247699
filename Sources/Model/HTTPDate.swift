/// The date format of HTTP (RFC 9110, 5.6.7).
public enum HTTPDate {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// The moment that `Sun, 06 Nov 1994 08:49:37 GMT` stands for; nil for other forms, which nobody may write now.
    public static func parse(_ text: String) -> WallInstant? {
        let parts = text.split(whereSeparator: { $0 == " " || $0 == "," || $0 == ":" })
        guard text.utf8.count == 29, parts.count == 8, parts[7] == "GMT",
            let month = months.firstIndex(where: { $0 == parts[2] }).map({ Int64($0 + 1) }),
            let day = number(parts[1], 2), let year = number(parts[3], 4), let hour = number(parts[4], 2),
            let minute = number(parts[5], 2), let second = number(parts[6], 2),
            (1...CivilDate.days(in: month, of: year)).contains(day), hour < 24, minute < 60, second <= 60
        else { return nil }
        let days = CivilDate(year: year, month: month, day: day).daysSinceEpoch
        return WallInstant(seconds: days * 86_400 + hour * 3600 + minute * 60 + second)
    }

    private static func number(_ text: Substring, _ digits: Int) -> Int64? {
        text.utf8.count == digits && text.utf8.allSatisfy({ $0 &- 0x30 < 10 }) ? Int64(text) : nil
    }
}
