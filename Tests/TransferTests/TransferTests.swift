import EventLoop
import Glibc
import LoopTesting
import Model
import Testing

@testable import Transfer

@Suite(.timeLimit(.minutes(1))) struct TransferTests {
    @Test func takesTheFinalResponseInOrder() async throws {
        let response = try await exchange(
            "HTTP/1.1 103 Early Hints\r\nSet-Cookie: early=1\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nX-Empty:\r\nset-cookie:\t b=2 \r\n"
                + "Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\nSet-Cookie: trailer=1\r\n\r\n")
        #expect(response.status == 200)
        #expect(response.headers.map(\.name) == ["Set-Cookie", "X-Empty", "set-cookie", "Transfer-Encoding"])
        #expect(response.headers.map { $0.value.exposedText() } == ["a=1", "", "b=2", "chunked"])
        #expect(response.body.exposedText() == "body")
    }

    @Test func sendsWhatWasAskedAndNothingOfItsOwn() async throws {
        let requests = try await onLoop {
            let server = try RawServer("HTTP/1.1 204 No Content\r\n\r\n")
            let transfer = try Transfer()
            for request in [
                HTTPRequest(
                    method: "POST", url: server.url + "a?b",
                    headers: [
                        HTTPHeader("Content-Type", "text/x"), HTTPHeader("X-Empty", ""), HTTPHeader("X-A", "b: c"),
                    ],
                    body: SecretBytes("the body")),
                HTTPRequest(method: "POST", url: server.url),
                HTTPRequest(method: "GET", url: server.url, headers: [HTTPHeader("User-Agent", "mine")]),
                HTTPRequest(method: "HEAD", url: server.url),
                HTTPRequest(method: "DELETE", url: server.url),
            ] {
                #expect(try await transfer.send(request).status == 204)
            }
            server.stop()
            return server.received.map { $0.replacing("\(server.port)", with: "PORT") }
        }
        let common = "Host: 127.0.0.1:PORT\r\nUser-Agent: lanyard/\(Lanyard.version)\r\nAccept: */*\r\n"
        #expect(requests.count == 5)
        #expect(
            requests.first == "POST /a?b HTTP/1.1\r\n" + common
                + "Content-Type: text/x\r\nX-Empty:\r\nX-A: b: c\r\nContent-Length: 8\r\n\r\nthe body")
        #expect(requests[1] == "POST / HTTP/1.1\r\n" + common + "Content-Length: 0\r\n\r\n")
        #expect(requests[2] == "GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nAccept: */*\r\nUser-Agent: mine\r\n\r\n")
        #expect(requests[3] == "HEAD / HTTP/1.1\r\n" + common + "\r\n")
        #expect(requests[4] == "DELETE / HTTP/1.1\r\n" + common + "\r\n")
    }

    @Test func sendsALargeBody() async throws {
        let received = try await onLoop {
            let server = try RawServer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            let body = SecretBytes(String(repeating: "0123456789", count: 300_000))
            let request = HTTPRequest(method: "PUT", url: server.url, body: body)
            _ = try await Transfer().send(request)
            server.stop()
            return server.received.first ?? ""
        }
        #expect(received.hasSuffix("\r\n\r\n" + String(repeating: "0123456789", count: 300_000)))
    }

    @Test(arguments: [
        HTTPHeader("X-A", "b\r\nX-C: d"), HTTPHeader("X-A", "b\n"), HTTPHeader("X-A", "b\u{0}"),
        HTTPHeader("X A", "b"), HTTPHeader("X:A", "b"), HTTPHeader("", "b"), HTTPHeader("X-A\r\n", "b"),
    ]) func refusesAHeaderThatIsMoreThanOneLine(_ header: HTTPHeader) async throws {
        let failure = try await failure(of: "", request: { HTTPRequest(method: "GET", url: $0, headers: [header]) })
        #expect(failure == .unsendable(printable(header.name)))
    }

    @Test func doesNotFollowARedirect() async throws {
        let (status, others) = try await onLoop {
            let other = try RawServer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            let server = try RawServer("HTTP/1.1 302 Found\r\nLocation: \(other.url)\r\nContent-Length: 0\r\n\r\n")
            let response = try await Transfer().send(HTTPRequest(method: "GET", url: server.url))
            server.stop()
            other.stop()
            return (response.status, other.received.count)
        }
        #expect(status == 302)
        #expect(others == 0)
    }

    @Test func plainHTTPGoesThroughNoProxy() async throws {
        let (direct, proxied) = try await onLoop {
            let proxy = try RawServer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            let server = try RawServer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            // The only change of the environment in this process; it stays, so that it holds for all other tests too.
            unsafe setenv("http_proxy", proxy.url, 1)
            _ = try await Transfer().send(HTTPRequest(method: "GET", url: server.url))
            proxy.stop()
            server.stop()
            return (server.received.count, proxy.received.count)
        }
        #expect(direct == 1)
        #expect(proxied == 0)
    }

    /// A connection that the server has closed meanwhile would make libcurl send a request twice.
    @Test func eachRequestHasAConnectionOfItsOwn() async throws {
        let connections = try await onLoop {
            let server = try RawServer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", closes: false)
            let transfer = try Transfer()
            for _ in 0..<3 { _ = try await transfer.send(HTTPRequest(method: "GET", url: server.url)) }
            server.stop()
            return server.received.count
        }
        #expect(connections == 3)
    }

    @Test func manyAtOnceAreAllAnswered() async throws {
        let answered = try await onLoop {
            let server = try RawServer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            let transfer = try Transfer()
            let url = server.url
            var answered = 0
            let tasks = (0..<200).map { _ in
                EventLoop.task {
                    let response = try? await transfer.send(HTTPRequest(method: "GET", url: url))
                    if response?.body == SecretBytes("ok") { answered += 1 }
                }
            }
            for task in tasks { await task.value }
            server.stop()
            return answered
        }
        #expect(answered == 200)
    }
}

/// The answer to a GET of a server that answers `answer`.
func exchange(_ answer: String) async throws -> HTTPResponse {
    try await onLoop {
        let server = try RawServer(answer)
        defer { server.stop() }
        return try await Transfer().send(HTTPRequest(method: "GET", url: server.url))
    }
}

/// How a request of a server that answers `answer` fails; nil if it does not.
func failure(
    of answer: String, filler: Int = 0, closes: Bool = true, deadline: Double = 30, limit: Int = 1 << 20,
    request: @escaping @Sendable (String) -> HTTPRequest = { HTTPRequest(method: "GET", url: $0) }
) async throws -> TransferFailure? {
    try await onLoop {
        let server = try RawServer(answer, filler: filler, closes: closes)
        defer { server.stop() }
        do throws(TransferFailure) {
            _ = try await Transfer().send(request(server.url), deadline: deadline, limit: limit)
            return nil
        } catch {
            return error
        }
    }
}
