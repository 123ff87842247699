import CCurl

/// A libcurl easy handle: one request and its answer. Errors of setting options are `TransferFailure.unavailable`.
@safe final class EasyHandle {
    // Made in init, cleaned up in deinit. The address is the identity by which the multi handle names it.
    let pointer: UnsafeMutableRawPointer
    // CURLOPT_ERRORBUFFER: libcurl writes into it for as long as the handle lives.
    private let reason: UnsafeMutablePointer<CChar>

    init() throws(TransferFailure) {
        guard let made = unsafe curl_easy_init() else { throw .unavailable("libcurl gives no handle") }
        unsafe pointer = made
        unsafe reason = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe reason.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        try check(unsafe lanyard_setopt_pointer(pointer, CURLOPT_ERRORBUFFER, reason))
    }

    deinit {
        unsafe curl_easy_cleanup(pointer)
        unsafe reason.deallocate()
    }

    /// What tells this handle from others while it lives.
    var identity: UInt { unsafe UInt(bitPattern: pointer) }

    func set(_ option: CURLoption, _ value: Int) throws(TransferFailure) {
        try check(unsafe lanyard_setopt_long(pointer, option, value))
    }

    func set(_ option: CURLoption, size: Int) throws(TransferFailure) {
        try check(unsafe lanyard_setopt_size(pointer, option, curl_off_t(size)))
    }

    /// libcurl copies the string; nil puts the option back to none.
    func set(_ option: CURLoption, _ value: String?) throws(TransferFailure) {
        guard let value else { return try check(unsafe lanyard_setopt_string(pointer, option, nil)) }
        try check(unsafe value.withCString { unsafe lanyard_setopt_string(pointer, option, $0) })
    }

    func check(_ code: CURLcode) throws(TransferFailure) {
        if code != CURLE_OK { throw .unavailable(curlReason(code)) }
    }

    func info(_ info: CURLINFO) -> Int { unsafe lanyard_getinfo_long(pointer, info) }

    /// What libcurl has written about the failure, made printable. It may quote a certificate's names.
    var errorText: String {
        let bytes = unsafe UnsafeBufferPointer(start: reason, count: Int(CURL_ERROR_SIZE))
        return unsafe String(
            bytes.prefix { $0 != 0 }.map { byte in
                (0x20...0x7E).contains(byte) ? Character(UnicodeScalar(UInt8(byte))) : "?"
            })
    }
}

/// libcurl's fixed text for a result, which quotes nothing.
func curlReason(_ code: CURLcode) -> String {
    guard let text = unsafe curl_easy_strerror(code) else { return "libcurl error \(code.rawValue)" }
    return unsafe String(cString: text)
}
