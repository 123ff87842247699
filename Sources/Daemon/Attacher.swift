import Cookies
import EventLoop
import JOSE
import Model
import Prose
import Recipes

/// What a request gets.
struct Attachment {
    /// The session.
    var session: SessionName
    /// Its version, which the cookies that come back are told with.
    var version: UInt64
    /// Why this one.
    var rule: SelectionRule
    /// The header fields to add.
    var headers: [HTTPHeader]
    /// The Cookie header's value.
    var cookie: SecretBytes?
    /// How many cookies had no room in it: the oldest.
    var droppedCookies = 0
    /// The library is to tell how the server answers, also where that is well.
    var isWatched = false
    /// A renewal may bring another token, should the server refuse this one.
    var renews = false
    /// What a person should know all the same.
    var notice: [String] = []
    /// The `.lanyard` file that named it.
    var file: String?
}

/// Answers the preload library: which credential does this request get?
///
/// The answer to a question that does not wait takes no task and no other thread.
@LoopActor final class Attacher {
    /// An answer, or what it waits for.
    enum Answer {
        case attached(Attachment)
        case nothing(NotAttached)
        /// The token has ended, or was refused: ask again when this session has been renewed.
        case waits(SessionEntry)
    }

    private let registry: Registry
    private let renewer: Renewer
    private let clock: Clock
    /// The recipes there are.
    var recipes = RecipeBook()

    /// Whom the person lets use what.
    let consents: Consents

    init(registry: Registry, renewer: Renewer, clock: Clock, consents: Consents) {
        self.consents = consents
        self.registry = registry
        self.renewer = renewer
        self.clock = clock
    }

    /// The session that `question`'s request gets by its URL, and why.
    func select(_ question: AttachQuestion) throws(NotAttached) -> Selection {
        do {
            return try Selection.choose(question, matches: matches(for: question), named: registry.find)
        } catch {
            switch error.reason {
            case .noMatch: throw explainNearMiss(error, question)
            case .ambiguous:
                var ambiguous = error
                ambiguous.ended = error.sessions.filter { registry.find($0).map { hasEnded($0) } ?? false }
                throw ambiguous
            default: throw error
            }
        }
    }

    /// How the sessions are found that are for `question`'s program.
    private func matches(for question: AttachQuestion) -> (RequestTarget) -> [(
        entry: SessionEntry, length: MatchLength
    )] {
        guard question.isAmbient else { return registry.matches }
        return { [registry] in registry.matches($0).filter(\.entry.session.settings.isAmbient) }
    }

    /// The answer at this moment.
    /// - Parameter sendsExpired: a renewal has just been tried; a token that has ended is sent nevertheless.
    func answer(_ question: AttachQuestion, sendsExpired: Bool = false) -> Answer {
        do throws(NotAttached) {
            let selection = try select(question)
            let session = selection.entry.session
            if !question.brought.isDisjoint(with: Self.ownFields(session)) {
                throw nothing(.brought, question, session)
            }
            if let objection = TransportProof.objection(question, session) {
                throw nothing(objection, question, session)
            }
            let ended = try toWaitFor(selection.entry, question)
            try requireConsent(selection.entry, question, asks: true)
            if let ended, !sendsExpired { return .waits(ended) }
            var attachment = try attach(selection, question)
            if ended != nil, question.refused == nil { attachment.notice = [Prose.sentExpired(session.name)] }
            if session.needsLogin?.isDoubtful == true {
                attachment.notice = [Prose.doubtful(session.name)]
                attachment.isWatched = true
            }
            attachment.file = question.folder.file
            return .attached(attachment)
        } catch {
            return .nothing(error)
        }
    }

    /// What `question`'s request would get, without sending anything or waiting.
    func preview(_ question: AttachQuestion) -> Result<Selection, NotAttached> {
        Result { () throws(NotAttached) in
            let selection = try select(question)
            if let objection = TransportProof.objection(question, selection.entry.session) {
                throw nothing(objection, question, selection.entry.session)
            }
            if try toWaitFor(selection.entry, question) == nil,
                case .cookies(let name) = selection.entry.session.credential
            {
                try requireCookies(selection.entry, name, question)
                _ = try cookieFields(selection.entry, question)
            }
            try requireConsent(selection.entry, question, asks: false)
            return selection
        }
    }

    /// The answer, after a renewal where the token has ended.
    func answerWaiting(_ question: AttachQuestion) async -> Answer {
        let first = answer(question)
        guard case .waits(let entry) = first else { return first }
        try? await renewer.renew(entry)
        // The world has changed while we waited: the whole question is asked again. A token that cannot be renewed now,
        // or has ended on its way to us, is sent as it is: the server decides.
        return answer(question, sendsExpired: true)
    }

