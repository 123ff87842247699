import EventLoop
import LoopTesting
import Model
import Testing

@testable import Daemon

@Suite struct LoginsUnderWayTests {
    /// Logins that wait until they are let go of, cancelled or not: as one that deletes its client at a slow server.
    @LoopActor private final class Slow {
        var begun = 0
        var held: [CheckedContinuation<Void, Never>] = []

        func body() async throws(Failure) -> SessionEntry {
            begun += 1
            await withCheckedContinuation { held.append($0) }
            throw .loginGivenUp
        }

        func letGo() { for one in held { one.resume() } }
    }

    /// A caller of the login `x`.
    @LoopActor private func caller(_ logins: LoginsUnderWay, _ slow: Slow) -> Task<Void, Never> {
        EventLoop.task {
            _ = try? await logins.run("x", { _, _ in }) { _ async throws(Failure) in try await slow.body() }
        }
    }

    @LoopActor private func untilBegun(_ count: Int, _ slow: Slow) async {
        while slow.held.count < count { await Task.yield() }
    }

    @Test(arguments: [false, true])
    func `nobody joins a login that is given up`(_ all: Bool) async throws {
        try await onLoop {
            let (logins, slow) = (LoginsUnderWay(), Slow())
            let first = caller(logins, slow)
            let joined = caller(logins, slow)
            await untilBegun(1, slow)
            if all {
                logins.cancel()
            } else {
                joined.cancel()
                first.cancel()
            }
            // The cancelled ones' leaving is the loop's next work.
            for _ in 0..<100 { await Task.yield() }
            #expect(slow.begun == 1)
            let next = caller(logins, slow)
            for _ in 0..<100 { await Task.yield() }
            #expect(slow.begun == 2)
            slow.letGo()
            for task in [first, joined, next] { await task.value }
        }
    }
}
