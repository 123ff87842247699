import Cookies
import EventLoop
import Model
import Recipes

/// An answer to a script's request, as far as it may say that the session has ended.
struct HeardAnswer {
    /// Its status; 0 where it says nothing.
    var status: Int
    /// Where it leads, as it stands there.
    var location: String?
    /// What was asked.
    var target: RequestTarget
    /// The version of the session that the request carried.
    var version: UInt64
}

/// Makes the state of a session right when a site says that it has ended: what can renew does, and what cannot needs a
/// login, so that the next request is right.
@LoopActor final class SessionHearing {
    private let registry: Registry
    private let renewer: Renewer
    private let exchange: RecipeExchange
    private let clock: Clock

    init(registry: Registry, renewer: Renewer, exchange: RecipeExchange, clock: Clock) {
        self.registry = registry
        self.renewer = renewer
        self.exchange = exchange
        self.clock = clock
    }

    /// Takes an answer to a request that carried the session.
    func heard(_ answer: HeardAnswer, of entry: SessionEntry) async {
        let use = entry.session.recipe
        let recipe = use.flatMap { exchange.recipes[$0.recipe] }
        if (200..<300).contains(answer.status) {
            // What is asked for a login says nothing of the session.
            if let use, recipe != nil, answer.target == exchange.syntax.parse(use.url) { return }
            return await isTaken(entry, answer)
        }
        guard isCurrent(answer, entry) else { return }
        guard let use, let recipe else {
            // OAuth's, and what was added by hand: a 401 alone says it.
            if answer.status == 401, !entry.session.renews || mayAsk(entry) { await end(entry, answer) }
            return
        }
        switch word(answer, recipe, use, of: entry.session) {
        case .nothing: return
        case .loggedOut: if !entry.session.renews || mayAsk(entry) { await end(entry, answer) }
        case .look:
            guard mayAsk(entry), let request = check(entry, recipe, use) else { return }
            guard let answered = await exchange.trusting(entry.session.authorities).ask(request),
                isCurrent(answer, entry)
            else { return }
            if recipe.isLoggedOut(answered) { await end(entry, answer) }
        }
    }

    /// A server that was said to have ended the session takes it: one page's answer was not about the session.
    private func isTaken(_ entry: SessionEntry, _ answer: HeardAnswer) async {
        let isTaken = try? await registry.update(entry) { session in
            guard session.version == answer.version, session.needsLogin?.cause == .loggedOut else { return false }
            session.needsLogin = nil
            return true
        }
        guard isTaken == true, entry.session.renews else { return }
        // That its renewal was refused does not make it any worse before its time.
        entry.renewal.failures = 0
        entry.renewal.lastFailure = nil
        renewer.schedule(entry)
    }

    private func word(
        _ answer: HeardAnswer, _ recipe: Recipe, _ use: Session.RecipeUse, of session: Session
    ) -> SessionWord {
        if answer.status == 401, answer.target != exchange.syntax.parse(use.url) { return .loggedOut }
        if leadsToLogin(answer, of: session) { return .loggedOut }
        return recipe.word(
            status: answer.status, location: answer.location, target: answer.target, loginURL: use.url,
            syntax: exchange.syntax)
    }

    /// Whether an answer sends on to a host that the login passes through.
    private func leadsToLogin(_ answer: HeardAnswer, of session: Session) -> Bool {
        guard [302, 303, 307].contains(answer.status), let location = answer.location,
            let url = exchange.syntax.resolve(location, answer.target.origin + answer.target.path),
            let target = exchange.syntax.parse(url), target.origin != answer.target.origin
        else { return false }
        return exchange.loginHosts(of: session).contains(target.origin)
    }

    /// A word about an older login or token says nothing of this one.
    private func isCurrent(_ answer: HeardAnswer, _ entry: SessionEntry) -> Bool {
        entry.gone == nil && entry.session.version == answer.version && entry.session.needsLogin == nil
    }

    private func end(_ entry: SessionEntry, _ answer: HeardAnswer) async {
        if entry.session.renews {
            // Whoever asks next gets the new token, or waits for it; what comes of it is in the session's state.
            entry.isSaidToBeOver = true
            try? await renewer.renew(entry)
            entry.isSaidToBeOver = false
            return await doubt(entry)
        }
        guard !entry.session.wasAdded else { return }
        _ = try? await registry.update(entry) { session in
            guard session.version == answer.version, session.needsLogin == nil else { return false }
            session.needsLogin = Session.NeedsLogin(since: clock.wall(), cause: .loggedOut)
            return true
        }
    }

    /// A renewal through other hosts shows nothing of the session itself: where they ask for a person, it may still be one
    /// page alone that sent there.
    private func doubt(_ entry: SessionEntry) async {
        guard entry.gone == nil, entry.session.needsLogin?.cause == .signOnEnded else { return }
        _ = try? await registry.update(entry) { session in
            guard session.needsLogin?.cause == .signOnEnded else { return false }
            session.needsLogin?.cause = .loggedOut
            return true
        }
    }

    private func mayAsk(_ entry: SessionEntry) -> Bool {
        let now = clock.boot()
        guard entry.mayBeAskedAbout(at: now) else { return false }
        entry.lastAsked = now
        return true
    }

    /// The request whose answer's body tells, with the session, where that may be sent there.
    private func check(_ entry: SessionEntry, _ recipe: Recipe, _ use: Session.RecipeUse) -> HTTPRequest? {
        guard let url = recipe.checkURL(loginURL: use.url, syntax: exchange.syntax),
            let target = exchange.syntax.parse(url), entry.session.space.match(target) != nil
        else { return nil }
        var request = HTTPRequest(method: "GET", url: url, headers: [HTTPHeader("Accept", "*/*")])
        if let token = entry.session.credential.accessToken {
            request.headers.append(HTTPHeader(name: "Authorization", value: token.fieldValue))
        } else if let line = entry.cookieLine(for: target, now: clock.wall()).value {
            request.headers.append(HTTPHeader(name: "Cookie", value: line))
        }
        return request
    }
}