    /// The header fields whose presence means that the script brings its own credential. `authorization` also stands for
    /// `-u`, userinfo and netrc, and wins over a cookie session too: one caller, one credential.
    private static func ownFields(_ session: Session) -> [String] {
        switch session.credential {
        case .header(let name, _): [name.lowercased(), "authorization"]
        // Named where the script suppresses the field.
        case .cookies: ["authorization", "cookie"]
        case .token, .jwt, .basic: ["authorization"]
        }
    }

    private func nothing(
        _ reason: AttachReason, _ question: AttachQuestion, _ session: Session,
        needsLogin: Session.NeedsLogin.Cause? = nil
    ) -> NotAttached {
        var nothing = NotAttached(
            reason, origin: question.target.origin, sessions: [session.name],
            needsLogin: needsLogin ?? session.needsLogin?.cause)
        nothing.wasAdded = session.wasAdded
        if reason == .needsLogin, question.hop == 0, question.limits.isEmpty {
            nothing.others = others(than: session, question)
        }
        return nothing
    }

    /// The sessions that are as good for `question` as `session`, and have not ended.
    private func others(than session: Session, _ question: AttachQuestion) -> [SessionName] {
        let own = session.space.match(question.target)
        return matches(for: question)(question.target).filter { match in
            match.length == own && match.entry.session.id != session.id && !hasEnded(match.entry)
        }.map(\.entry.session.name).sorted()
    }

    /// Whether a session sends nothing until a person logs in.
    private func hasEnded(_ entry: SessionEntry) -> Bool {
        if case .cookies(_?) = entry.session.credential, entry.cookieExpiry(clock.wall()) == .missing {
            return !entry.renewsByCookie
        }
        guard let needsLogin = entry.session.needsLogin, !needsLogin.isDoubtful else { return false }
        return entry.expiry.map { $0.boot <= clock.boot() } ?? true
    }

    private func requireConsent(
        _ entry: SessionEntry, _ question: AttachQuestion, asks: Bool
    ) throws(NotAttached) {
        switch consents.standing(of: question.caller, for: entry.session, asks: asks) {
        case .allowed: break
        case .refused: throw nothing(.refusedByPerson, question, entry.session)
        case .waits: throw nothing(.unconfirmed, question, entry.session)
        }
    }

    /// The entry, where its token has ended and a renewal may bring another.
    private func toWaitFor(_ entry: SessionEntry, _ question: AttachQuestion) throws(NotAttached) -> SessionEntry? {
        let session = entry.session
        let needsLogin = session.needsLogin.map { !$0.isDoubtful } ?? false
        if entry.renewsByCookie, entry.isSaidToBeOver || entry.cookieExpiry(clock.wall()) == .missing { return entry }
        // The library told of the 401 before it asked: where that is a reason to renew, the renewal is under way.
        if question.refused == session.version, entry.renewal.underWay != nil { return entry }
        guard let expiry = entry.expiry else {
            if needsLogin { throw nothing(.needsLogin, question, session) }
            return nil
        }
        if expiry.boot > clock.boot() { return nil }
        if needsLogin { throw nothing(.needsLogin, question, session) }
        // A token past its expiry that nothing can renew is still sent: the server decides.
        return session.renews ? entry : nil
    }

    private func attach(_ selection: Selection, _ question: AttachQuestion) throws(NotAttached) -> Attachment {
        let entry = selection.entry
        var attachment = Attachment(
            session: entry.session.name, version: entry.session.version, rule: selection.rule, headers: [], cookie: nil)
        switch entry.session.credential {
        case .token(let token), .jwt(let token):
            attachment.renews = entry.answersRefusal(at: clock.boot())
            attachment.headers = [HTTPHeader(name: "Authorization", value: token.fieldValue)]
        case .basic(let user, let password):
            attachment.headers = [HTTPHeader(name: "Authorization", value: Self.basic(user, password))]
        case .header(let name, let value):
            attachment.headers = [HTTPHeader(name: name, value: value)]
        case .cookies(let sessionCookie):
            try attachCookies(&attachment, entry, sessionCookie, question)
        }
        entry.session.lastUse = Session.LastUse(
            time: clock.wall(), program: question.program, method: question.method, path: question.target.path)
        entry.hasUnsavedUse = true
        renewer.noteUse(entry)
        return attachment
    }

