import EventLoop
import Model
import Prose
import Varlink

/// The preload library's methods, and `explain`, which answers the same question for a person.
extension AgentService {
    func attach(_ parameters: JSONValue, more: Bool, _ caller: Caller) throws(Failure) -> Handling {
        var asked = try readingQuestion(parameters)
        asked.caller = caller
        let question = asked
        if agent.closedReason != nil {
            if agent.mayHaveOpened { return later(question, caller) }
            return .now([reply(closedAnswer(question), question, caller)])
        }
        let answer = agent.attacher.answer(question)
        guard case .waits = answer else { return .now([reply(answer, question, caller)]) }
        return .later(first: more ? Self.renewing : nil) { [self] in
            let answer = await agent.attacher.answerWaiting(question)
            // The store may have been locked meanwhile.
            return reply(agent.closedReason == nil ? answer : closedAnswer(question), question, caller)
        }
    }

    private func readingQuestion(_ parameters: JSONValue) throws(Failure) -> AttachQuestion {
        var question = try readingParameters { () throws(JSONFailure) in try AttachQuestion(parameters) }
        if parameters["files"] != nil { try agent.limit(&question, by: parameters) }
        return question
    }

    /// Notes an answer for `why`, and writes it.
    private func reply(_ answer: Attacher.Answer, _ question: AttachQuestion, _ caller: Caller) -> SecretBytes {
        agent.note(answer, question, caller)
        return message(answer, question)
    }

    /// The answer while the store is not open.
    private func closedAnswer(_ question: AttachQuestion) -> Attacher.Answer {
        .nothing(NotAttached(agent.closedReason ?? .unavailable, origin: question.target.origin))
    }

    /// The longest that a request waits for a store that may have been opened, in seconds: it takes milliseconds, and
    /// some callers wait for a quarter of a second.
    private static let patienceForStore = 0.15

    /// The longest that a script waits until the state of its session is right again, in seconds, as above.
    private static let patienceForHearing = 0.15

    private func later(_ question: AttachQuestion, _ caller: Caller) -> Handling {
        .later(first: nil) { [self] in
            _ = await withDeadline(seconds: Self.patienceForStore) { [agent] in await agent.reopen() }
            if agent.closedReason != nil { return reply(closedAnswer(question), question, caller) }
            return reply(await agent.attacher.answerWaiting(question), question, caller)
        }
    }

    func received(_ parameters: JSONValue, _ caller: Caller) throws(Failure) -> (
        @LoopActor @Sendable () async throws(Failure) -> SecretBytes
    ) {
        try agent.requireOpen()
        let entry = try agent.registry.entry(try parameters.sessionName())
        let (target, start) = try readingParameters { () throws(JSONFailure) in
            let target = try RequestTarget(parameters["target"], "target")
            // An older library does not say where the request began.
            return (target, parameters["start"] == nil ? target : try RequestTarget(parameters["start"], "start"))
        }
        let brought = Set(try readingParameters { () throws(JSONFailure) in try parameters.texts("cookies") })
        let version = try readingParameters { () throws(JSONFailure) in try parameters.optionalInteger("version") ?? 0 }
        let lines =
            (parameters["set_cookie"]?.elements ?? []).compactMap(\.secret)
            + (parameters["set_cookie_hex"]?.elements ?? []).compactMap(\.secret).compactMap(Hexadecimal.decode)
        let more = ScopeChallenge((parameters["challenge"]?.elements ?? []).compactMap(\.secret))
        var word = try readingParameters { () throws(JSONFailure) in
            HeardAnswer(
                status: Int(try parameters.optionalInteger("status") ?? 0),
                location: try parameters.optionalText("location", limit: 8192), target: target,
                version: UInt64(max(0, version)))
        }
        let method = try readingParameters { () throws(JSONFailure) in
            try parameters.optionalText("method", limit: 64) ?? ""
        }
        if word.status == 401 { agent.noteRefusal(entry.session.name, method: method, target, caller) }
        // That says nothing against the session.
        if more != nil { word.status = 0 }
        return { [agent, word] () throws(Failure) in
            // Only a cookie session has a jar, and only its own protection space fills it.
            if case .cookies = entry.session.credential, entry.session.space.match(target) != nil {
                try await agent.registry.merge(
                    lines, from: target, began: start, into: entry, version: UInt64(max(0, version)),
                    without: brought)
            }
            if entry.session.space.match(target) != nil {
                // Whoever waits for this reply is a script; what takes longer goes on without it.
                let hearing = EventLoop.task { [agent] in await agent.hearing.heard(word, of: entry) }
                _ = await withDeadline(seconds: Self.patienceForHearing) { await hearing.value }
            }
            return VarlinkReply.message { $0.member("notice", more?.notice(for: entry.session) ?? []) }
        }
    }

