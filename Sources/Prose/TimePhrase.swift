import CLinux
import Glibc
import Model

/// A moment on the person's own clock.
package struct LocalTime: Equatable {
    /// Days since 1970-01-01, so that two days can be compared.
    package let dayNumber: Int64
    package let year: Int
    /// 1–12.
    package let month: Int
    package let day: Int
    package let hour: Int
    package let minute: Int
    package let second: Int

    /// The moment in the zone that `TZ` or the machine says.
    package init(_ instant: WallInstant) {
        let local = instant.seconds + Int64(lanyard_utc_offset(time_t(instant.seconds)))
        let second = Int((local % 86_400 + 86_400) % 86_400)
        dayNumber = (local - Int64(second)) / 86_400
        let date = CivilDate(daysSinceEpoch: dayNumber)
        year = Int(date.year)
        month = Int(date.month)
        day = Int(date.day)
        hour = second / 3600
        minute = second / 60 % 60
        self.second = second % 60
    }
}

/// Says times as people do: near ones by how far off they are, later ones by their date.
package struct TimePhrase {
    /// The moment it is said.
    package let now: WallInstant

    /// Says times as seen at `now`.
    package init(now: WallInstant = Clock.system.wall()) { self.now = now }

    /// A length of time: `41 min`, `1 h`, `14 days`; rounded to what is worth saying.
    package static func length(_ seconds: Int64) -> String {
        let seconds = max(0, seconds)
        let minutes = (seconds + 30) / 60
        let hours = (seconds + 1800) / 3600
        let days = (seconds + 43_200) / 86_400
        if seconds < 60 { return "\(seconds) s" }
        if minutes < 60 { return "\(minutes) min" }
        if hours < 36 { return "\(hours) h" }
        if days < 730 { return "\(days) days" }
        return "\(days / 365) years"
    }

    /// How far off: `in 41 min`, `12 min ago`.
    package func distance(_ instant: WallInstant) -> String {
        instant >= now ? "in " + Self.length(instant - now) : Self.length(now - instant) + " ago"
    }

    /// `until 15:42 (in 41 min)`, `until 7 December (in 14 days)`.
    package func until(_ instant: WallInstant) -> String {
        "until \(moment(instant, exact: false)) (\(distance(instant)))"
    }

    /// `since 09:12`, `since yesterday`, `since 3 December`.
    package func since(_ instant: WallInstant) -> String {
        let days = LocalTime(now).dayNumber - LocalTime(instant).dayNumber
        return days == 1 ? "since yesterday" : "since " + moment(instant, exact: false)
    }

    /// The moment itself: the time of today, the day otherwise, with the year where it is another one.
    /// - Parameter exact: the time of day to the second, on other days too.
    package func moment(_ instant: WallInstant, exact: Bool) -> String {
        let time = LocalTime(instant)
        let today = LocalTime(now)
        let clock = "\(Self.twoDigits(time.hour)):\(Self.twoDigits(time.minute))"
        let exactClock = exact ? clock + ":" + Self.twoDigits(time.second) : clock
        if time.dayNumber == today.dayNumber { return exactClock }
        let months = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December",
        ]
        let day = "\(time.day) \(months[time.month - 1])" + (time.year == today.year ? "" : " \(time.year)")
        return exact ? "\(day), \(exactClock)" : day
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
