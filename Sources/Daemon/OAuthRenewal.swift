import EventLoop
import Model
import OAuth
import Prose

/// Renews an OAuth session at its server.
@LoopActor struct OAuthRenewal {
    /// What came of it.
    enum Outcome {
        /// The session as it shall be; whether the refresh token is the one from before.
        case renewed(Session, refreshStays: Bool)
        /// There is no new token.
        case failed(RecipeExchange.Failed)
        /// The tokens came with an ID token that is not to be believed, or somebody else's (OpenID Connect Core, 12.2).
        case wrongIdentity(Failure)
    }

    private let exchange: OAuthExchange
    private let identities: IDTokenCheck

    init(_ exchange: OAuthExchange, _ identities: IDTokenCheck) {
        self.exchange = exchange
        self.identities = identities
    }

    /// Shows the refresh token or, where the session is the client's own, its credentials.
    func run(_ session: Session, _ use: OAuthUse) async -> Outcome {
        guard let client = OAuthClient(use) else { return .failed(.init(failure: .cannotRenew(session.name))) }
        let grant: AuthorizationGrant
        if use.flow == .clientCredentials {
            grant = .clientCredentials(scopes: use.scopes)
        } else if let refresh = session.refresh {
            grant = .refreshToken(refresh.value)
        } else {
            return .failed(.init(failure: .cannotRenew(session.name)))
        }
        let run = TokenRun(at: use.tokenEndpoint, grant, of: client, resource: use.resource, clock: exchange.clock)
        let exchange = exchange.trusting(session.authorities)
        switch await exchange.run(run, at: use.issuer, session: session) {
        case .failure(let failed): return .failed(failed)
        case .success(let tokens): return await believed(tokens, session, use)
        }
    }

    private func believed(_ tokens: Tokens, _ session: Session, _ use: OAuthUse) async -> Outcome {
        var renewed = session
        if let token = tokens.idToken, use.subject != nil {
            do throws(IDTokenCheck.Refusal) {
                _ = try await identities.verify(
                    token, of: use, nonce: nil, accessToken: tokens.access.value, trusting: session.authorities)
                renewed.oauth?.idToken = token
            } catch {
                // Keys that cannot be had now are no reason to lose a refresh token that the server has rotated: the
                // token came from the server itself over TLS, and the ID token before stays.
                if case .unreachable = error {
                } else {
                    return .wrongIdentity(Failure(error, use.issuer, session: session.name))
                }
            }
        }
        renewed.credential = tokens.isJWT ? .jwt(tokens.access) : .token(tokens.access)
        if var refresh = tokens.refresh, use.flow != .clientCredentials {
            refresh.rotations = (session.refresh?.rotations ?? 0) + 1
            refresh.lastRotation = exchange.clock.wall()
            renewed.refresh = refresh
        }
        renewed.skew = tokens.skew ?? session.skew
        return .renewed(renewed, refreshStays: tokens.refresh == nil)
    }
}
