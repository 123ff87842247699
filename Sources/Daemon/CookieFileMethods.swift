import Cookies
import EventLoop
import Model
import Prose
import Varlink

/// The methods that read and write cookie files.
extension AgentService {
    /// So many damaged lines are named in one message; a file of nothing else is no cookie file.
    private static let mostNamed = 100

    /// So many cookies are one message, as in ``cookies(_:more:)``.
    private static let cookiesPerMessage = 64

    /// A file, or a part of one, into a session that is there, or into a new one; nothing is kept before the last part.
    func importCookies(_ parameters: JSONValue, _ caller: Caller) throws(Failure) -> (
        @LoopActor @Sendable () async throws(Failure) -> SecretBytes
    ) {
        try agent.requireOpen()
        let (texts, part, line, continues) = try readingParameters { () throws(JSONFailure) in
            (
                try parameters.texts("for", limit: ProtectionSpace.mostPlaces), try parameters.optionalBytes("file"),
                try parameters.optionalInteger("line") ?? 1, try parameters.flag("continues")
            )
        }
        guard let part else { throw .badParameter("file") }
        // Each part says where it goes, so that a mistake there is told before a long file is sent.
        let target = try texts.isEmpty ? ImportTarget.there(jarEntry(parameters)) : newTarget(parameters, texts)
        var file = (line == 1 ? nil : caller.cookieImport) ?? CookieImport()
        caller.cookieImport = nil
        let damaged = try file.take(part, line: line, now: agent.clock.wall())
        // A file that is no cookie file makes no session.
        if case .new = target, file.cookies.isEmpty, let first = damaged.first {
            throw .badJarLine(first.number, first.cause.word)
        }
        if continues { caller.cookieImport = file }
        return { [self, file] () throws(Failure) in
            if continues { return VarlinkReply.message { Self.write(damaged, &$0) } }
            let now = agent.clock.wall()
            let live = file.live(now)
            let entry = try await keep(live, in: target, now)
            return VarlinkReply.message { json in
                SessionReport(agent).write("session", entry, &json)
                let keys = Set(live.map(\.key))
                let hasNoRoom = keys.count { entry.jar[$0] == nil }
                json.member("count", keys.count - hasNoRoom)
                json.member("ended", file.cookies.count - live.count)
                json.member("no_room", hasNoRoom)
                Self.write(damaged, &json)
            }
        }
    }

    /// Where the cookies of a file go.
    private enum ImportTarget {
        case there(SessionEntry)
        case new(SessionName, ProtectionSpace)
    }

    private func newTarget(_ parameters: JSONValue, _ texts: [String]) throws(Failure) -> ImportTarget {
        let name = try parameters.sessionName()
        let space = try agent.places.space(texts)
        guard agent.registry.find(name) == nil else { throw .nameTaken(name) }
        return .new(name, space)
    }

    /// One change, whatever the number of cookies: they are in the journal as a whole or not at all.
    private func keep(
        _ cookies: [Cookie], in target: ImportTarget, _ now: WallInstant
    ) async throws(Failure) -> SessionEntry {
        switch target {
        case .there(let entry):
            _ = try await agent.registry.changeJar(entry) { jar throws(Failure) in jar.add(cookies, now: now) }
            return entry
        case .new(let name, let space):
            let session = Session(name: name, space: space, credential: .cookies(sessionCookie: nil), created: now)
            var jar = CookieJar()
            jar.add(cookies, now: now)
            return try await agent.registry.add(session, jar, renaming: false)
        }
    }

    private static func write(_ damaged: [NetscapeFile.DamagedLine], _ json: inout JSONWriter) {
        json.member("damaged_count", damaged.count)
        json.array("damaged") { json in
            for line in damaged.prefix(mostNamed) {
                json.object { json in
                    json.member("line", line.number)
                    json.member("cause", line.cause.word)
                }
            }
        }
    }

    /// A session's jar as a file.
    func exportCookies(_ parameters: JSONValue, more: Bool, _ caller: Caller) throws(Failure) -> [SecretBytes] {
        let entry = try jarEntry(parameters)
        try agent.requireConsent(entry, caller)
        let all = entry.jar.cookies
        let told = more ? all[...] : all.prefix(Self.cookiesPerMessage)
        let losses = NetscapeFile.Losses(all)
        return VarlinkReply.messages(told, perMessage: Self.cookiesPerMessage) { part, json in
            json.bytes("file", NetscapeFile.write(Array(part), heading: part.startIndex == all.startIndex))
            json.object("lost") { json in
                json.member("same_site", losses.sameSite)
                json.member("partition", losses.partition)
                json.member("address", losses.address)
                json.member("left_out", losses.leftOut)
            }
            json.member("count", all.count)
        }
    }
}
