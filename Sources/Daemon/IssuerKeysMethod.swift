import EventLoop
import JOSE
import Model
import Prose
import Varlink

/// `IssuerKeys`: what an issuer of tokens publishes to check them with.
extension AgentService {
    func issuerKeys(_ parameters: JSONValue) throws(Failure) -> (
        @LoopActor @Sendable () async throws(Failure) -> SecretBytes
    ) {
        let issuer = try readingParameters { () throws(JSONFailure) in try parameters.text("issuer") }
        let request = try IssuerKeyRequest(issuer: issuer, exchange: agent.exchange)
        return { () throws(Failure) in
            let (address, keys) = try await request.perform()
            return VarlinkReply.message { json in
                json.member("jwks_uri", address)
                json.member("keys", keys)
            }
        }
    }
}

/// The way from an issuer to its keys (OpenID Discovery, 4; RFC 8414, 3).
@LoopActor struct IssuerKeyRequest {
    /// The most that is read of a document, so that a message of 1 MiB has room for it.
    private static let longestDocument = (1 << 20) - 16_384

    private let issuer: String
    private let exchange: RecipeExchange
    private let isLocal: Bool

    /// A request to an issuer: its URL has no query, no fragment and no user, and https or this machine proves whose it is.
    init(issuer: String, exchange: RecipeExchange) throws(Failure) {
        self.issuer = issuer
        self.exchange = exchange
        guard let target = exchange.syntax.parse(issuer), !issuer.contains(where: { "?#@".contains($0) }) else {
            throw .noIssuer
        }
        isLocal = LoopbackAddress.isName(target.host)
        guard target.scheme == .https || isLocal else { throw .plainIssuer }
    }

    /// Asks for the metadata, and then for the keys.
    /// - Returns: where the keys are, and their set.
    func perform() async throws(Failure) -> (address: String, keys: JSONValue) {
        let metadata = try await metadata()
        guard metadata["issuer"]?.string == issuer else { throw .otherIssuer(exchange.site(of: issuer)) }
        guard let address = metadata["jwks_uri"]?.string, isAllowed(address) else {
            throw .noKeys(exchange.site(of: issuer))
        }
        let answer = try await exchange.document(at: address, limit: Self.longestDocument)
        guard answer.status == 200, (try? JWKSet(answer.body, from: .issuer)) != nil,
            let document = try? JSONDocument(answer.body)
        else { throw .noKeys(exchange.site(of: address)) }
        return (address, document.root)
    }

    /// The metadata, at either of its two places.
    private func metadata() async throws(Failure) -> JSONValue {
        for address in addresses {
            let answer = try await exchange.document(at: address, limit: Self.longestDocument)
            if answer.status == 200, let document = try? JSONDocument(answer.body), document.root.isObject {
                return document.root
            }
        }
        throw .noIssuerMetadata(exchange.site(of: issuer))
    }

    /// OpenID Discovery, 4.1, appends to the issuer's path; RFC 8414, 3.1, puts it before.
    private var addresses: [String] {
        let plain = issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer
        let authority = plain.prefix(while: { $0 != ":" }).count + 3
        let origin = plain.prefix(authority) + plain.dropFirst(authority).prefix { $0 != "/" }
        return [
            plain + "/.well-known/openid-configuration",
            origin + "/.well-known/oauth-authorization-server" + plain.dropFirst(origin.count),
        ]
    }

    /// Whether keys may come from this address: over https, or from this machine where the issuer is there, too.
    private func isAllowed(_ address: String) -> Bool {
        guard let target = exchange.syntax.parse(address) else { return false }
        return target.scheme == .https || isLocal && LoopbackAddress.isName(target.host)
    }
}
