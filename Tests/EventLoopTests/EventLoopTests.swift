import Glibc
import LoopTesting
import Testing

@testable import EventLoop

@Suite(.timeLimit(.minutes(1))) struct EventLoopTests {
    @Test func continuationsGroupsAndNonisolatedWorkStayOnTheLoopsThread() async throws {
        let threads = try await onLoop {
            var threads: Set<UInt> = []
            for _ in 0..<1_000 {
                await withCheckedContinuation { continuation in
                    EventLoop.task { continuation.resume() }
                }
                threads.insert(pthread_self())
            }
            await withTaskGroup(of: UInt.self) { group in
                for _ in 0..<100 { group.addTask { await threadOfConcurrentWork() } }
                for await thread in group { threads.insert(thread) }
            }
            async let child = threadOfConcurrentWork()
            await threads.insert(child)
            return threads
        }
        #expect(threads.count == 1)
    }

    @Test func aResumeFromAnotherThreadWakesTheLoop() async throws {
        let isOnLoop = try await onLoop {
            await withCheckedContinuation { continuation in
                Task.detached { continuation.resume() }
            }
            return LoopExecutor.shared.isOnLoopThread
        }
        #expect(isOnLoop)
    }

    @Test func jobsThatKeepMakingJobsDoNotStarveTimers() async throws {
        let turns = try await onLoop {
            var turns = 0
            var isDone = false
            Timer(after: 0.002) { isDone = true }
            while !isDone {
                await Task.yield()
                turns += 1
            }
            return turns
        }
        #expect(turns > 1)
    }

    @Test func stopLetsRunReturnAndWhatWaitsGoesOnInTheNext() async throws {
        LoopThread.start()
        let before = LoopThread.stops
        try await onLoop { EventLoop.stop() }
        while LoopThread.stops == before { await Task.yield() }
        #expect(try await onLoop { 1 } == 1)
    }

    @Test func assumeIsolatedHoldsOnTheLoop() async throws {
        #expect(try await onLoop { plainCallback() } == 5)
    }
}

@concurrent private func threadOfConcurrentWork() async -> UInt { pthread_self() }

private nonisolated func plainCallback() -> Int { LoopActor.assumeIsolated { 5 } }
