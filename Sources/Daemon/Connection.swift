import CLinux
import EventLoop
import Glibc
import Model
import Varlink

/// One caller. Calls are answered in order; while one waits, or replies have not been taken, nothing more is read, so
/// that a caller who only sends costs no memory.
@LoopActor final class Connection {
    /// The largest message, in bytes.
    private static let largestMessage = 1 << 20
    /// Read at once; most questions fit.
    private static let readSize = 16 << 10

    private let descriptor: Int32
    private let services: Services
    private let caller: Caller
    private var source: DescriptorSource?
    private var framing = MessageFraming(limit: largestMessage)
    private var outgoing: [SecretBytes] = []
    private var written = 0
    /// A call is being answered.
    private var isBusy = false
    /// The call that answers in steps, cancelled when the caller hangs up.
    private var stream: Task<Void, Never>?
    /// Called once, when the connection is closed.
    var onClose: () -> Void = {}
    /// When it was last heard of.
    private(set) var lastHeard: BootInstant
    /// Whether it could be closed without harm to anybody: nothing is being answered.
    var isIdle: Bool { !isBusy && outgoing.isEmpty }

    init(_ descriptor: Int32, _ caller: Caller, _ services: Services) throws(LoopFailure) {
        self.descriptor = descriptor
        self.caller = caller
        self.services = services
        lastHeard = Clock.system.boot()
        source = try DescriptorSource(descriptor, .readable) { [weak self] readiness in self?.ready(readiness) }
    }

    /// Closes where replies have not been taken, and lets go of a cookie file that has come in part: there are secrets in
    /// both.
    func dropUnsentAndUnfinishedImports() {
        caller.cookieImport = nil
        if !outgoing.isEmpty { close() }
    }

    private func ready(_ readiness: Readiness) {
        if readiness.contains(.failed) { return close() }
        if !outgoing.isEmpty {
            flush()
            if source != nil { answer() }
        } else if !isBusy {
            read()
        } else if readiness.contains(.hungUp) {
            // The caller has gone; what was begun for it ends by itself.
            close()
        }
    }

    private func read() {
        var buffer = SecretBuffer(capacity: Self.readSize)
        var failure: Int32 = 0
        let count = unsafe buffer.append(upTo: Self.readSize) { room in
            // recv writes at most the room's bytes.
            let count = unsafe recv(descriptor, room.baseAddress, room.count, Int32(MSG_DONTWAIT))
            if count < 0 { failure = errno }
            return max(0, count)
        }
        if failure == EAGAIN || failure == EINTR { return }
        guard count > 0 else { return close() }
        lastHeard = Clock.system.boot()
        guard buffer.withBytes({ framing.append($0) }) else { return close() }
        answer()
    }

    /// Answers the messages that are whole, until one has to wait.
    private func answer() {
        // Closed by a reply that nobody took: what follows is not carried out, and the descriptor is somebody else's.
        while source != nil, !isBusy, outgoing.isEmpty, let message = framing.next() {
            guard let (handling, oneway) = services.handle(message, from: caller) else { return close() }
            switch handling {
            case .now(let replies): if !oneway { send(replies) }
            case .later(let first, let work):
                isBusy = true
                if let first, !oneway { send([first]) }
                EventLoop.task { [weak self] in
                    let reply = await work()
                    self?.finish(oneway ? [] : [reply])
                }
            case .stream(let work):
                isBusy = true
                stream = EventLoop.task { [weak self] in
                    let reply = await work { [weak self] step in
                        self?.send(oneway ? [] : [step])
                        // For what the caller has not taken yet: the next step may be long in coming.
                        self?.watch()
                    }
                    self?.stream = nil
                    self?.finish(oneway ? [] : [reply])
                }
            }
        }
        watch()
    }

    private func finish(_ replies: [SecretBytes]) {
        isBusy = false
        guard source != nil else { return }
        send(replies)
        answer()
    }

    private func send(_ replies: [SecretBytes]) {
        guard source != nil else { return }
        outgoing += replies
        flush()
    }

    private func flush() {
        while let reply = outgoing.first {
            let sent = unsafe reply.withUnsafeBytes { bytes in
                // The part of the message that has not been taken.
                unsafe CLinux.send(
                    descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written,
                    Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
            }
            if sent < 0 {
                if errno == EINTR { continue }
                if errno == EAGAIN { return }
                return close()
            }
            written += sent
            if written == reply.count {
                outgoing.removeFirst()
                written = 0
            }
        }
    }

    private func watch() {
        let events: Readiness = !outgoing.isEmpty ? .writable : isBusy ? [] : .readable
        do { try source?.update(events: events) } catch { close() }
    }

    /// Ends the connection; more than once is as once.
    func close() {
        guard let source else { return }
        source.cancel()
        self.source = nil
        // A caller may be known for longer, as one that waits for consent.
        caller.cookieImport = nil
        outgoing = []
        stream?.cancel()
        stream = nil
        CLinux.close(descriptor)
        onClose()
    }
}
