import CLinux
import Glibc
import LoopTesting
import Testing

@testable import EventLoop

@Suite(.timeLimit(.minutes(1))) struct DescriptorSourceTests {
    @Test func tellsWhatIsReadyAndStopsWhenCancelledInItsHandler() async throws {
        let calls = try await onLoop {
            let pair = try Pair()
            var calls: [Readiness] = []
            var source: DescriptorSource?
            source = try DescriptorSource(pair.near, .readable) { ready in
                calls.append(ready)
                source?.cancel()
            }
            pair.send()
            try await loopRounds()
            pair.send()
            try await loopRounds()
            return calls
        }
        #expect(calls == [.readable])
    }

    @Test func updateChangesWhatIsWatched() async throws {
        let calls = try await onLoop {
            let pair = try Pair()
            var calls: [Readiness] = []
            var source: DescriptorSource?
            source = try DescriptorSource(pair.near, []) { ready in
                calls.append(ready)
                do { try source?.update(events: .readable) } catch { calls.append(.failed) }
            }
            try await loopRounds()
            try source?.update(events: .writable)
            try await loopRounds()
            source?.cancel()
            try source?.update(events: .writable)
            try await loopRounds()
            return calls
        }
        #expect(calls == [.writable])
    }

    /// Both are ready in one batch; whichever handler comes first cancels the other, closes its descriptor and opens a
    /// new one of the same number, which must not get the old event.
    @Test func anEventForANumberUsedAnewGoesToNobody() async throws {
        let (first, stale) = try await onLoop {
            var pairs = [try Pair(), try Pair()]
            var sources: [DescriptorSource] = []
            var first = 0
            var stale = 0
            for index in 0...1 {
                sources.append(
                    try DescriptorSource(pairs[index].near, .readable) { _ in
                        first += 1
                        let other = 1 - index
                        sources.forEach { $0.cancel() }
                        do {
                            pairs.append(try Pair(takingNumberOf: pairs[other]))
                            sources.append(try DescriptorSource(pairs[2].near, .readable) { _ in stale += 1 })
                        } catch {
                            Issue.record(error)
                        }
                    })
            }
            pairs.forEach { $0.send() }
            try await loopRounds()
            sources.forEach { $0.cancel() }
            return (first, stale)
        }
        #expect(first == 1)
        #expect(stale == 0)
    }

    @Test func aLateCancelDoesNotTakeOutTheSuccessorOfTheSameNumber() async throws {
        let heard = try await onLoop {
            let old = try Pair()
            let forgotten = try DescriptorSource(old.near, .readable) { _ in }
            let new = try Pair(takingNumberOf: old)
            var heard = 0
            var source: DescriptorSource?
            source = try DescriptorSource(new.near, .readable) { _ in
                heard += 1
                source?.cancel()
            }
            forgotten.cancel()
            new.send()
            try await loopRounds()
            return heard
        }
        #expect(heard == 1)
    }

    @Test func aDescriptorThatEpollRefusesIsAnError() async throws {
        let failure = try await onLoop { () -> LoopFailure? in
            do throws(LoopFailure) {
                _ = try DescriptorSource(-1, .readable) { _ in }
                return nil
            } catch {
                return error
            }
        }
        #expect(failure?.call == "epoll_ctl")
        #expect(failure?.code == EBADF)
    }
}

/// Lets the loop look at its descriptors at least three times.
@LoopActor func loopRounds() async throws {
    // A timer of a past moment makes the timerfd ready: it comes with, or after, what was ready before.
    for _ in 0..<3 { try await sleep(for: 0) }
}

/// Two connected sockets, closed when this goes.
@LoopActor final class Pair {
    private(set) var near: Int32
    let far: Int32

    init() throws {
        var ends: [Int32] = [-1, -1]
        let result = unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends)
        try #require(result == 0)
        (near, far) = (ends[0], ends[1])
    }

    /// A new pair whose near end has the number of `old`'s, which is closed in the same step: between two steps another
    /// thread of the test process could take it.
    convenience init(takingNumberOf old: Pair) throws {
        try self.init()
        try #require(dup2(near, old.near) == old.near)
        close(near)
        near = old.near
        old.near = -1
    }

    isolated deinit {
        if near >= 0 { close(near) }
        close(far)
    }

    func send() {
        let byte: [UInt8] = [1]
        #expect(unsafe write(far, byte, 1) == 1)
    }
}