    func explain(_ parameters: JSONValue, _ caller: Caller) throws(Failure) -> SecretBytes {
        try agent.requireOpen()
        let url = try readingParameters { () throws(JSONFailure) in try parameters.text("url") }
        let names = try readingParameters { () throws(JSONFailure) in try parameters.texts("sessions", limit: 64) }
        var question = AttachQuestion(about: try agent.exchange.target(url), sessions: names)
        question.caller = caller
        try agent.limit(&question, by: parameters)
        let untrusted = Prose.untrusted(changed: question.folder.changed, unknown: question.folder.unknown)
        let shown = question.target.origin + question.target.path
        switch agent.attacher.preview(question) {
        case .success(let selection):
            let session = selection.entry.session
            let place = session.space.places.max { Self.length($0, question) < Self.length($1, question) }
            let text = Prose.explained(
                session.name, place: place?.description ?? shown, rule: selection.rule, file: question.folder.file)
            return explanation(shown, session.name, selection.rule.rawValue, .attached, untrusted, text)
        case .failure(let nothing):
            // A file that may choose between them is why it is there.
            let first = nothing.reason == .ambiguous ? untrusted : nil
            return explanation(
                shown, nil, nil, nothing.reason, first ?? Prose.mend(nothing) ?? untrusted, Prose.explained(nothing))
        }
    }

    private static func length(_ place: Place, _ question: AttachQuestion) -> Int {
        place.match(question.target) == nil ? -1 : place.path.utf8.count
    }

    private func explanation(
        _ url: String, _ session: SessionName?, _ rule: String?, _ reason: AttachReason, _ mend: String?, _ text: String
    ) -> SecretBytes {
        VarlinkReply.message { json in
            json.member("url", url)
            json.member("session", session?.description)
            json.member("rule", rule)
            json.member("reason", reason.rawValue)
            json.member("mend", mend)
            json.member("text", text)
        }
    }

    private static let renewing = VarlinkReply.message(continues: true) { json in
        write(&json, reason: "renewing", renewing: true)
    }

    private func message(_ answer: Attacher.Answer, _ question: AttachQuestion) -> SecretBytes {
        let changed = question.folder.changed.map { [Prose.changedFile($0)] } ?? []
        return VarlinkReply.message { json in
            switch answer {
            case .attached(let attachment):
                Self.write(
                    &json, attachment, session: (attachment.session, attachment.version),
                    reason: AttachReason.attached.rawValue, notice: changed + attachment.notice)
            case .nothing(let nothing):
                let filled = nothing.filledVersion.flatMap { version in nothing.sessions.first.map { ($0, version) } }
                Self.write(
                    &json, session: filled, reason: nothing.reason.rawValue,
                    notice: changed + Prose.notice(nothing, isRequired: question.isRequired))
            case .waits: Self.write(&json, reason: AttachReason.expired.rawValue)
            }
            json.member("anywhere", agent.trusted.isEmpty)
        }
    }

    private static func write(
        _ json: inout JSONWriter, _ attachment: Attachment? = nil, session: (SessionName, UInt64)? = nil,
        reason: String, notice: [String] = [], renewing: Bool = false
    ) {
        json.member("session", session?.0.description)
        json.member("version", session?.1)
        json.array("headers") { json in
            for header in attachment?.headers ?? [] {
                json.object { json in
                    json.member("name", header.name)
                    json.member("value", header.value)
                }
            }
        }
        // The library takes no text with characters that a terminal obeys, and JSON no bytes that are no text.
        let isText = attachment?.cookie?.isFieldValue ?? true
        json.member("cookie", isText ? attachment?.cookie : nil)
        if !isText { json.member("cookie_hex", attachment?.cookie.map(Hexadecimal.encode)) }
        json.member("reason", reason)
        json.member("notice", notice)
        json.member("watch", attachment?.isWatched ?? false)
        json.member("renews", attachment?.renews ?? false)
        json.member("renewing", renewing)
    }
}
