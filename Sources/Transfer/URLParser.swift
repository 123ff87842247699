import CCurl
import Model

/// URLs as libcurl reads them, so that what is matched is what a transfer asks.
///
/// Only absolute `http` and `https` URLs without user information. Dot segments of the path are resolved as libcurl does
/// it before sending; percent-encoded ones stay. The fragment is dropped.
public enum URLParser {
    /// The longest URL taken, in bytes: what servers take, and far more than a login needs.
    public static let lengthLimit = 16 * 1024

    /// Takes `text` apart. Throws `URLFailure`.
    public static func parse(_ text: String) throws(URLFailure) -> ParsedURL {
        let handle = URLHandle()
        try handle.set(text, flags: 0)
        return try handle.parsed()
    }

    /// The URL that `reference`, found on the page `base` (a Location field, a form's action), means (RFC 3986, 5).
    /// White space and bytes beyond ASCII in it are percent-encoded, as libcurl does for a redirect.
    public static func resolve(_ reference: String, against base: String) throws(URLFailure) -> ParsedURL {
        let handle = URLHandle()
        try handle.set(base, flags: 0)
        // The page itself (RFC 3986, 4.4), as in a form without an action; libcurl would drop the query.
        if !reference.isEmpty, !reference.hasPrefix("#") { try handle.set(reference, flags: UInt32(CURLU_URLENCODE)) }
        return try handle.parsed()
    }
}

/// A URL that can be asked.
public struct ParsedURL: Hashable, Sendable {
    /// What protection spaces are matched against.
    public let target: RequestTarget
    /// The URL in full, with its query, as libcurl writes it.
    public let text: String
}

/// Why a text is no URL that can be asked. It carries no part of the text, which may hold a secret.
public enum URLFailure: Error, Equatable, Sendable {
    /// It has a control character or a space.
    case controlCharacter
    /// It is longer than `URLParser.lengthLimit`.
    case tooLong
    /// It has no scheme.
    case noScheme
    /// Its scheme is not `http` or `https`.
    case unsupportedScheme
    /// It names a user or a password before the host.
    case userInformation
    /// It is no URL by libcurl's rules.
    case malformed
}

extension URLSyntax {
    /// libcurl's reading of URLs.
    public static let libcurl = URLSyntax(
        parse: { text in try? URLParser.parse(text).target },
        resolve: { reference, base in try? URLParser.resolve(reference, against: base).text })
}

/// A `CURLU`, for the length of one call.
@safe private struct URLHandle: ~Copyable {
    // libcurl's handle: freed in deinit, handed to nobody. libcurl answers a NULL one with an error.
    private let handle: OpaquePointer?

    init() { unsafe handle = CurlLibrary.result == CURLE_OK ? curl_url() : nil }

    deinit { unsafe curl_url_cleanup(handle) }

    func set(_ text: String, flags: UInt32) throws(URLFailure) {
        guard text.utf8.count <= URLParser.lengthLimit else { throw .tooLong }
        let allowsSpace = flags & UInt32(CURLU_URLENCODE) != 0
        // Checked here, because NUL would cut the text short on its way into C.
        guard !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F || ($0 == 0x20 && !allowsSpace) }) else {
            throw .controlCharacter
        }
        let all = flags | UInt32(CURLU_DISALLOW_USER)
        // libcurl copies the text during the call.
        let code = unsafe text.withCString { unsafe curl_url_set(handle, CURLUPART_URL, $0, all) }
        if code != CURLUE_OK { throw URLFailure(code) }
    }

    func parsed() throws(URLFailure) -> ParsedURL {
        guard let scheme = Scheme(rawValue: try part(CURLUPART_SCHEME)) else { throw .unsupportedScheme }
        guard let port = UInt16(try part(CURLUPART_PORT, UInt32(CURLU_DEFAULT_PORT))), port != 0 else {
            throw .malformed
        }
        // A zone would be a second name for one address, on this machine alone.
        guard try !has(CURLUPART_ZONEID) else { throw .malformed }
        try clear(CURLUPART_FRAGMENT)
        let host = try part(CURLUPART_HOST, UInt32(LANYARD_CURLU_PUNYCODE))
        let path = try part(CURLUPART_PATH)
        let target = RequestTarget(scheme: scheme, host: Self.normal(host), port: port, path: path)
        return ParsedURL(target: target, text: try part(CURLUPART_URL, UInt32(LANYARD_CURLU_PUNYCODE)))
    }

    private static func normal(_ host: String) -> String {
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? host.dropFirst().dropLast() : host[...]
        return String(decoding: bare.utf8.map(\.asciiLowercased), as: UTF8.self)
    }

    private func has(_ part: CURLUPart) throws(URLFailure) -> Bool {
        do throws(URLFailure) {
            return try !self.part(part).isEmpty
        } catch .malformed {
            return false
        }
    }

    private func part(_ part: CURLUPart, _ flags: UInt32 = 0) throws(URLFailure) -> String {
        var text: UnsafeMutablePointer<CChar>?
        let code = unsafe curl_url_get(handle, part, &text, flags)
        // libcurl's string is ours to free; where there is none, free takes NULL.
        defer { unsafe curl_free(text) }
        guard code == CURLUE_OK, let text = unsafe text else { throw .malformed }
        guard let copy = unsafe String(validatingCString: text) else { throw .malformed }
        return copy
    }

    private func clear(_ part: CURLUPart) throws(URLFailure) {
        if unsafe curl_url_set(handle, part, nil, 0) != CURLUE_OK { throw .malformed }
    }
}

extension URLFailure {
    fileprivate init(_ code: CURLUcode) {
        switch code {
        case CURLUE_UNSUPPORTED_SCHEME: self = .unsupportedScheme
        case CURLUE_BAD_SCHEME: self = .noScheme
        case CURLUE_USER_NOT_ALLOWED: self = .userInformation
        default: self = .malformed
        }
    }
}
