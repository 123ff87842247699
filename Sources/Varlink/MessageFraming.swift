import Model

/// Cuts a stream of bytes into messages, which end with a NUL byte.
///
/// It holds at most one unfinished message, of at most `limit` bytes; a stream that goes on longer without a NUL is
/// broken for good.
public struct MessageFraming: ~Copyable {
    private let limit: Int
    private var pending: SecretBuffer?
    private var ready: [SecretBytes] = []

    /// Messages of at most `limit` bytes.
    public init(limit: Int) { self.limit = limit }

    /// Takes over bytes that were read.
    /// - Returns: false where a message is longer than the limit.
    public mutating func append(_ bytes: Span<UInt8>) -> Bool {
        var start = 0
        for index in bytes.indices where bytes[index] == 0 {
            var message = pending.take() ?? SecretBuffer(capacity: index - start)
            guard message.count + index - start <= limit else { return false }
            message.append(bytes.extracting(start..<index))
            ready.append(message.take())
            start = index + 1
        }
        guard start < bytes.count else { return true }
        var rest = pending.take() ?? SecretBuffer(capacity: bytes.count - start)
        rest.append(bytes.extracting(start..<bytes.count))
        let fits = rest.count <= limit
        pending = consume rest
        return fits
    }

    /// The next whole message; nil where there is none yet.
    public mutating func next() -> SecretBytes? { ready.isEmpty ? nil : ready.removeFirst() }

}
