import Model
import Testing

@testable import Client
@testable import Prose

@Suite struct TimePhraseTests {
    init() { inUTC }

    @Test(arguments: [
        (0, "0 s"), (59, "59 s"), (60, "1 min"), (41 * 60, "41 min"), (3600, "1 h"), (5 * 3600 - 1, "5 h"),
        (35 * 3600, "35 h"), (2 * 86_400, "2 days"), (14 * 86_400 - 5, "14 days"), (800 * 86_400, "2 years"),
        (-5, "0 s"),
    ])
    func lengths(_ seconds: Int, _ expected: String) {
        #expect(TimePhrase.length(Int64(seconds)) == expected)
    }

    @Test func comingMoments() {
        let time = TimePhrase(now: now)
        #expect(time.until(now + 41 * 60) == "until 14:41 (in 41 min)")
        #expect(time.until(now + 14 * 86_400) == "until 7 December (in 14 days)")
        #expect(time.until(now + 60 * 86_400) == "until 22 January 2027 (in 60 days)")
    }

    @Test func pastMoments() {
        let time = TimePhrase(now: now)
        #expect(time.since(now + -4 * 3600) == "since 10:00")
        #expect(time.since(now + -86_400) == "since yesterday")
        #expect(time.since(now + -15 * 3600) == "since yesterday")
        #expect(time.since(now + -20 * 86_400) == "since 3 November")
        #expect(time.moment(now + -86_400, exact: true) == "22 November, 14:00:00")
        #expect(time.moment(WallInstant(seconds: -1), exact: true) == "31 December 1969, 23:59:59")
    }
}
