import CCurl
import Model

/// The body of a request, read by libcurl piece by piece from locked memory.
///
/// Touched by libcurl's callbacks alone, on the loop's thread, while the transfer is under way.
final class RequestBody {
    private let bytes: SecretBytes
    private var position = 0

    init(_ bytes: SecretBytes) { self.bytes = bytes }

    /// Has `easy` send this body, which must outlive the transfer.
    func attach(to easy: EasyHandle) throws(TransferFailure) {
        // Not retained: the exchange that owns both keeps them for as long as the handle.
        let this = unsafe Unmanaged.passUnretained(self).toOpaque()
        try easy.set(CURLOPT_POST, 1)
        try easy.set(CURLOPT_POSTFIELDSIZE_LARGE, size: bytes.count)
        try easy.check(unsafe lanyard_setopt_reader(easy.pointer, readBody))
        try easy.check(unsafe lanyard_setopt_pointer(easy.pointer, CURLOPT_READDATA, this))
        try easy.check(unsafe lanyard_setopt_seeker(easy.pointer, seekBody))
        try easy.check(unsafe lanyard_setopt_pointer(easy.pointer, CURLOPT_SEEKDATA, this))
    }

    /// Copies what is next into `room` and returns how many bytes that are; 0 at the end.
    fileprivate func read(into room: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(room.count, bytes.count - position)
        unsafe bytes.withUnsafeBytes { all in
            unsafe room.copyMemory(from: UnsafeRawBufferPointer(rebasing: all[position..<(position + count)]))
        }
        position += count
        return count
    }

    fileprivate func seek(to offset: Int) -> Bool {
        guard (0...bytes.count).contains(offset) else { return false }
        position = offset
        return true
    }
}

// libcurl calls these two with the room it owns and the body set in `attach`.

private let readBody: curl_read_callback = { room, size, count, body in
    guard let room = unsafe room, let body = unsafe body else { return 0 }
    let this = unsafe Unmanaged<RequestBody>.fromOpaque(body).takeUnretainedValue()
    return unsafe this.read(into: UnsafeMutableRawBufferPointer(start: room, count: size * count))
}

private let seekBody: curl_seek_callback = { body, offset, origin in
    guard let body = unsafe body, origin == SEEK_SET else { return CURL_SEEKFUNC_FAIL }
    let this = unsafe Unmanaged<RequestBody>.fromOpaque(body).takeUnretainedValue()
    return this.seek(to: Int(offset)) ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL
}
