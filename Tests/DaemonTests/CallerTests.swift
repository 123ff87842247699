import EventLoop
import LoopTesting
import Model
import Testing

@testable import Daemon

/// What a caller has sent in part.
struct CallerTests {
    @Test func aCookieFileWhoseNextPartDoesNotComeIsLetGoOf() async throws {
        try await onLoop {
            let caller = Caller(pid: 0, importPatience: 0.001)
            let patient = Caller(pid: 0)
            for caller in [caller, patient] { caller.cookieImport = CookieImport() }
            // It ends after the timer, which is of an earlier moment.
            try await sleep(for: 0.01)
            #expect(caller.cookieImport == nil)
            #expect(patient.cookieImport != nil)
            patient.cookieImport = nil
        }
    }
}
