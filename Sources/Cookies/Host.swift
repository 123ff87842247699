import Model

/// What the standard says about host names and paths (5.1).
public enum Host {
    /// Whether `host` is an IP address, as libcurl writes them: dotted decimal, or with colons.
    public static func isAddress(_ host: String) -> Bool {
        host.utf8.contains(UInt8(ascii: ":")) || isIPv4(host)
    }

    /// Whether `host`, in ASCII, can be a name: labels of 1 to 63 bytes that neither begin nor end with a hyphen (RFC 1123,
    /// 2.1), 253 bytes in all, and a dot at its end perhaps. Which other characters it may have is libcurl's to say.
    public static func isName(_ host: String) -> Bool {
        let name = host.utf8.last == UInt8(ascii: ".") ? host.utf8.dropLast() : host.utf8[...]
        let hyphen = UInt8(ascii: "-")
        return name.count <= 253
            && name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy {
                (1...63).contains($0.count) && $0.first != hyphen && $0.last != hyphen
            }
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
