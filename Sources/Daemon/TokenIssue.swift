import EventLoop
import Model
import Prose

/// Hands out a session's token, renewed first where it would not last.
@LoopActor final class TokenIssue {
    /// A token to print.
    struct Printed {
        /// The token, or the whole header field.
        var text: SecretBytes
        /// What is said on stderr.
        var notice: [String]
    }

    private let renewer: Renewer
    private let clock: Clock

    init(renewer: Renewer, clock: Clock) {
        self.renewer = renewer
        self.clock = clock
    }

    /// The token of a session.
    /// - Parameter minimum: the seconds it has to last; nil for a fifth of its lifetime, 60 s at most.
    func token(_ entry: SessionEntry, minimum: Double?, header: Bool) async throws(Failure) -> Printed {
        if case .header(let name, let value) = entry.session.credential {
            return Printed(text: header ? Self.field(name, value) : value, notice: [])
        }
        guard let token = entry.session.credential.accessToken else {
            throw .noToken(entry.session.name, entry.session.credential.kind)
        }
        let needed = minimum ?? min((token.lifetime ?? 300) / 5, 60)
        if let expiry = token.expiry, expiry.boot - clock.boot() < needed {
            try await renewIfPossible(entry, isExpired: expiry.boot <= clock.boot())
        } else if let needsLogin = entry.session.needsLogin, !needsLogin.isDoubtful, token.expiry == nil {
            throw .needsLogin(entry.session.name, needsLogin.cause, wasAdded: entry.session.wasAdded)
        }
        guard let current = entry.session.credential.accessToken else {
            throw .noToken(entry.session.name, entry.session.credential.kind)
        }
        renewer.noteUse(entry)
        let left = current.expiry.map { $0.boot - clock.boot() }
        let isShort = left.map { $0 < needed } ?? false
        let text = header ? Self.field("Authorization", current.fieldValue) : current.value
        var notice = isShort ? [Prose.shortToken(entry.session.name, seconds: left ?? 0)] : []
        if entry.session.needsLogin?.isDoubtful == true { notice.append(Prose.doubtful(entry.session.name)) }
        return Printed(text: text, notice: notice)
    }

    /// Renews; where that fails and the token still lives, the token is as good as there is.
    private func renewIfPossible(_ entry: SessionEntry, isExpired: Bool) async throws(Failure) {
        guard entry.session.refresh != nil || entry.session.renews else {
            if isExpired { throw .needsLogin(entry.session.name, .expired, wasAdded: entry.session.wasAdded) }
            return
        }
        do { try await renewer.renew(entry, insisting: true) } catch {
            if isExpired || error.code == .loginNeeded { throw error }
        }
    }

    private static func field(_ name: String, _ value: SecretBytes) -> SecretBytes {
        var field = SecretBuffer(capacity: name.utf8.count + value.count + 2)
        field.append(name)
        field.append(": ")
        field.append(value)
        return field.take()
    }
}
