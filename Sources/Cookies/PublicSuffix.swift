import CPsl

/// The public suffix list (publicsuffix.org): names under which anyone can have a host, so that no cookie and no
/// protection space may span them.
///
/// The system's list where it is newer than the one in libpsl, read once; read-only after that.
public enum PublicSuffix {
    // libpsl does not change a loaded list, so that it can be asked from any thread.
    private nonisolated(unsafe) static let list: OpaquePointer? = unsafe psl_latest(nil)

    /// Whether `host` is a public suffix, or no host's name at all; of a name that no rule lists, the last label is one.
    ///
    /// - Parameter host: a name in lower or upper case, punycode or UTF-8, with or without a trailing dot. An address is
    ///   no suffix.
    public static func isSuffix(_ host: String) -> Bool {
        if Host.isAddress(host) { return false }
        guard let name = listed(host) else { return true }
        // The pointer is the list loaded above; the name is NUL-terminated by Swift.
        return unsafe psl_is_public_suffix(list, name) != 0
    }

    /// Whether `host` is a suffix that a registry sells names under, `com` or `co.uk`, and not one of a hosting company's
    /// such as `github.io`, nor a name that no list has, such as `internal`: that is a network's own.
    public static func isRegistrysSuffix(_ host: String) -> Bool {
        if Host.isAddress(host) { return false }
        guard let name = listed(host) else { return true }
        // As above.
        return unsafe psl_is_public_suffix2(list, name, PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) != 0
    }

    /// The registrable domain of `host`, `example.co.uk` for `www.example.co.uk`; nil for a suffix or an address.
    public static func registrableDomain(_ host: String) -> String? {
        guard !Host.isAddress(host), let name = listed(host) else { return nil }
        // As above; the result points into the copy of the name, which outlives the closure's use of it.
        return unsafe name.withCString { name in
            guard let domain = unsafe psl_registrable_domain(list, name) else { return nil }
            return unsafe String(cString: domain)
        }
    }

    /// `host` as the list writes names: lower case, no trailing dot; nil where a label is empty.
    private static func listed(_ host: String) -> String? {
        var name = host.lowercased()
        if name.utf8.last == UInt8(ascii: ".") { name.removeLast() }
        let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard !name.utf8.contains(0), labels.allSatisfy({ !$0.isEmpty }) else { return nil }
        return name
    }
}
