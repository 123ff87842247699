import Glibc
import Model
import Prose

/// A cookie file that is read in parts, each of them whole lines that one message to the daemon can hold.
public struct CookieFile: ~Copyable {
    /// Some lines of it.
    public struct Part {
        /// The lines, whatever bytes they are.
        public let text: SecretBytes
        /// The number of the first, from 1.
        public let firstLine: Int
    }

    /// Bytes of a part: six times as many, each of them escaped, are less than the longest message.
    private static let partSize = 128 << 10

    private let descriptor: Int32
    private let path: String
    private var rest = SecretBuffer(capacity: partSize)
    private var line = 1
    private var hasEnded = false
    private var isFirst = true

    /// Opens the file at `path`; `-` is stdin.
    /// - Throws: a ``Failure`` where it cannot be opened.
    public init(_ path: String) throws(Failure) {
        self.path = path
        // A Swift string is lent to C as a path for the length of the call.
        descriptor = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CommandProse.cannotRead(path, lastError()) }
    }

    deinit { if descriptor > STDERR_FILENO { close(descriptor) } }

    /// The next part; nil at the end. An empty file has one empty part.
    /// - Throws: a ``Failure`` where it cannot be read, or where a line is longer than a part.
    public mutating func next() throws(Failure) -> Part? {
        while !hasEnded, rest.count < Self.partSize { try read() }
        guard rest.count > 0 || isFirst else { return nil }
        isFirst = false
        let end = rest.withBytes { bytes in
            var end = min(bytes.count, Self.partSize)
            if end == bytes.count, hasEnded { return end }
            while end > 0, bytes[end - 1] != UInt8(ascii: "\n") { end -= 1 }
            return end
        }
        guard end > 0 || rest.count == 0 else { throw CommandProse.noCookieFile(path) }
        var lines = SecretBuffer(capacity: max(end, 1))
        rest.withBytes { lines.append($0.extracting(first: end)) }
        rest.removeFirst(end)
        return part(lines.take())
    }

    private mutating func read() throws(Failure) {
        var count = -1
        unsafe rest.append(upTo: Self.partSize) { room in
            repeat {
                // What read returns is at most the room.
                count = unsafe Glibc.read(descriptor, room.baseAddress, room.count)
            } while count < 0 && errno == EINTR
            return max(0, count)
        }
        guard count >= 0 else { throw CommandProse.cannotRead(path, lastError()) }
        hasEnded = count == 0
    }

    private mutating func part(_ bytes: SecretBytes) -> Part {
        defer { line += bytes.withBytes { bytes in bytes.indices.count { bytes[$0] == UInt8(ascii: "\n") } } }
        return Part(text: bytes, firstLine: line)
    }
}
