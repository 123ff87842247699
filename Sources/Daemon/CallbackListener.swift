import CLinux
import EventLoop
import Glibc
import Model
import Prose

/// Where the browser comes back to after a login (RFC 8252, 7.3): an HTTP server on 127.0.0.1 for one answer.
///
/// It is the daemon's and not the command's, so that the code, the `state` and the PKCE verifier never leave it, and so
/// that many commands wait for one login. Any page and any user of this machine can ask it things: an answer is what has
/// the login's `state`, and the rest of what the first one says is judged by whoever waits for it. The browser gets its
/// page when that is done.
@LoopActor final class CallbackListener {
    /// The path that answers come to.
    nonisolated static let path = "/callback"
    /// The most bytes of a request: a code of several KiB, and a browser's header fields.
    private static let largestRequest = 64 << 10
    /// Browsers open a few connections ahead; more are somebody else's, and wait in the kernel's queue.
    private static let mostVisitors = 16
    /// How long a connection may take to say what it wants, in seconds; a browser opens another then.
    private static let patience = 5.0

    /// A connection, with what came over it so far.
    private final class Visitor {
        let descriptor: Int32
        var source: DescriptorSource?
        var request = SecretBuffer(capacity: 4096)
        var timer: Timer?

        init(_ descriptor: Int32) { self.descriptor = descriptor }
    }

    /// The port that it listens at.
    let port: UInt16
    private let descriptor: Int32
    private var source: DescriptorSource?
    private var visitors: [Visitor] = []
    /// Whether a query is the answer that is waited for; none is, until somebody says so.
    var isAnswer: (SecretBytes) -> Bool = { _ in false }
    /// Whose the answer is.
    private var answerer: Visitor?
    private var query: SecretBytes?
    private var continuation: CheckedContinuation<SecretBytes?, Never>?

    /// Listens.
    /// - Parameter wanted: the port to try first: some servers take no other than the one that was registered.
    init(at wanted: UInt16?) throws(Failure) {
        var port = wanted ?? 0
        // The port is this function's own; the call writes it.
        var listening = unsafe lanyard_listen_loopback(&port)
        if listening < 0, wanted != nil {
            port = 0
            listening = unsafe lanyard_listen_loopback(&port)
        }
        guard listening >= 0 else { throw .noListener(Failure.words(errno: errno)) }
        _ = fcntl(listening, F_SETFL, O_NONBLOCK)
        descriptor = listening
        self.port = port
        do {
            source = try DescriptorSource(listening, .readable) { [weak self] _ in self?.accept() }
        } catch {
            CLinux.close(listening)
            throw .noListener(Failure.words(errno: errno))
        }
    }

    /// Where the browser is to be sent.
    var redirectURI: String { "http://127.0.0.1:\(port)\(Self.path)" }

    /// The query of the first answer, as ``isAnswer`` knows it; nil where none comes before ``close()``, or the task is
    /// cancelled.
    func answer() async -> SecretBytes? {
        if let query { return query }
        guard source != nil, !Task.isCancelled else { return nil }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation = $0 }
        } onCancel: {
            EventLoop.task { self.close() }
        }
    }

    /// Shows the browser how it went, and ends.
    func finish(_ page: LoginPage) {
        if let answerer { show(page, to: answerer) }
        close()
    }

    /// Ends; more than once is as once.
    func close() {
        guard let source else { return }
        source.cancel()
        self.source = nil
        CLinux.close(descriptor)
        for visitor in visitors { drop(visitor) }
        continuation?.resume(returning: nil)
        continuation = nil
    }

    private func accept() {
        while visitors.count < Self.mostVisitors {
            // The address is not asked for: only this machine reaches 127.0.0.1.
            let accepted = accept4(descriptor, nil, nil, Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue))
            guard accepted >= 0 else { return }
            let visitor = Visitor(accepted)
            visitor.timer = Timer(after: Self.patience) { [weak self, weak visitor] in
                if let visitor { self?.drop(visitor) }
            }
            visitor.source = try? DescriptorSource(accepted, .readable) { [weak self, weak visitor] _ in
                if let visitor { self?.read(visitor) }
            }
            visitors.append(visitor)
            if visitor.source == nil { drop(visitor) }
        }
        watch()
    }

    /// Hears of new connections while there is room for them.
    private func watch() {
        do { try source?.update(events: visitors.count < Self.mostVisitors ? .readable : []) } catch { close() }
    }

    private func read(_ visitor: Visitor) {
        var failure: Int32 = 0
        let count = unsafe visitor.request.append(upTo: 4096) { room in
            // recv writes at most the room's bytes.
            let count = unsafe recv(visitor.descriptor, room.baseAddress, room.count, Int32(MSG_DONTWAIT))
            if count < 0 { failure = errno }
            return max(0, count)
        }
        if failure == EAGAIN || failure == EINTR { return }
        guard count > 0, visitor.request.count <= Self.largestRequest else { return drop(visitor) }
        guard let head = CallbackRequest(visitor.request) else { return }
        switch head {
        case .answer(let query): take(query, from: visitor)
        case .other: show(.notHere, to: visitor)
        }
    }

    private func take(_ query: SecretBytes, from visitor: Visitor) {
        guard isAnswer(query) else { return show(.notHere, to: visitor) }
        guard answerer == nil else { return show(.tooLate, to: visitor) }
        answerer = visitor
        self.query = query
        // It is read no further; its page comes with `finish`.
        visitor.source?.cancel()
        visitor.timer?.cancel()
        continuation?.resume(returning: query)
        continuation = nil
    }

    private func show(_ page: LoginPage, to visitor: Visitor) {
        let text = page.response
        // Smaller than a socket's buffer, so that it is taken whole or not at all.
        _ = unsafe send(visitor.descriptor, text, text.utf8.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
        drop(visitor)
    }

    private func drop(_ visitor: Visitor) {
        guard let index = visitors.firstIndex(where: { $0 === visitor }) else { return }
        visitors.remove(at: index)
        visitor.source?.cancel()
        visitor.timer?.cancel()
        CLinux.close(visitor.descriptor)
        watch()
    }
}

/// What a browser asks the listener for.
enum CallbackRequest {
    /// The answer to a login, with this query.
    case answer(SecretBytes)
    /// Something else: the icon of the page, say.
    case other

    /// Reads the request line; nil while the head is not whole.
    init?(_ bytes: borrowing SecretBuffer) {
        let parsed = bytes.withBytes { bytes -> CallbackRequest? in
            guard Self.isWhole(bytes) else { return nil }
            let start = Array("GET \(CallbackListener.path)".utf8)
            guard bytes.count > start.count, start.indices.allSatisfy({ bytes[$0] == start[$0] }) else { return .other }
            var end = start.count
            while bytes[end] != UInt8(ascii: " "), bytes[end] != 0x0D { end += 1 }
            if end == start.count { return .answer(SecretBytes("")) }
            guard bytes[start.count] == UInt8(ascii: "?") else { return .other }
            var query = SecretBuffer(capacity: end - start.count)
            for index in (start.count + 1)..<end { query.append(bytes[index]) }
            return .answer(query.take())
        }
        guard let parsed else { return nil }
        self = parsed
    }

    private static func isWhole(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count >= 4 else { return false }
        return (3..<bytes.count).contains { at in
            bytes[at] == 0x0A && bytes[at - 1] == 0x0D && bytes[at - 2] == 0x0A && bytes[at - 3] == 0x0D
        }
    }
}
