import EventLoop
import Model

/// The clients that logins under way use: a logout does not delete them meanwhile.
@LoopActor final class ClientsInUse {
    private struct Client: Hashable {
        let issuer: String
        let id: String

        init(_ use: OAuthUse) {
            issuer = use.issuer
            id = use.clientID
        }
    }

    /// How many logins use each.
    private var counts: [Client: Int] = [:]

    /// A login begins to use the client of `use`.
    func enter(_ use: OAuthUse) { counts[Client(use), default: 0] += 1 }

    /// It no longer does.
    func leave(_ use: OAuthUse) {
        let client = Client(use)
        counts[client] = counts[client].flatMap { $0 > 1 ? $0 - 1 : nil }
    }

    /// Whether a login uses it.
    func has(_ use: OAuthUse) -> Bool { counts[Client(use)] != nil }
}
