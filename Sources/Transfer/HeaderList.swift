import CCurl
import Model

/// The header lines of a request as libcurl takes them (`curl_slist`). libcurl's allocator zeroes them when they go.
@safe final class HeaderList {
    // The list's head; freed in deinit. Must outlive the transfer, for libcurl does not copy it.
    private(set) var first: UnsafeMutablePointer<curl_slist>?

    /// Lines for `headers`. Throws `unsendable` for a field that would not be one line of its own.
    init(_ headers: [HTTPHeader]) throws(TransferFailure) {
        unsafe first = nil
        for header in headers { try append(header) }
        // libcurl would hold a body back for a second, waiting for 100 Continue.
        try append(line: SecretBytes("Expect:\0"))
        // libcurl would call a body a form where the request does not say what it is.
        if !headers.contains(where: { $0.isNamed("Content-Type") }) { try append(line: SecretBytes("Content-Type:\0")) }
    }

    deinit { unsafe curl_slist_free_all(first) }

    private func append(_ header: HTTPHeader) throws(TransferFailure) {
        guard !header.name.isEmpty, header.name.utf8.allSatisfy(isTokenByte),
            !header.value.contains(where: { $0 == 0 || $0 == 0x0A || $0 == 0x0D })
        else { throw .unsendable(printable(header.name)) }
        var line = SecretBuffer(capacity: header.name.utf8.count + header.value.count + 3)
        line.append(header.name)
        // libcurl takes `name;` for a field without a value, and `name:` for one it should leave out.
        line.append(header.value.contains { $0 != 0x20 && $0 != 0x09 } ? ": " : ";")
        if header.value.contains(where: { $0 != 0x20 && $0 != 0x09 }) { line.append(header.value) }
        line.append(0)
        try append(line: line.take())
    }

    /// `line` ends in NUL; libcurl copies it.
    private func append(line: SecretBytes) throws(TransferFailure) {
        let longer = unsafe line.withUnsafeBytes { bytes in
            unsafe curl_slist_append(first, bytes.assumingMemoryBound(to: CChar.self).baseAddress)
        }
        guard let longer = unsafe longer else { throw .unavailable("out of memory") }
        unsafe first = longer
    }
}

/// Whether a byte may be in a field's name or a method (RFC 9110, 5.6.2: `tchar`).
func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E...0x60, 0x7C, 0x7E: true
    default: false
    }
}

/// At most 64 characters of `text`, printable ASCII.
func printable(_ text: String) -> String {
    String(text.utf8.prefix(64).map { (0x20...0x7E).contains($0) ? Character(UnicodeScalar($0)) : "?" })
}
