import EventLoop
import Glibc
import Testing

/// A server on 127.0.0.1, on the loop, that answers each connection's first request with given bytes, whatever they are.
@LoopActor final class RawServer {
    let port: UInt16
    /// What each connection has sent, in the order they came.
    private(set) var received: [String] = []
    /// How many connections the other side has closed before their answer was complete.
    private(set) var abandoned = 0

    private static let block = [UInt8](repeating: UInt8(ascii: "x"), count: 65_536)
    private let listener: Int32
    private var listening: DescriptorSource?
    private let answer: [UInt8]
    private let filler: Int
    private let closes: Bool
    private let waits: Bool
    private var connections: [Int32: Connection] = [:]

    var url: String { "http://127.0.0.1:\(port)/" }

    /// Answers `answer`, then `filler` times `x`, then closes the connection or keeps it. If it does
    /// not wait for a whole request, anything the client sends will do.
    init(_ answer: String, filler: Int = 0, closes: Bool = true, waits: Bool = true) throws {
        self.waits = waits
        self.answer = Array(answer.utf8)
        self.filler = filler
        self.closes = closes
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        // A sockaddr_in is what these calls take as a sockaddr of that length.
        let result = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe bind(listener, pointer, length) + listen(listener, 1024)
                    + getsockname(listener, pointer, &length)
            }
        }
        try #require(result == 0)
        self.listener = listener
        port = UInt16(bigEndian: address.sin_port)
        listening = try DescriptorSource(listener, .readable) { [weak self] _ in self?.accept() }
    }

    /// Closes everything. From then on the port refuses.
    func stop() {
        listening?.cancel()
        if listening != nil { close(listener) }
        listening = nil
        for descriptor in Array(connections.keys) { end(descriptor) }
    }

    private func accept() {
        let descriptor = Glibc.accept(listener, nil, nil)
        guard descriptor >= 0 else { return }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        let connection = Connection(index: received.count)
        received.append("")
        connections[descriptor] = connection
        connection.source = try? DescriptorSource(descriptor, .readable) { [weak self] _ in self?.serve(descriptor) }
    }

    private func serve(_ descriptor: Int32) {
        guard let connection = connections[descriptor] else { return }
        guard read(descriptor, connection) else {
            abandoned += 1
            return end(descriptor)
        }
        guard !waits || isComplete(connection) else { return }
        write(descriptor, connection)
    }

    /// False at the end of what the client sends.
    private func read(_ descriptor: Int32, _ connection: Connection) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
        if count > 0 { received[connection.index] += String(decoding: buffer[..<count], as: UTF8.self) }
        return count > 0 || (count < 0 && errno == EAGAIN)
    }

    private func isComplete(_ connection: Connection) -> Bool {
        let request = received[connection.index]
        if connection.length == nil, let end = request.firstRange(of: "\r\n\r\n")?.upperBound {
            let line = request[..<end].split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
            let body = line.flatMap { Int($0.split(separator: " ").last ?? "") } ?? 0
            connection.length = request[..<end].utf8.count + body
        }
        return connection.length.map { request.utf8.count >= $0 } ?? false
    }

    private func write(_ descriptor: Int32, _ connection: Connection) {
        while connection.written < answer.count + filler {
            let rest =
                connection.written < answer.count
                ? answer[connection.written...]
                : Self.block[..<min(Self.block.count, answer.count + filler - connection.written)]
            let count = unsafe rest.withUnsafeBytes {
                unsafe send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EAGAIN {
                try? connection.source?.update(events: [.readable, .writable])
                return
            }
            guard count > 0 else {
                abandoned += 1
                return end(descriptor)
            }
            connection.written += count
        }
        try? connection.source?.update(events: .readable)
        if closes { end(descriptor) }
    }

    private func end(_ descriptor: Int32) {
        connections.removeValue(forKey: descriptor)?.source?.cancel()
        close(descriptor)
    }
}

@LoopActor private final class Connection {
    let index: Int
    var source: DescriptorSource?
    var written = 0
    /// Of the whole request, in bytes, once its header is there.
    var length: Int?

    init(index: Int) { self.index = index }
}
