import Model
import TOML

/// A public OAuth client that a person knows of: for servers that register none by themselves.
public struct KnownClient: Sendable, Equatable {
    /// The hosts whose logins it is for.
    public let hosts: [HostPattern]
    /// The authorization server.
    public let issuer: String
    /// The client's id there.
    public let clientID: String
    /// What to ask for, where the person does not say.
    public let scopes: [String]
    /// The server's own addresses, where it has no metadata that would say them (RFC 8414); nil where it has.
    public let endpoints: Endpoints?

    /// Where a server without metadata does what.
    public struct Endpoints: Sendable, Equatable {
        /// Where the person is sent with the browser; nil for no such flow.
        public let authorization: String?
        /// Where grants are turned into tokens.
        public let token: String
        /// Where the device flow begins (RFC 8628); nil for no such flow.
        public let device: String?
        /// Where tokens are revoked (RFC 7009); nil where they cannot be.
        public let revocation: String?
    }
}

/// The clients that a person knows of.
public struct KnownClients: Sendable, Equatable {
    private let all: [KnownClient]

    /// These; of two for the same place the first counts.
    public init(_ all: [KnownClient] = []) { self.all = all }

    /// The client for a login at this host; of several the one that names it most closely.
    public func client(for target: RequestTarget) -> KnownClient? {
        let fitting = all.compactMap { client in
            client.hosts.compactMap { $0.fit(target) }.max().map { (client: client, fit: $0) }
        }
        guard let best = fitting.map(\.fit).max() else { return nil }
        return fitting.first { $0.fit == best }?.client
    }

    /// The client at this server.
    public func client(at issuer: String) -> KnownClient? { all.first { $0.issuer.hasSameBytes(as: issuer) } }
}

/// Reads the file of them, as lanyard.toml(5) has it.
public enum KnownClientFile {
    private static let endpointKeys = [
        "authorization-endpoint", "token-endpoint", "device-authorization-endpoint", "revocation-endpoint",
    ]
    private static let keys = ["hosts", "issuer", "client-id", "scopes"] + endpointKeys
    /// More are no person's.
    private static let most = 256

    /// The clients in `bytes`.
    public static func read(_ bytes: [UInt8]) throws(FileMistake) -> KnownClients {
        let root = try TOMLDocument(bytes).root
        try root.allow(["client"])
        let tables = try root.tables("client")
        guard tables.count <= most else {
            throw FileMistake(.value("client", expected: .integer(from: 0, to: most)), line: tables[most].line)
        }
        var clients: [KnownClient] = []
        for table in tables { clients.append(try client(table)) }
        return KnownClients(clients)
    }

    private static func client(_ table: TOMLTable) throws(FileMistake) -> KnownClient {
        try table.allow(keys)
        func required<Value>(_ key: String, _ value: Value?) throws(FileMistake) -> Value {
            guard let value else { throw FileMistake(.missingKey(key), line: table.line) }
            return value
        }
        let hosts = try table.texts("hosts", .host, orOne: true) { HostPattern($0) != nil }
        return KnownClient(
            hosts: try required("hosts", hosts).compactMap { HostPattern($0) },
            issuer: try required("issuer", try table.text("issuer", .serverURL, where: isServer)),
            clientID: try required("client-id", try table.text("client-id", .text, where: isShort)),
            scopes: try table.texts("scopes", .scopes, where: isScope) ?? [], endpoints: try endpoints(table))
    }

    private static func endpoints(_ table: TOMLTable) throws(FileMistake) -> KnownClient.Endpoints? {
        let token = try table.text("token-endpoint", .serverURL, where: isServer)
        let authorization = try table.text("authorization-endpoint", .serverURL, where: isServer)
        let device = try table.text("device-authorization-endpoint", .serverURL, where: isServer)
        let revocation = try table.text("revocation-endpoint", .serverURL, where: isServer)
        guard let token else {
            let stray = table.entries.first { endpointKeys.contains($0.key) }
            if let stray { throw FileMistake(.missingKey("token-endpoint"), line: stray.value.line) }
            return nil
        }
        guard authorization != nil || device != nil else {
            throw FileMistake(.missingKey("authorization-endpoint"), line: table.line)
        }
        return KnownClient.Endpoints(
            authorization: authorization, token: token, device: device, revocation: revocation)
    }

    /// Where codes and tokens may go: https, or this machine (RFC 8252, 8.3).
    private static func isServer(_ text: String) -> Bool {
        let isPlain = text.utf8.count <= 2048 && text.utf8.allSatisfy { (0x21..<0x7F).contains($0) && $0 != 0x23 }
        guard isPlain else { return false }
        if text.hasPrefix("https://") { return text.utf8.count > "https://".utf8.count }
        guard text.hasPrefix("http://") else { return false }
        return LoopbackAddress.isName(String(text.dropFirst("http://".count).prefix { !":/?".contains($0) }))
    }

    private static func isShort(_ text: String) -> Bool { text.utf8.count <= 1024 }

    /// RFC 6749, 3.3.
    private static func isScope(_ text: String) -> Bool {
        text.utf8.count <= 256 && text.utf8.allSatisfy { (0x21..<0x7F).contains($0) && $0 != 0x22 && $0 != 0x5C }
    }
}
