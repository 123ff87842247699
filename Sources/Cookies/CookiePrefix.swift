import Model

/// What the beginning of a cookie's name promises (5.4; the two with `Http` are those of
/// draft-ietf-httpbis-layered-cookies, "Cookie Name Prefixes").
enum CookiePrefix: CaseIterable {
    /// Set over https.
    case secure
    /// Set by https for its own host and every path.
    case host
    /// Set over https by a header field, not by a script in a page.
    case http
    /// Both of the last two.
    case hostHTTP

    /// The prefix, lower case: they are compared in any case.
    private var text: String {
        switch self {
        case .secure: "__secure-"
        case .host: "__host-"
        case .http: "__http-"
        case .hostHTTP: "__host-http-"
        }
    }

    /// Whether a cookie of this name has to be HttpOnly.
    static func wantsHTTPOnly(_ name: String) -> Bool {
        [CookiePrefix.http, .hostHTTP].contains { $0.begins(name.utf8) }
    }

    /// Whether `bytes` begin with it.
    fileprivate func begins(_ bytes: some Sequence<UInt8>) -> Bool {
        bytes.prefix(text.utf8.count).map(\.asciiLowercased).elementsEqual(text.utf8)
    }

    /// Whether `cookie` keeps the promise.
    fileprivate func isKept(by cookie: Cookie, namesPath: Bool) -> Bool {
        let isOfHost = cookie.isHostOnly && namesPath && cookie.path == "/"
        return switch self {
        case .secure: cookie.isSecure
        case .host: cookie.isSecure && isOfHost
        case .http: cookie.isSecure && cookie.isHTTPOnly
        case .hostHTTP: cookie.isSecure && cookie.isHTTPOnly && isOfHost
        }
    }
}

extension Cookie {
    /// Steps 20 and 21 (5.7): a name keeps what its prefix promises, and a value without a name does not pose as a name
    /// with one.
    func checkPrefix(namesPath: Bool) throws(CookieRefusal) {
        let start =
            name.isEmpty ? value.withBytes { bytes in bytes.indices.prefix(16).map { bytes[$0] } } : Array(name.utf8)
        for prefix in CookiePrefix.allCases where prefix.begins(start) {
            guard !name.isEmpty, prefix.isKept(by: self, namesPath: namesPath) else { throw .prefix }
        }
    }
}
