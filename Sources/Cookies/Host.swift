import Model

/// What the standard says about host names and paths (5.1).
public enum Host {
    /// Whether `host` is an IP address, as libcurl writes them: dotted decimal, or with colons.
    public static func isAddress(_ host: String) -> Bool {
        host.utf8.contains(UInt8(ascii: ":")) || isIPv4(host)
    }

    private static func isIPv4(_ host: String) -> Bool {
        let parts = host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.count) && part.allSatisfy { $0 &- 0x30 < 10 }
                    && part.reduce(0) { $0 * 10 + Int($1 - 0x30) } < 256
            }
    }

    /// Whether `host` domain-matches `domain` (5.1.3): the same, or below it and no address.
    static func domainMatches(_ host: String, _ domain: String) -> Bool {
        if host.hasSameBytes(as: domain) { return true }
        return host.hasSuffixBytes("." + domain) && !isAddress(host)
    }

    /// The domains above `host`, nearest first; none above an address.
    static func parents(of host: String) -> [String] {
        if isAddress(host) { return [] }
        var parents: [String] = []
        var rest = host.utf8[...]
        while let dot = rest.firstIndex(of: UInt8(ascii: ".")) {
            rest = rest[rest.index(after: dot)...]
            if !rest.isEmpty { parents.append(String(decoding: rest, as: UTF8.self)) }
        }
        return parents
    }

    /// The default-path of a request's path (5.1.4): up to its last `/`.
    static func defaultPath(of path: String) -> String {
        guard path.utf8.first == UInt8(ascii: "/"), let last = path.utf8.lastIndex(of: UInt8(ascii: "/")),
            last != path.startIndex
        else { return "/" }
        return String(decoding: path.utf8[..<last], as: UTF8.self)
    }

    /// Whether a request's path path-matches a cookie's (5.1.4).
    static func pathMatches(_ requested: String, _ path: String) -> Bool {
        // Most cookies are for `/`.
        if path.utf8.count == 1 { return requested.utf8.first == UInt8(ascii: "/") }
        guard requested.utf8.starts(with: path.utf8) else { return false }
        let rest = requested.utf8.dropFirst(path.utf8.count)
        return rest.isEmpty || path.utf8.last == UInt8(ascii: "/") || rest.first == UInt8(ascii: "/")
    }
}
