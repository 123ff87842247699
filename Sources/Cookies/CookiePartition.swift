import Model

/// Cookies that are kept apart by where a request began (CHIPS, draft-cutler-httpbis-partitioned-cookies).
public enum CookiePartition {
    /// The key of the partition of requests that begin at `start`, the URL that the script named: its site, that is its
    /// scheme and its registrable domain, or its host where that has none.
    public static func key(of start: RequestTarget) -> String {
        "\(start.scheme.rawValue)://\(PublicSuffix.registrableDomain(start.host) ?? start.host)"
    }
}

extension Cookie {
    /// A partitioned cookie has to be Secure (CHIPS, 2.1).
    func checkPartition() throws(CookieRefusal) {
        if partition != nil, !isSecure { throw .partition }
    }
}
