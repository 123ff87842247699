import EventLoop
import JOSE
import Model
import OAuth
import Prose
import Transfer

/// Verifies ID tokens with the keys that their issuers publish (OpenID Connect Core, 3.1.3.7).
@LoopActor final class IDTokenCheck {
    /// Why a token was not verified.
    enum Refusal: Error {
        /// It is not to be believed.
        case refused(IDTokenFailure)
        /// The issuer names no keys.
        case noKeys
        /// The keys could not be had now.
        case unreachable(Failure)
    }

    private let exchange: OAuthExchange
    /// Where keys were published, and who vouches for that place: what one authority vouches for is not another's word.
    private struct Source: Hashable {
        let url: String
        let authorities: CertificateAuthorities?
    }

    private var known: [Source: IssuerKeys] = [:]

    init(exchange: OAuthExchange) { self.exchange = exchange }

    /// Verifies a token of the session's server.
    func verify(
        _ token: SecretBytes, of use: OAuthUse, nonce: String?, accessToken: SecretBytes,
        trusting authorities: CertificateAuthorities?
    ) async throws(Refusal) -> IDToken {
        var algorithms = JWSAlgorithm.asymmetric
        if let named = use.idTokenAlgorithms { algorithms = Set(named.compactMap(JWSAlgorithm.init(rawValue:))) }
        // HMAC's key is the client's secret: without one there is no such key (Core, 10.1).
        let secret = use.clientSecret.map { JWK(clientSecret: $0) }
        if secret == nil || use.idTokenAlgorithms == nil { algorithms.formIntersection(JWSAlgorithm.asymmetric) }
        let expected = IDToken.Expectation(
            issuer: use.issuer, clientID: use.clientID, nonce: nonce, accessToken: accessToken, subject: use.subject,
            algorithms: algorithms)
        let own = secret.map { [$0] } ?? []
        guard let url = use.jwksURI else {
            guard !own.isEmpty else { throw .noKeys }
            do { return try Self.verified(token, expected, JWKSet(own), exchange.clock) } catch {
                throw .refused(error)
            }
        }
        let source = Source(url: url, authorities: authorities)
        if known[source] == nil { known[source] = IssuerKeys(try await fetch(source)) }
        do {
            return try Self.verified(token, expected, JWKSet((known[source]?.keys.keys ?? []) + own), exchange.clock)
        } catch {
            guard case .signature(let cause) = error,
                known[source]?.asksAgain(after: cause, now: exchange.clock.boot()) == true
            else { throw .refused(error) }
        }
        known[source]?.replace(with: try await fetch(source))
        do {
            return try Self.verified(token, expected, JWKSet((known[source]?.keys.keys ?? []) + own), exchange.clock)
        } catch { throw .refused(error) }
    }

    private static func verified(
        _ token: SecretBytes, _ expected: IDToken.Expectation, _ keys: JWKSet, _ clock: Clock
    ) throws(IDTokenFailure) -> IDToken {
        try IDToken(verifying: token, for: expected, keys: keys, now: clock.wall())
    }

    private func fetch(_ source: Source) async throws(Refusal) -> JWKSet {
        let answer: HTTPResponse
        do throws(Failure) { answer = try await exchange.trusting(source.authorities).get(source.url) } catch {
            throw .unreachable(error)
        }
        guard answer.status == 200 else {
            throw .unreachable(.network(site: source.url, Prose.unexpected(status: answer.status), session: nil))
        }
        // A page in place of the keys says nothing of the token: the keys may be there again later.
        do { return try JWKSet(answer.body, from: .issuer) } catch {
            throw .unreachable(.network(site: source.url, Prose.noKeySet, session: nil))
        }
    }
}

extension Failure {
    /// An ID token that was not verified.
    init(_ refusal: IDTokenCheck.Refusal, _ server: String, session: SessionName?) {
        switch refusal {
        case .unreachable(let failure): self = failure
        case .noKeys: self = .badIDToken(server, Prose.idTokenNoKeys, session: session)
        case .refused(let cause): self = .badIDToken(server, Self.words(cause), session: session)
        }
    }

    private static func words(_ cause: IDTokenFailure) -> String {
        switch cause {
        case .signature: Prose.idTokenSignature
        case .nonce: Prose.idTokenNonce
        case .type: Prose.idTokenClaim("typ")
        case .claim(let name): Prose.idTokenClaim(name)
        case .issuer: Prose.idTokenClaim("iss")
        case .audience: Prose.idTokenClaim("aud")
        case .authorizedParty: Prose.idTokenClaim("azp")
        case .expired: Prose.idTokenClaim("exp")
        case .notYet: Prose.idTokenClaim("iat")
        case .accessToken: Prose.idTokenClaim("at_hash")
        case .subject: Prose.idTokenClaim("sub")
        }
    }
}
