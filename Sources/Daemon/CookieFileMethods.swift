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

    /// A file, or a part of one, into a session that is there, or into a new one.
    func importCookies(_ parameters: JSONValue) throws(Failure) -> (
        @LoopActor @Sendable () async throws(Failure) -> SecretBytes
    ) {
        try agent.requireOpen()
        let name = try parameters.sessionName()
        let (texts, file, line) = try readingParameters { () throws(JSONFailure) in
            (
                try parameters.texts("for", limit: ProtectionSpace.mostPlaces), try parameters.optionalSecret("file"),
                try parameters.optionalInteger("line") ?? 1
            )
        }
        guard let file else { throw .badParameter("file") }
        guard (1...Int64(Int32.max)).contains(line) else { throw .badParameter("line") }
        let content = NetscapeFile.parse(file, now: agent.clock.wall(), firstLine: Int(line))
        if texts.isEmpty {
            let entry = try jarEntry(parameters)
            return { [agent] () throws(Failure) in
                let now = agent.clock.wall()
                let live = Self.live(content, now)
                _ = try await agent.registry.changeJar(entry) { jar throws(Failure) in jar.add(live, now: now) }
                return Self.message(content, live, entry, agent)
            }
        }
        let space = try agent.places.space(texts)
        // A file that is no cookie file makes no session.
        if content.cookies.isEmpty, let damaged = content.damaged.first { throw .badJarLine(damaged.number) }
        return { [agent] () throws(Failure) in
            let now = agent.clock.wall()
            let session = Session(name: name, space: space, credential: .cookies(sessionCookie: nil), created: now)
            var jar = CookieJar()
            let live = Self.live(content, now)
            jar.add(live, now: now)
            let entry = try await agent.registry.add(session, jar, renaming: false)
            return Self.message(content, live, entry, agent)
        }
    }

    /// The cookies that have not ended: an old line of a file deletes nothing.
    private static func live(_ content: NetscapeFile.Content, _ now: WallInstant) -> [Cookie] {
        content.cookies.filter { !$0.isExpired(at: now) }
    }

    private static func message(
        _ content: NetscapeFile.Content, _ live: [Cookie], _ entry: SessionEntry, _ agent: Agent
    ) -> SecretBytes {
        VarlinkReply.message { json in
            SessionReport(agent).write("session", entry, &json)
            json.member("count", Set(live.map(\.key)).count)
            json.member("ended", content.cookies.count - live.count)
            json.member("damaged_count", content.damaged.count)
            json.array("damaged") { json in
                for line in content.damaged.prefix(mostNamed) {
                    json.object { json in
                        json.member("line", line.number)
                        json.member("cause", line.cause.rawValue)
                    }
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
            json.member("file", NetscapeFile.write(Array(part), heading: part.startIndex == all.startIndex))
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
