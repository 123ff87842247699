/// What counts as this machine itself (RFC 6890: 127.0.0.0/8 and ::1; RFC 6761, 6.3: localhost).
public enum LoopbackAddress {
    /// Whether a URL's host means this machine: a loopback address, `localhost` or a name below it.
    public static func isName(_ host: String) -> Bool {
        host == "localhost" || host.hasSuffix(".localhost") || isAddress(host)
    }

    /// Whether a numeric address, as libcurl prints a connected peer's, is a loopback one.
    public static func isAddress(_ address: String) -> Bool {
        if address == "::1" { return true }
        let mapped = "::ffff:"
        let plain = address.hasPrefix(mapped) ? String(address.dropFirst(mapped.count)) : address
        let parts = plain.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
