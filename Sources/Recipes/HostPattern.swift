import Cookies
import Model

/// Hosts that a recipe is right for: one, or those below a name.
public struct HostPattern: Sendable, Equatable {
    /// The pattern as it was written.
    public let text: String
    /// The host's name, or what it ends with.
    private let name: String
    /// Names below that one.
    private let isBelow: Bool
    /// The port; nil for any.
    private let port: UInt16?

    /// Reads `host`, `*.host`, and either with `:port`; nil for anything else, also for all hosts below
    /// `com` or `co.uk`, which are no one's site.
    public init?(_ text: String) {
        self.text = text
        var rest = text[...]
        isBelow = rest.hasPrefix("*.")
        if isBelow { rest = rest.dropFirst(2) }
        if let colon = rest.lastIndex(of: ":") {
            guard let port = UInt16(rest[rest.index(after: colon)...]), port > 0 else { return nil }
            self.port = port
            rest = rest[..<colon]
        } else {
            port = nil
        }
        let isName = rest.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"): true
            default: false
            }
        }
        guard !rest.isEmpty, rest.utf8.count <= 253, isName, !rest.hasPrefix("."), !rest.hasSuffix(".") else {
            return nil
        }
        name = String(decoding: rest.utf8.map(\.asciiLowercased), as: UTF8.self)
        if isBelow, PublicSuffix.isRegistrysSuffix(name) { return nil }
    }

    /// How well `target`'s host fits, more for a longer name, most for its own; nil where it does not.
    func fit(_ target: RequestTarget) -> Int? {
        if let port, port != target.port { return nil }
        if !isBelow { return target.host == name ? Int.max : nil }
        return target.host.hasSuffixBytes("." + name) ? name.utf8.count : nil
    }
}
