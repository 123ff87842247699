import LoopTesting
import Model
import Testing

@testable import Daemon

/// What `why` is told.
struct DecisionsTests {
    private static func decision(_ path: String) -> Decision {
        let target = RequestTarget(scheme: .https, host: "a", port: 443, path: path)
        return Decision(
            time: WallInstant(seconds: Int64(path.count)), pid: 1, program: "p", method: "GET", target: target,
            outcome: .nothing(NotAttached(.noMatch, origin: "https://a")))
    }

    @Test func theLastOnesAreKeptInOrder() async throws {
        try await onLoop {
            let decisions = Decisions()
            #expect(decisions.last(5).isEmpty)
            #expect(decisions.oldestKept == nil)
            for number in 0..<Decisions.most { decisions.note(Self.decision("\(number)")) }
            #expect(decisions.oldestKept == nil)
            #expect(decisions.last(2).map(\.target?.path) == ["998", "999"])
            for number in 0..<3 { decisions.note(Self.decision("again \(number)")) }
            #expect(decisions.count == Decisions.most + 3)
            #expect(decisions.last(.max).count == Decisions.most)
            #expect(decisions.last(4).map(\.target?.path) == ["999", "again 0", "again 1", "again 2"])
            #expect(decisions.last(.max).first?.target?.path == "3")
            #expect(decisions.oldestKept == WallInstant(seconds: 1))
        }
    }

    @Test func aLongPathIsCut() async throws {
        try await onLoop {
            let decisions = Decisions()
            decisions.note(Self.decision(String(repeating: "é", count: 4000)))
            #expect((decisions.last(1).first?.target?.path.utf8.count ?? 0) < 300)
        }
    }
}
