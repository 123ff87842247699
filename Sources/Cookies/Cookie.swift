import Model

/// A cookie as it is kept (RFC 6265bis, draft 22, 5.7; so everywhere in this target).
///
/// A cookie whose name or path is not UTF-8 is not kept, because these are told and shown; a value is any bytes.
public struct Cookie: Sendable {
    /// The name; empty for a cookie without one.
    public var name: String
    /// The value.
    public var value: SecretBytes
    /// The host, or the domain the server named: lower case, punycode, no leading dot.
    public var domain: String
    /// Whether it goes to that host alone.
    public var isHostOnly: Bool
    /// The path it is for; begins with `/`.
    public var path: String
    /// Whether it goes over https alone.
    public var isSecure: Bool
    /// Whether scripts in a page may not see it; kept for export.
    public var isHTTPOnly: Bool
    /// The SameSite attribute; kept for export: each request of a command line counts as same-site.
    public var sameSite: SameSite
    /// When it ends; nil for one that lasts as long as the session, which a terminal does not close.
    public var expiry: WallInstant?
    /// When a cookie of this key was first set.
    public var creation: WallInstant
    /// Orders cookies by their creation, which seconds cannot; the jar gives it.
    public var sequence: UInt64
    /// When it was last set: what is forgotten first. (The standard's last-access-time, without retrievals.)
    public var lastSet: WallInstant
    /// The key of the partition it is kept in (CHIPS), as ``CookiePartition/key(of:)`` writes it; nil for none.
    public var partition: String?

    /// A cookie of these fields.
    public init(
        name: String, value: SecretBytes, domain: String, isHostOnly: Bool, path: String, isSecure: Bool,
        isHTTPOnly: Bool = false, sameSite: SameSite = .unset, expiry: WallInstant? = nil, creation: WallInstant,
        sequence: UInt64 = 0, lastSet: WallInstant? = nil, partition: String? = nil
    ) {
        self.name = name
        self.value = value
        self.domain = domain
        self.isHostOnly = isHostOnly
        self.path = path
        self.isSecure = isSecure
        self.isHTTPOnly = isHTTPOnly
        self.sameSite = sameSite
        self.expiry = expiry
        self.creation = creation
        self.sequence = sequence
        self.lastSet = lastSet ?? creation
        self.partition = partition
    }

    /// The SameSite attribute (5.6.7).
    public enum SameSite: String, Sendable {
        /// `Strict`.
        case strict
        /// `Lax`.
        case lax
        /// `None`.
        case none
        /// Missing, or a word that is not known.
        case unset
    }

    /// Whether it has ended at `now` (5.7).
    public func isExpired(at now: WallInstant) -> Bool {
        expiry.map { $0 <= now } ?? false
    }

    /// What tells it from others.
    public var key: Key {
        Key(name: name, domain: domain, path: path, isHostOnly: isHostOnly, partition: partition)
    }

    /// What tells cookies apart (5.7, step 22): two of the same key are one.
    public struct Key: Hashable, Sendable {
        /// The name.
        public let name: String
        /// The domain.
        public let domain: String
        /// The path.
        public let path: String
        /// Whether it goes to the host alone.
        public let isHostOnly: Bool
        /// The partition.
        public let partition: String?

        /// A key of these parts.
        public init(name: String, domain: String, path: String, isHostOnly: Bool, partition: String? = nil) {
            self.name = name
            self.domain = domain
            self.path = path
            self.isHostOnly = isHostOnly
            self.partition = partition
        }

        /// Names and paths are bytes: Swift's own equality would take composed and decomposed letters for the same.
        public static func == (left: Key, right: Key) -> Bool {
            left.isHostOnly == right.isHostOnly && left.name.hasSameBytes(as: right.name)
                && left.domain.hasSameBytes(as: right.domain) && left.path.hasSameBytes(as: right.path)
                && left.partition == right.partition
        }
    }
}
