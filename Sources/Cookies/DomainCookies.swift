import Model

/// The cookies of one domain, in the order of their keys, so that one is found by halving.
///
/// An array, because a jar's memory counts: a dictionary would keep each key twice.
struct DomainCookies: Sendable {
    private(set) var cookies: [Cookie] = []

    /// The cookie of this key.
    subscript(key: Cookie.Key) -> Cookie? {
        let index = position(of: key)
        return index < cookies.count && cookies[index].key == key ? cookies[index] : nil
    }

    /// Keeps `cookie` in place of one of the same key.
    mutating func set(_ cookie: Cookie) {
        let key = cookie.key
        let index = position(of: key)
        if index < cookies.count, cookies[index].key == key {
            cookies[index] = cookie
        } else {
            cookies.insert(cookie, at: index)
        }
    }

    /// Forgets the cookie of this key.
    mutating func delete(_ key: Cookie.Key) {
        let index = position(of: key)
        if index < cookies.count, cookies[index].key == key { cookies.remove(at: index) }
    }

    /// Where the cookie of this key is or belongs.
    private func position(of key: Cookie.Key) -> Int {
        var (low, high) = (0, cookies.count)
        while low < high {
            let middle = (low + high) / 2
            if cookies[middle].isOrdered(before: key) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension Cookie {
    /// The order within a domain: by name, path, host-only, partition, as bytes.
    fileprivate func isOrdered(before key: Key) -> Bool {
        if !name.hasSameBytes(as: key.name) { return name.utf8.lexicographicallyPrecedes(key.name.utf8) }
        if !path.hasSameBytes(as: key.path) { return path.utf8.lexicographicallyPrecedes(key.path.utf8) }
        if isHostOnly != key.isHostOnly { return isHostOnly }
        return (partition ?? "") < (key.partition ?? "")
    }
}
