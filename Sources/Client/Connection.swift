import CLinux
import Glibc
import Model
import Prose
import Varlink

/// A connection to the daemon: one call after the other, each with a deadline.
struct Connection: ~Copyable {
    /// The longest message in either direction, in bytes (the interface's own limit).
    static let longestMessage = 1 << 20

    /// Why a call got no answer.
    enum CallFailure: Error, Equatable {
        /// The other end has closed the connection.
        case closed
        /// The deadline has passed.
        case late
        /// The answer is no varlink, or is longer than ``Connection/longestMessage``.
        case notVarlink
        /// The call itself is longer than ``Connection/longestMessage``.
        case tooLong
    }

    private let descriptor: Int32
    /// The process at the other end: the one that called listen().
    private(set) var peer: pid_t = 0
    /// What the person sees while they wait.
    private var progress: Progress?
    private var framing = MessageFraming(limit: Self.longestMessage)

    /// Takes over a connected socket.
    init(adopting descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Connects to the socket at `path`, and checks that its owner is this user.
    /// - Returns: nil where nobody listens there.
    /// - Throws: a ``Failure`` where the path cannot be one, or belongs to somebody else.
    static func open(_ path: SocketPath) throws(Failure) -> Connection? {
        try path.checkFolder()
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw CommandProse.cannotConnect(path.text, lastError()) }
        var connection = Connection(adopting: descriptor)
        switch connection.connect(path.text) {
        case 0: break
        case ENOENT, ECONNREFUSED, ENOTDIR: return nil
        case ENAMETOOLONG: throw CommandProse.socketPathTooLong(path.text)
        case let number: throw CommandProse.cannotConnect(path.text, errorText(number))
        }
        var peer = lanyard_ucred()
        // The kernel fills the one struct; it says who called listen().
        guard unsafe lanyard_peer_credentials(descriptor, &peer) == 0 else {
            throw CommandProse.cannotConnect(path.text, lastError())
        }
        // With socket activation it is the user's own service manager, which has the same uid.
        guard peer.uid == geteuid() else { throw CommandProse.foreignDaemon(path.text, user: peer.uid) }
        connection.peer = peer.pid
        return connection
    }

    /// Connects; the error number, 0 for none.
    private borrowing func connect(_ path: String) -> Int32 {
        // A daemon whose queue is full makes connect wait; this bounds it, in seconds.
        var limit = timeval(tv_sec: 5, tv_usec: 0)
        // The option is copied, and the path is lent, during the calls.
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        return unsafe lanyard_connect(descriptor, path) == 0 ? 0 : errno
    }

    /// Sends `message`, which ends with a NUL, and waits for the answer; where that takes long, says for `what`.
    mutating func call(
        _ message: SecretBytes, within seconds: Double, saying what: String
    ) throws(CallFailure) -> VarlinkReply {
        guard message.count <= Self.longestMessage else { throw .tooLong }
        let deadline = Clock.system.boot() + seconds
        progress = Progress(what, until: deadline)
        try send(message, until: deadline)
        return try reply(until: deadline)
    }

    /// Says from now on that `what` is waited for, until `end`.
    mutating func wait(for what: String, until end: BootInstant) { progress = Progress(what, until: end) }

    /// The next answer to a call that takes several.
    mutating func reply(until deadline: BootInstant) throws(CallFailure) -> VarlinkReply {
        defer { progress?.erase() }
        while true {
            if let answer = framing.next() {
                do { return try VarlinkReply(answer) } catch { throw .notVarlink }
            }
            try receive(until: deadline)
        }
    }

    private mutating func send(_ message: SecretBytes, until deadline: BootInstant) throws(CallFailure) {
        var sent = 0
        while sent < message.count {
            // The rest of the message, which outlives the call.
            let count = unsafe message.withUnsafeBytes { bytes in
                unsafe Glibc.send(
                    descriptor, UnsafeRawBufferPointer(rebasing: bytes[sent...]).baseAddress, bytes.count - sent,
                    Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                sent += count
            } else if errno == EAGAIN {
                try wait(for: POLLOUT, until: deadline)
            } else if errno != EINTR {
                throw .closed
            }
        }
    }

    private mutating func receive(until deadline: BootInstant) throws(CallFailure) {
        try wait(for: POLLIN, until: deadline)
        var part = SecretBuffer(capacity: 4096)
        var failure: Int32 = 0
        let count = unsafe part.append(upTo: 4096) { room in
            let count = unsafe recv(descriptor, room.baseAddress, room.count, Int32(MSG_DONTWAIT))
            if count < 0 { failure = errno }
            return max(0, count)
        }
        if count == 0 {
            if failure == EAGAIN || failure == EINTR { return }
            throw .closed
        }
        guard part.withBytes({ framing.append($0) }) else { throw .notVarlink }
    }

    private mutating func wait(for event: Int32, until deadline: BootInstant) throws(CallFailure) {
        while true {
            let left = deadline - Clock.system.boot()
            guard left > 0 else { throw .late }
            let pause = Int32(min(left * 1000, 1e6).rounded(.up))
            var waiting = pollfd(fd: descriptor, events: Int16(event), revents: 0)
            // One pollfd, written during the call.
            let ready = unsafe poll(&waiting, 1, min(pause, progress?.milliseconds ?? pause))
            if ready > 0 { return }
            progress?.draw()
        }
    }
}
