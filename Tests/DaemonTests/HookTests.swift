import EventLoop
import Glibc
import LoopTesting
import Model
import Prose
import Testing

@testable import Daemon

@Suite struct HookTests {
    @Test func aCommandsEndIsTold() async throws {
        try await onLoop {
            #expect(await Hook.run(["true", "name", "active"]) == .exited(0))
            #expect(await Hook.run(["sh", "-c", "exit 3"]) == .exited(3))
            #expect(await Hook.run(["sh", "-c", "kill -9 $$"]) == .signal(9))
            guard case .notStarted = await Hook.run(["/nonexistent/program"]) else {
                Issue.record("a program that is not there was started")
                return
            }
        }
    }

    @Test func aCommandThatDoesNotEndIsKilledWithAllItStarted() async throws {
        try await onLoop {
            let begin = Clock.system.boot()
            #expect(await Hook.run(["sh", "-c", "sleep 1000 & sleep 1000"], patience: 0.2) == .tooLong(seconds: 0))
            #expect(Clock.system.boot() - begin < 10)
        }
    }

    @Test func aCommandBeginsWithNoSignalBlockedOrIgnored() async throws {
        try await onLoop {
            // SigBlk and SigIgn of the process itself.
            // Signals 32 and 33 are the C library's own.
            for mask in ["SigBlk", "SigIgn"] {
                let script = "grep -qE '^\(mask):[[:space:]]*0+(180000000)?$' /proc/self/status"
                #expect(await Hook.run(["sh", "-c", script]) == .exited(0), "\(mask)")
            }
        }
    }
}
