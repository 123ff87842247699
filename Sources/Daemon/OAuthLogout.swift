import EventLoop
import Model
import OAuth
import Prose

/// Ends an OAuth session at its server: its tokens, the provider's own session, the client.
@LoopActor struct OAuthLogout {
    private let session: Session
    private let use: OAuthUse
    private let exchange: OAuthExchange
    /// Whether another session or a login has the same client, which so has to stay; asked just before it would go.
    private let clientIsNeeded: @LoopActor () -> Bool

    init(
        _ session: Session, _ use: OAuthUse, _ exchange: OAuthExchange, clientIsNeeded: @escaping @LoopActor () -> Bool
    ) {
        self.session = session
        self.use = use
        self.exchange = exchange
        self.clientIsNeeded = clientIsNeeded
    }

    /// Does what the server lets one do.
    /// - Returns: what was done and what was not, a line each.
    /// - Throws: where the server cannot be reached: what was to be revoked lives on.
    func run() async throws(Failure) -> [String] {
        guard let client = OAuthClient(use) else { return [Prose.cannotRevoke(use.issuer)] }
        var lines = try await revoke(client)
        if let url = use.endSessionEndpoint, let token = use.idToken {
            switch await exchange.run(EndSessionRun(at: url, idToken: token, clientID: use.clientID), at: use.issuer) {
            case .success: lines.append(Prose.toldToEndSession(use.issuer))
            case .failure: lines.append(Prose.sessionStays(use.issuer))
            }
        }
        guard use.isRegistered, !clientIsNeeded() else { return lines }
        guard let management = client.management else { return lines + [Prose.clientStays(use.clientID)] }
        switch await exchange.run(DeletionRun(management), at: use.issuer) {
        case .success(.deleted): lines.append(Prose.clientDeleted)
        case .success(.refusedToken): lines.append(Prose.clientNotDeleted(Prose.clientTokenRefused))
        case .failure(let failed): lines.append(Prose.clientNotDeleted(failed.failure.message))
        }
        return lines
    }

    /// First the refresh token, which takes its access tokens with it at most servers (RFC 7009, 2.1).
    private func revoke(_ client: OAuthClient) async throws(Failure) -> [String] {
        guard let url = use.revocationEndpoint else { return [Prose.cannotRevoke(use.issuer)] }
        var lines: [String] = []
        var done: Set<TokenKind> = []
        let tokens: [(TokenKind, SecretBytes?)] = [
            (.refresh, session.refresh?.value), (.access, session.credential.accessToken?.value),
        ]
        for case (let kind, let token?) in tokens {
            switch await exchange.run(RevocationRun(at: url, token, kind, of: client), at: use.issuer, session: session)
            {
            case .success: done.insert(kind)
            case .failure(let failed):
                // A server that answers and does not do it is told of; one that cannot be reached now may be later.
                if failed.failure.code == .networkFailed, !failed.foundNothing {
                    throw .notLoggedOut(failed.failure, session.name)
                }
                lines.append(Prose.notRevoked(use.issuer, failed.failure.message))
            }
        }
        if done.isEmpty { return lines }
        return [
            Prose.toldToRevoke(use.issuer, refresh: done.contains(.refresh), access: done.contains(.access))
        ] + lines
    }
}
