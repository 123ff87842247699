/// Why a text is no place that a session can be for.
public enum PlaceFault: Error, Equatable, Sendable {
    /// There is nothing in it.
    case empty
    /// It is longer than 2,048 bytes.
    case tooLong
    /// It has a space or a control character.
    case blank
    /// It does not begin with a scheme and `://`.
    case noScheme
    /// Its scheme is neither `http` nor `https`.
    case otherScheme
    /// It names a user.
    case user
    /// It has a query or a fragment.
    case query
    /// It has no host.
    case noHost
    /// Its port is no number from 1 to 65,535.
    case port
    /// Its host is no name (RFC 1123, 2.1) and no address.
    case host
    /// It has a `*` elsewhere than in front of a name.
    case wildcard
    /// Its pattern is below a public suffix.
    case publicSuffix
    /// Its pattern is below an address.
    case belowAddress
    /// Its path has an encoded dot segment.
    case dotSegment
}

extension PlaceFault {
    /// Why libcurl's parser takes `text` for no URL, by what is in it (RFC 3986, 3).
    public init(of text: String) {
        let scheme = text.firstRange(of: "://")
        let rest = text[(scheme?.upperBound ?? text.startIndex)...]
        let authority = rest.prefix { !"/?#\\".contains($0) }
        // The colons of an IPv6 address stand in brackets.
        let port = authority[(authority.lastIndex(of: "]") ?? authority.startIndex)...].drop { $0 != ":" }.dropFirst()
        if text.isEmpty {
            self = .empty
        } else if text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) {
            self = .blank
        } else if scheme == nil {
            self = .noScheme
        } else if Scheme(rawValue: text[..<rest.startIndex].dropLast(3).lowercased()) == nil {
            self = .otherScheme
        } else if authority.contains("@") {
            self = .user
        } else if authority.isEmpty || authority.hasPrefix(":") {
            self = .noHost
        } else if authority.contains("*") {
            self = .wildcard
        } else {
            self = port.isEmpty || UInt16(port).map { $0 > 0 } ?? false ? .host : .port
        }
    }
}
