import Model

/// Finds the sessions whose protection space has a URL, in a time that does not depend on how many sessions there are.
struct SpaceIndex {
    private struct Key: Hashable {
        let scheme: Scheme
        let host: Place.Host
        let port: UInt16

        init(_ place: Place) {
            scheme = place.scheme
            host = place.host
            port = place.port
        }

        init(_ target: RequestTarget, host: Place.Host) {
            scheme = target.scheme
            self.host = host
            port = target.port
        }
    }

    private var entries: [Key: [SessionEntry]] = [:]

    /// Adds an entry under each of its places.
    mutating func insert(_ entry: SessionEntry) {
        for key in Set(entry.session.space.places.map(Key.init)) { entries[key, default: []].append(entry) }
    }

    /// Takes an entry out; its protection space has to be the one it was added with.
    mutating func remove(_ entry: SessionEntry) {
        for key in Set(entry.session.space.places.map(Key.init)) {
            entries[key]?.removeAll { $0 === entry }
            if entries[key]?.isEmpty ?? false { entries[key] = nil }
        }
    }

    /// The entries whose protection space has `target`, each with how well it fits.
    func matches(_ target: RequestTarget) -> [(entry: SessionEntry, length: MatchLength)] {
        var found: [(SessionEntry, MatchLength)] = []
        forEach(forOriginOf: target) { entry in
            if !found.contains(where: { $0.0 === entry }), let length = entry.session.space.match(target) {
                found.append((entry, length))
            }
        }
        return found
    }

    /// Hands `body` each entry with a place for the origin of `target`, whatever its path; some of them twice.
    func forEach(forOriginOf target: RequestTarget, _ body: (SessionEntry) -> Void) {
        func look(_ host: Place.Host) {
            for entry in entries[Key(target, host: host)] ?? [] { body(entry) }
        }
        look(.exactly(target.host))
        // `*.example.com` is found from `a.b.example.com` by dropping labels from the left.
        var rest = Substring(target.host)
        while let dot = rest.firstIndex(of: ".") {
            rest = rest[rest.index(after: dot)...]
            look(.below(String(rest)))
        }
    }
}
