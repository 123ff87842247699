import CCurl
import EventLoop
import Model

/// The daemon's own HTTP: logins, renewals, logouts, over libcurl's multi interface on the event loop.
///
/// Each request is sent once, on a connection of its own: no redirect is followed, no cookie kept, no `.netrc` read, no
/// authentication added. Certificates are always verified. Plain http goes through no proxy; https through the one that
/// the environment names, if any. What is sent and received is zeroed when it is freed.
@LoopActor @safe public final class Transfer {
    /// Connections at once to one host; further requests wait in libcurl, within their deadline. So a server that does
    /// not answer cannot use up the descriptors (1,024 by default) or keep the others waiting.
    private static let hostConnectionLimit = 32
    /// Connections at once in all.
    private static let connectionLimit = 256

    // libcurl's multi handle, made in init, cleaned up in deinit.
    private let multi: UnsafeMutableRawPointer
    private let certificateFile: String?
    private var exchanges: [UInt: Exchange] = [:]
    private var sockets: [Int32: DescriptorSource] = [:]
    private var timer: Timer?

    /// Sets libcurl up. Certificates are those of `CURL_CA_BUNDLE`, `SSL_CERT_FILE` or the system, as with curl.
    /// Throws `TransferFailure.unavailable`.
    public init() throws(TransferFailure) {
        guard CurlLibrary.result == CURLE_OK else { throw .unavailable(curlReason(CurlLibrary.result)) }
        guard let made = unsafe curl_multi_init() else { throw .unavailable("libcurl gives no handle") }
        unsafe multi = made
        certificateFile = CertificateFile.chosen()
        let this = unsafe Unmanaged.passUnretained(self).toOpaque()
        let codes = unsafe [
            lanyard_multi_setopt_socket(multi, watchSocket, this),
            lanyard_multi_setopt_timer(multi, setTimer, this),
            lanyard_multi_setopt_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, Self.hostConnectionLimit),
            lanyard_multi_setopt_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, Self.connectionLimit),
        ]
        guard codes.allSatisfy({ $0 == CURLM_OK }) else { throw .unavailable("libcurl refuses an option") }
    }

    isolated deinit {
        // No request is under way: each holds on to this object. The callbacks must not be given it any more.
        _ = unsafe lanyard_multi_setopt_socket(multi, nil, nil)
        _ = unsafe lanyard_multi_setopt_timer(multi, nil, nil)
        timer?.cancel()
        sockets.values.forEach { $0.cancel() }
        unsafe curl_multi_cleanup(multi)
    }

    /// Sends one request and returns its answer, whatever the status.
    ///
    /// `deadline` is for all of it, in seconds, name lookup included. A body of more than `limit` bytes is an error as
    /// soon as that is known. Cancelling the task closes the connection. The server is verified against `authorities`
    /// alone, where they are given. Throws `TransferFailure`.
    public func send(
        _ request: HTTPRequest, trusting authorities: CertificateAuthorities? = nil, deadline: Double = 30,
        limit: Int = 1 << 20
    ) async throws(TransferFailure) -> HTTPResponse {
        if Task.isCancelled { throw .cancelled }
        let exchange = try Exchange(
            request, deadline: deadline, limit: limit,
            trust: Exchange.Trust(certificateFile: certificateFile, authorities: authorities))
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                exchange.continuation = continuation
                start(exchange)
            }
        } onCancel: {
            EventLoop.task { self.giveUp(exchange) }
        }
        return try outcome.get()
    }

    private func start(_ exchange: Exchange) {
        exchanges[exchange.easy.identity] = exchange
        let code = unsafe curl_multi_add_handle(multi, exchange.easy.pointer)
        if code != CURLM_OK { end(exchange, CURLE_FAILED_INIT) }
    }

    private func giveUp(_ exchange: Exchange) {
        guard exchanges[exchange.easy.identity] === exchange else { return }
        end(exchange, nil)
    }

    private func end(_ exchange: Exchange, _ code: CURLcode?) {
        exchanges[exchange.easy.identity] = nil
        unsafe curl_multi_remove_handle(multi, exchange.easy.pointer)
        exchange.finish(code)
    }

    /// Lets libcurl work on `socket`, or on its time-outs, and ends what is done by that.
    private func act(_ socket: curl_socket_t, _ events: Int32) {
        var running: Int32 = 0
        unsafe curl_multi_socket_action(multi, socket, events, &running)
        var code = CURLE_OK
        while let easy = unsafe lanyard_multi_next_done(multi, &code) {
            guard let exchange = exchanges[UInt(bitPattern: easy)] else { continue }
            end(exchange, code)
        }
    }

    /// libcurl wants to hear of `socket` (`CURLMOPT_SOCKETFUNCTION`).
    fileprivate func watch(_ socket: curl_socket_t, _ what: Int32) {
        if what == CURL_POLL_REMOVE {
            sockets.removeValue(forKey: socket)?.cancel()
            return
        }
        var events: Readiness = []
        if what & CURL_POLL_IN != 0 { events.insert(.readable) }
        if what & CURL_POLL_OUT != 0 { events.insert(.writable) }
        if let source = sockets[socket], (try? source.update(events: events)) != nil { return }
        // nil where the kernel watches no more descriptors. libcurl's multi handle would be of no more use after an error
        // told from here, so the one transfer runs into its deadline.
        sockets[socket] = try? DescriptorSource(socket, events) { [weak self] ready in
            self?.act(socket, curlEvents(ready))
        }
    }

    /// libcurl wants to be called after so many milliseconds, -1 for never (`CURLMOPT_TIMERFUNCTION`).
    fileprivate func call(after milliseconds: Int) {
        timer?.cancel()
        timer = nil
        guard milliseconds >= 0 else { return }
        // Not at once, even for 0: libcurl is in the middle of a call.
        timer = Timer(after: Double(milliseconds) / 1_000) { [weak self] in self?.act(CURL_SOCKET_TIMEOUT, 0) }
    }
}

private func curlEvents(_ ready: Readiness) -> Int32 {
    var events: Int32 = 0
    if ready.contains(.readable) { events |= CURL_CSELECT_IN }
    if ready.contains(.writable) { events |= CURL_CSELECT_OUT }
    // Reading and writing tell libcurl what has happened.
    if !ready.isDisjoint(with: [.hungUp, .failed]) { events |= CURL_CSELECT_IN | CURL_CSELECT_OUT }
    return events
}

// libcurl calls these two on the loop's thread, from within a call of `Transfer`, with the object set in its init.

private let watchSocket: curl_socket_callback = { _, socket, what, transfer, _ in
    guard let transfer = unsafe transfer else { return 0 }
    let this = unsafe Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue()
    LoopActor.assumeIsolated { this.watch(socket, what) }
    return 0
}

private let setTimer: curl_multi_timer_callback = { _, milliseconds, transfer in
    guard let transfer = unsafe transfer else { return 0 }
    let this = unsafe Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue()
    LoopActor.assumeIsolated { this.call(after: milliseconds) }
    return 0
}
