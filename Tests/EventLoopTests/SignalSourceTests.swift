import EventLoop
import Glibc
import LoopTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct SignalSourceTests {
    @Test func tellsTheNumberOfEachSignal() async throws {
        let heard = try await onLoop {
            var heard: Set<Int32> = []
            let source = try SignalSource([SIGHUP, SIGWINCH]) { heard.insert($0) }
            // Sent to this thread alone, for only here they are blocked.
            pthread_kill(pthread_self(), SIGHUP)
            pthread_kill(pthread_self(), SIGWINCH)
            try await loopRounds()
            source.cancel()
            pthread_kill(pthread_self(), SIGHUP)
            try await loopRounds()
            return heard
        }
        #expect(heard == [SIGHUP, SIGWINCH])
    }
}
