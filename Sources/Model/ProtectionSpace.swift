/// Where a session may be sent (RFC 9110, 11.5): origins, each with an optional path prefix. Nowhere else.
///
/// The origin is the security boundary; a path prefix only chooses between sessions.
public struct ProtectionSpace: Hashable, Sendable {
    /// Most places of one space: more is a list for a proxy, not for a login.
    public static let mostPlaces = 64

    /// Its places, in the order given.
    public var places: [Place]

    /// A space of these places.
    public init(_ places: [Place]) { self.places = places }

    /// How well the best place fits `target`; nil where none does.
    public func match(_ target: RequestTarget) -> MatchLength? {
        places.lazy.compactMap { $0.match(target) }.max()
    }

    /// Whether all requests for `place`'s origin are for an origin of this space; paths do not count.
    public func includes(originOf place: Place) -> Bool { places.contains { $0.includes(originOf: place) } }

    /// The first place for `target`'s origin, whatever its path; nil where there is none.
    public func place(forOriginOf target: RequestTarget) -> Place? {
        let origin = Place(originOf: target)
        return places.first { $0.includes(originOf: origin) }
    }

    /// The places as text.
    public var texts: [String] { places.map(\.description) }
}

/// How much of a request's URL a place names: an exact host before a pattern, then the longer path.
public struct MatchLength: Hashable, Comparable, Sendable {
    private let host: Int
    private let path: Int

    init(host: Int, path: Int) {
        self.host = host
        self.path = path
    }

    /// The longer match is the greater.
    public static func < (left: MatchLength, right: MatchLength) -> Bool {
        (left.host, left.path) < (right.host, right.path)
    }
}

/// One origin, or the subdomains of one, with an optional path prefix.
public struct Place: Hashable, Sendable, CustomStringConvertible {
    /// Which hosts a place means.
    public enum Host: Hashable, Sendable {
        /// This host alone.
        case exactly(String)
        /// Hosts below this one, not the host itself: `*.example.com`.
        case below(String)
    }

    /// The scheme; `http` only where a person wrote it in full.
    public let scheme: Scheme
    /// The hosts, lower case and punycode.
    public let host: Host
    /// The port, filled in.
    public let port: UInt16
    /// The path prefix without a trailing `/`; empty for the whole origin.
    public let path: String

    /// A place.
    public init(scheme: Scheme, host: Host, port: UInt16, path: String = "") {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path.last == "/" ? String(path.dropLast()) : path
    }

    /// The origin of `target`, without a path prefix.
    public init(originOf target: RequestTarget) {
        self.init(scheme: target.scheme, host: .exactly(target.host), port: target.port)
    }

    /// The place as `--for` takes it: `https://*.example.com:8443/api`.
    public var description: String {
        switch host {
        case .exactly(let name): scheme.origin(host: name, port: port) + path
        case .below(let name): scheme.origin(host: "*." + name, port: port) + path
        }
    }

    /// How well this place fits `target`; nil where it does not.
    public func match(_ target: RequestTarget) -> MatchLength? {
        guard scheme == target.scheme, port == target.port, covers(path: target.path) else { return nil }
        switch host {
        case .exactly(let name):
            return name.hasSameBytes(as: target.host) ? MatchLength(host: .max, path: path.utf8.count) : nil
        case .below(let name):
            guard target.host.utf8.count > name.utf8.count + 1, target.host.hasSuffixBytes("." + name) else {
                return nil
            }
            return MatchLength(host: name.utf8.count, path: path.utf8.count)
        }
    }

    fileprivate func includes(originOf other: Place) -> Bool {
        scheme == other.scheme && port == other.port && includes(other.host)
    }

    private func includes(_ other: Host) -> Bool {
        switch (host, other) {
        case (.exactly(let name), .exactly(let theirs)): theirs.hasSameBytes(as: name)
        case (.below(let name), .exactly(let theirs)): theirs.hasSuffixBytes("." + name)
        case (.below(let name), .below(let theirs)):
            theirs.hasSameBytes(as: name) || theirs.hasSuffixBytes("." + name)
        case (.exactly, .below): false
        }
    }

    private func covers(path requested: String) -> Bool {
        if path.isEmpty { return true }
        guard !RequestTarget.hasDotSegment(requested), requested.utf8.starts(with: path.utf8) else { return false }
        let rest = requested.utf8.dropFirst(path.utf8.count)
        return rest.isEmpty || rest.first == UInt8(ascii: "/")
    }
}

extension RequestTarget {
    /// Whether a path has a `.` or `..` segment in any encoding: where it leads is the server's choice, so it matches no
    /// prefix. Backslashes and encoded slashes count as separators, because some servers take them for one.
    public static func hasDotSegment(_ path: String) -> Bool {
        var decoded: [UInt8] = []
        var bytes = Array(path.utf8)
        // Twice, for servers that decode what a proxy has already decoded.
        for _ in 0..<2 {
            decoded = percentDecoded(bytes)
            if decoded == bytes { break }
            bytes = decoded
        }
        let segments = decoded.split(omittingEmptySubsequences: false) {
            $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\")
        }
        return segments.contains { segment in
            // `;parameters` after a dot segment are dropped by Java servers.
            let name = segment.prefix { $0 != UInt8(ascii: ";") }
            return name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8)
        }
    }

    private static func percentDecoded(_ bytes: [UInt8]) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var at = 0
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "%"), at + 2 < bytes.count,
                let byte = UInt8(String(decoding: bytes[(at + 1)...(at + 2)], as: UTF8.self), radix: 16)
            {
                decoded.append(byte)
                at += 3
            } else {
                decoded.append(bytes[at])
                at += 1
            }
        }
        return decoded
    }
}
