import EventLoop
import LoopTesting
import Model
import Testing

@testable import Transfer

@Suite(.timeLimit(.minutes(1))) struct TransferFailureTests {
    @Test func aBodyOverTheLimitIsGivenUpEarly() async throws {
        let endless = "HTTP/1.1 200 OK\r\n\r\n"
        #expect(try await failure(of: endless, filler: 100 << 20) == .tooLarge(limit: 1 << 20))
        #expect(try await failure(of: endless, filler: 11, limit: 10) == .tooLarge(limit: 10))
        #expect(try await failure(of: endless, filler: 10, limit: 10) == nil)
    }

    /// The server never sends the body: its length is enough.
    @Test func aContentLengthOverTheLimitIsEnough() async throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n"
        #expect(try await failure(of: answer, closes: false) == .tooLarge(limit: 1 << 20))
    }

    @Test(arguments: [
        "garbage\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 OK\r\n\r\n", "HTTP/1.1 999 No\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\nna me: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n", "HTTP/1.1 200 OK\r\n: x\r\n\r\n",
    ]) func whatIsNotHTTP(_ answer: String) async throws {
        #expect(try await failure(of: answer) == .notHTTP)
    }

    @Test(arguments: [
        "", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "HTTP/1.1 200 OK\r\nSet-Coo",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab",
    ]) func whatEndsHalfWay(_ answer: String) async throws {
        let failure = try await failure(of: answer)
        guard case .interrupted = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }

    @Test func headersBeyondTheLimits() async throws {
        let lines = String(repeating: "A: b\r\n", count: 300)
        #expect(try await failure(of: "HTTP/1.1 200 OK\r\n" + lines + "\r\n") == .tooManyHeaders)
        let bytes = String(repeating: "A: " + String(repeating: "b", count: 60_000) + "\r\n", count: 5)
        #expect(try await failure(of: "HTTP/1.1 200 OK\r\n" + bytes + "\r\n") == .tooManyHeaders)
        let interim = String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 200)
        #expect(try await failure(of: interim) == .tooManyHeaders)
        #expect(try await failure(of: "HTTP/1.1 200 OK\r\nA: ", filler: 10 << 20) == .tooManyHeaders)
    }

    @Test func aServerThatDoesNotAnswerInTime() async throws {
        #expect(try await failure(of: "", closes: false, deadline: 0.05) == .timedOut)
        #expect(try await failure(of: "HTTP/1.1 200 OK\r\n", closes: false, deadline: 0.05) == .timedOut)
    }

    @Test func aPortThatRefuses() async throws {
        let failure = try await onLoop { () -> TransferFailure? in
            let server = try RawServer("")
            server.stop()
            return await transferFailure(server.url)
        }
        #expect(failure == .refused)
    }

    @Test func aHostWithoutAnAddress() async throws {
        // RFC 6761, 6.4: never exists.
        #expect(try await onLoop { await transferFailure("http://lanyard.invalid/") } == .unknownHost)
    }

    @Test func aServerThatDoesNotSpeakTLS() async throws {
        let failure = try await onLoop {
            let server = try RawServer("HTTP/1.1 400 Bad Request\r\n\r\n", waits: false)
            defer { server.stop() }
            return await transferFailure("https://127.0.0.1:\(server.port)/")
        }
        guard case .tls(let reason) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(reason.contains("wrong version number"))
    }

    @Test func aURLThatCannotBeAsked() async throws {
        let failures = try await onLoop {
            [await transferFailure("http://u@127.0.0.1/"), await transferFailure("ftp://127.0.0.1/")]
        }
        #expect(failures == [.url(.userInformation), .url(.unsupportedScheme)])
    }

    @Test func cancellingTheTaskClosesTheConnection() async throws {
        let (outcome, abandoned) = try await onLoop {
            let server = try RawServer("", closes: false)
            let url = server.url
            let outcome = Outcome()
            let task = EventLoop.task { outcome.failure = await transferFailure(url) }
            while server.received.first?.hasSuffix("\r\n\r\n") != true { try await sleep(for: 0.001) }
            task.cancel()
            await task.value
            while server.abandoned == 0 { try await sleep(for: 0.001) }
            server.stop()
            return (outcome.failure, server.abandoned)
        }
        #expect(outcome == .cancelled)
        #expect(abandoned == 1)
    }

    @Test func aTaskCancelledBeforeSendsNothing() async throws {
        let (failure, received) = try await onLoop {
            let server = try RawServer("")
            let url = server.url
            let outcome = Outcome()
            let task = EventLoop.task {
                unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
                outcome.failure = await transferFailure(url)
            }
            await task.value
            server.stop()
            return (outcome.failure, server.received)
        }
        #expect(failure == .cancelled)
        #expect(received.isEmpty)
    }
}

@LoopActor private final class Outcome {
    var failure: TransferFailure?
}

/// How a GET of `url` fails; nil if it does not.
@LoopActor private func transferFailure(_ url: String) async -> TransferFailure? {
    do throws(TransferFailure) {
        _ = try await Transfer().send(HTTPRequest(method: "GET", url: url))
        return nil
    } catch {
        return error
    }
}