    private func attachCookies(
        _ attachment: inout Attachment, _ entry: SessionEntry, _ sessionCookie: String?, _ question: AttachQuestion
    ) throws(NotAttached) {
        // A script that brings a session of its own is not to be given half of ours.
        if let sessionCookie, question.cookies.contains(sessionCookie) {
            throw nothing(.brought, question, entry.session)
        }
        try requireCookies(entry, sessionCookie, question)
        let (line, fields) = try cookieFields(entry, question)
        attachment.cookie = line.value
        attachment.droppedCookies = line.dropped
        attachment.headers = fields
    }

    /// The Cookie line of a request, and what else its recipe adds.
    private func cookieFields(
        _ entry: SessionEntry, _ question: AttachQuestion
    ) throws(NotAttached) -> (CookieLine, [HTTPHeader]) {
        let now = clock.wall()
        let partition = CookiePartition.key(of: question.start)
        let line = entry.cookieLine(
            for: question.target, now: now, partition: partition, excluding: question.cookies)
        let recipe = entry.session.recipe.flatMap { recipes[$0.recipe] }
        let fields = recipe?.attachedFields(
            method: question.method, target: question.target, jar: entry.jar, now: now
        ).filter { !question.brought.contains($0.name.lowercased()) }
        if line.value != nil || fields?.isEmpty == false { return (line, fields ?? []) }
        let bringsAll = entry.cookieLine(for: question.target, now: now, partition: partition).value != nil
        guard !bringsAll else { throw nothing(.brought, question, entry.session) }
        var nothing = nothing(.noCookie, question, entry.session)
        // A request that is not sent brings nothing back.
        if !question.isRequired { nothing.filledVersion = entry.session.version }
        throw nothing
    }

    /// A cookie past its expiry is not sent, so a session whose own cookie has ended has nothing to send.
    private func requireCookies(
        _ entry: SessionEntry, _ sessionCookie: String?, _ question: AttachQuestion
    ) throws(NotAttached) {
        if sessionCookie != nil, entry.cookieExpiry(clock.wall()) == .missing {
            if entry.renewsByCookie { throw nothing(.expired, question, entry.session) }
            throw nothing(.needsLogin, question, entry.session, needsLogin: entry.ended(clock)?.cause ?? .expired)
        }
    }

    /// RFC 7617, 2.
    private static func basic(_ user: String, _ password: SecretBytes) -> SecretBytes {
        var pair = SecretBuffer(capacity: user.utf8.count + password.count + 1)
        pair.append(user)
        pair.append(UInt8(ascii: ":"))
        pair.append(password)
        var value = SecretBuffer()
        value.append("Basic ")
        value.append(Base64.encode(pair.take(), .standard))
        return value.take()
    }

    /// Where a session is for this host, but not for plain programs, or for another path, or over https and the request is
    /// plain http, that is what went wrong.
    private func explainNearMiss(_ miss: NotAttached, _ question: AttachQuestion) -> NotAttached {
        var target = question.target
        if question.isAmbient {
            let names = nearMisses(target, question)
            if !names.isEmpty { return NotAttached(.notAmbient, origin: question.target.origin, sessions: names) }
        }
        if let miss = otherPath(miss, question) { return miss }
        guard target.scheme == .http else { return miss }
        target.scheme = .https
        if target.port == Scheme.http.defaultPort { target.port = Scheme.https.defaultPort }
        let names = nearMisses(target, question)
        return names.isEmpty ? miss : NotAttached(.plainHTTP, origin: question.target.origin, sessions: names)
    }

    /// The miss, where a session is for this origin, but not for this path.
    private func otherPath(_ miss: NotAttached, _ question: AttachQuestion) -> NotAttached? {
        let (target, limits) = (question.target, question.limits)
        let entry = registry.first(forOriginOf: target) { limits.isEmpty || limits.contains($0) }
        guard let entry, let place = entry.session.space.place(forOriginOf: target) else { return nil }
        var miss = miss
        miss.sessions = [entry.session.name]
        miss.otherPath = place.description
        return miss
    }

    private func nearMisses(_ target: RequestTarget, _ question: AttachQuestion) -> [SessionName] {
        registry.matches(target).map(\.entry.session.name).filter {
            question.limits.isEmpty || question.limits.contains($0)
        }.sorted()
    }
}

extension AccessToken {
    /// The value of the Authorization field: the scheme and the token (RFC 9110, 11.4).
    var fieldValue: SecretBytes {
        var field = SecretBuffer(capacity: scheme.utf8.count + value.count + 1)
        field.append(scheme)
        field.append(UInt8(ascii: " "))
        field.append(value)
        return field.take()
    }
}
