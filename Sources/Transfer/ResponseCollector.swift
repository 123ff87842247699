import CCurl
import Model

/// What comes back on one transfer: the final response's header fields, and its body up to a limit.
///
/// Touched by libcurl's callbacks alone, on the loop's thread, while the transfer is under way.
final class ResponseCollector {
    /// Header lines read in all, interim responses included: servers send a few dozen.
    static let lineLimit = 256
    /// Bytes of header lines read in all.
    static let headerLimit = 256 * 1024

    private let bodyLimit: Int
    private var body = SecretBuffer(capacity: 1024)
    private var lines = 0
    private var headerBytes = 0
    /// Fields so far of the latest response.
    private(set) var headers: [HTTPHeader] = []
    /// Its status; 0 before its first line.
    private(set) var status = 0
    /// Whether its header is complete: what comes then in lines is a trailer, or the next response after an interim one.
    private(set) var isHeaderComplete = false
    /// Why the transfer was broken off here.
    private(set) var failure: TransferFailure?

    init(bodyLimit: Int) { self.bodyLimit = bodyLimit }

    /// Has `easy` hand what it receives to this, which must outlive the transfer.
    func attach(to easy: EasyHandle) throws(TransferFailure) {
        // Not retained: the exchange that owns both keeps them for as long as the handle.
        let this = unsafe Unmanaged.passUnretained(self).toOpaque()
        try easy.check(unsafe lanyard_setopt_receiver(easy.pointer, CURLOPT_HEADERFUNCTION, headerReceiver))
        try easy.check(unsafe lanyard_setopt_pointer(easy.pointer, CURLOPT_HEADERDATA, this))
        try easy.check(unsafe lanyard_setopt_receiver(easy.pointer, CURLOPT_WRITEFUNCTION, bodyReceiver))
        try easy.check(unsafe lanyard_setopt_pointer(easy.pointer, CURLOPT_WRITEDATA, this))
        // Ends the transfer at a Content-Length above it; `take(body:)` counts where there is none.
        try easy.set(CURLOPT_MAXFILESIZE_LARGE, size: bodyLimit)
    }

    /// The body; this is then empty.
    func takeBody() -> SecretBytes {
        var taken = SecretBuffer(capacity: 0)
        swap(&taken, &body)
        return taken.take()
    }

    /// False ends the transfer, with `failure` set.
    fileprivate func take(body bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count <= bodyLimit - body.count else { return fail(.tooLarge(limit: bodyLimit)) }
        unsafe body.append(bytes)
        return true
    }

    /// Takes one header line with its end. False ends the transfer, with `failure` set.
    fileprivate func take(header line: UnsafeRawBufferPointer) -> Bool {
        lines += 1
        headerBytes += line.count
        guard lines <= Self.lineLimit, headerBytes <= Self.headerLimit else { return fail(.tooManyHeaders) }
        if isHeaderComplete {
            // A trailer is of no use here, and must not change the header (RFC 9110, 6.5.1).
            guard status < 200 else { return true }
            (headers, status, isHeaderComplete) = ([], 0, false)
        }
        let text = unsafe trimmed(line)
        if status == 0 { return unsafe takeStatusLine(text) }
        if unsafe text.isEmpty {
            isHeaderComplete = true
            return true
        }
        return unsafe takeField(line)
    }

    /// `HTTP/1.1 200 OK` (RFC 9112, 4), `HTTP/2 200`.
    private func takeStatusLine(_ line: UnsafeRawBufferPointer) -> Bool {
        guard unsafe line.starts(with: "HTTP/".utf8), let space = unsafe line.firstIndex(of: 0x20) else {
            return fail(.notHTTP)
        }
        let digits = unsafe line[(space + 1)...].prefix { $0 != 0x20 }
        guard unsafe digits.count == 3, unsafe digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return fail(.notHTTP)
        }
        status = unsafe digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return (100...599).contains(status) || fail(.notHTTP)
    }

    /// `name: value` (RFC 9112, 5). A line that goes on with the one before it (obs-fold) is no field, and refused.
    private func takeField(_ line: UnsafeRawBufferPointer) -> Bool {
        guard let colon = unsafe line.firstIndex(of: 0x3A), colon > 0,
            unsafe line[..<colon].allSatisfy(isTokenByte)
        else { return fail(.notHTTP) }
        let name = unsafe String(decoding: line[..<colon], as: UTF8.self)
        let value = unsafe trimmed(UnsafeRawBufferPointer(rebasing: line[(colon + 1)...]))
        headers.append(HTTPHeader(name: name, value: unsafe SecretBytes(value)))
        return true
    }

    private func fail(_ failure: TransferFailure) -> Bool {
        self.failure = failure
        return false
    }
}

/// Without white space and line ends at both ends.
private func trimmed(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A }
    guard let first = unsafe bytes.firstIndex(where: { !isBlank($0) }),
        let last = unsafe bytes.lastIndex(where: { !isBlank($0) })
    else { return unsafe UnsafeRawBufferPointer(start: nil, count: 0) }
    return unsafe UnsafeRawBufferPointer(rebasing: bytes[first...last])
}

// libcurl calls these two with bytes it owns and the collector set in `attach`. Any other count than theirs ends the
// transfer.

private let headerReceiver: curl_write_callback = { bytes, size, count, collector in
    guard let collector = unsafe collector else { return 0 }
    let this = unsafe Unmanaged<ResponseCollector>.fromOpaque(collector).takeUnretainedValue()
    let line = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
    return unsafe this.take(header: line) ? line.count : 0
}

private let bodyReceiver: curl_write_callback = { bytes, size, count, collector in
    guard let collector = unsafe collector else { return 0 }
    let this = unsafe Unmanaged<ResponseCollector>.fromOpaque(collector).takeUnretainedValue()
    let piece = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
    return unsafe this.take(body: piece) ? piece.count : 0
}
