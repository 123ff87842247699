import Model
import Testing

@testable import Daemon

/// Design, section 6: "Renewal".
struct RenewalTimingTests {
    private func due(after lifetime: Double, jitter: Double) throws -> Double {
        let expiry = Expiry(seconds: lifetime, after: BootInstant(nanoseconds: 0), clock: clock)
        let token = AccessToken(scheme: "Bearer", value: SecretBytes("x"), expiry: expiry, lifetime: lifetime)
        return try #require(RenewalTiming.due(token, jitter: jitter)) - BootInstant(nanoseconds: 0)
    }

    private let clock = Clock(wall: { WallInstant(seconds: 0) }, boot: { BootInstant(nanoseconds: 0) })

    @Test func aFifthOfTheLifeBeforeItsEnd() throws { #expect(try due(after: 100, jitter: 0) == 80) }

    @Test func fiveMinutesAtMost() throws { #expect(try due(after: 86_400, jitter: 0) == 86_100) }

    @Test func jitterMakesItEarlierByATenthOfTheMargin() throws {
        #expect(abs(try due(after: 100, jitter: 0.999) - 78.002) < 0.01)
    }

    @Test func pausesDoubleAndEnd() {
        let pauses = (1...12).map { RenewalTiming.backoff(failures: $0, jitter: 0.999_999) }
        for (shorter, longer) in zip(pauses, pauses.dropFirst()) { #expect(shorter <= longer) }
        #expect(pauses[0] <= 2 && pauses[3] > 15 && pauses[11] <= 300)
        #expect(RenewalTiming.backoff(failures: 1, jitter: 0) == 1)
    }
}
