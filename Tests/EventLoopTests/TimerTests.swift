import LoopTesting
import Model
import Testing

@testable import EventLoop

@Suite(.timeLimit(.minutes(1))) struct TimerTests {
    @Test func fireByMomentThenByOrderMade() async throws {
        let fired = try await onLoop {
            var fired: [Int] = []
            let soon = Clock.system.boot() + 0.02
            Timer(at: soon + 0.002) { fired.append(3) }
            Timer(at: soon) { fired.append(1) }
            Timer(at: soon) { fired.append(2) }
            Timer(at: BootInstant(nanoseconds: .min)) { fired.append(0) }
            try await sleep(until: soon + 0.003)
            return fired
        }
        #expect(fired == [0, 1, 2, 3])
    }

    @Test func cancelledDoesNotFireEvenFromAHandlerOfTheSameMoment() async throws {
        let fired = try await onLoop {
            var fired: [Int] = []
            let soon = Clock.system.boot() + 0.01
            let later = Timers()
            Timer(at: soon) {
                fired.append(1)
                later.cancel()
            }
            later.timers = [2, 3].map { number in Timer(at: soon) { fired.append(number) } }
            Timer(at: soon) { fired.append(4) }
            try await sleep(until: soon + 0.001)
            later.cancel()
            return fired
        }
        #expect(fired == [1, 4])
    }

    @Test func heapStaysInOrderUnderCancels() async throws {
        let fired = try await onLoop {
            var fired: [Int] = []
            let soon = Clock.system.boot() + 0.05
            // 997 is prime: the moments come in an order that is far from sorted.
            let timers = (0..<997).map { index in
                let rank = index * 389 % 997
                return Timer(at: BootInstant(nanoseconds: soon.nanoseconds + Int64(rank))) { fired.append(rank) }
            }
            for index in stride(from: 0, to: 997, by: 3) { timers[index].cancel() }
            try await sleep(until: soon + 0.001)
            return fired
        }
        let cancelled = Set(stride(from: 0, to: 997, by: 3).map { $0 * 389 % 997 })
        #expect(fired == (0..<997).filter { !cancelled.contains($0) })
    }

    /// Were it fired in the same round, the sleeps would never end.
    @Test func aTimerAddedByAHandlerForAPastMomentFiresInALaterRound() async throws {
        let rounds = try await onLoop {
            var rounds = 0
            var isDone = false
            @LoopActor func again() {
                rounds += 1
                if !isDone { Timer(after: 0) { again() } }
            }
            again()
            while rounds < 100 { try await sleep(for: 0) }
            isDone = true
            return rounds
        }
        #expect(rounds >= 100)
    }

    @Test func sleepEndsWhenCancelledAndBeforeItBegins() async throws {
        let outcomes = try await onLoop {
            var outcomes: [String] = []
            let task = EventLoop.task {
                do throws(CancellationError) {
                    try await sleep(for: 1_000)
                    outcomes.append("slept")
                } catch {
                    outcomes.append("cancelled")
                }
            }
            try await sleep(for: 0.005)
            task.cancel()
            await task.value
            let early = EventLoop.task {
                unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
                do throws(CancellationError) {
                    try await sleep(for: 1_000)
                    outcomes.append("slept")
                } catch {
                    outcomes.append("cancelled early")
                }
            }
            await early.value
            return outcomes
        }
        #expect(outcomes == ["cancelled", "cancelled early"])
    }

    @Test func deadlineAnswersInTimeOrNotAtAll() async throws {
        let (quick, slow, wasCancelled) = try await onLoop {
            var wasCancelled = false
            let quick = await withDeadline(seconds: 1_000) { 7 }
            let slow = await withDeadline(seconds: 0.005) { () -> Int in
                do throws(CancellationError) { try await sleep(for: 1_000) } catch { wasCancelled = true }
                return 8
            }
            try await sleep(for: 0.001)
            return (quick, slow, wasCancelled)
        }
        #expect(quick == 7)
        #expect(slow == nil)
        #expect(wasCancelled)
    }
}

@LoopActor private final class Timers {
    var timers: [Timer] = []

    func cancel() { timers.forEach { $0.cancel() } }
}
