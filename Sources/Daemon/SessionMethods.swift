import EventLoop
import Model
import Prose
import Recipes
import Varlink

/// The methods that show and change sessions.
extension AgentService {
    /// So many sessions are one message: about 300 KiB.
    private static let sessionsPerMessage = 1000

    func list(more: Bool) throws(Failure) -> [SecretBytes] {
        try agent.requireOpen()
        let report = SessionReport(clock: agent.clock)
        var rest = agent.registry.all[...]
        var messages: [SecretBytes] = []
        repeat {
            let part = more ? rest.prefix(Self.sessionsPerMessage) : rest
            rest = rest.dropFirst(part.count)
            messages.append(
                VarlinkReply.message(continues: !rest.isEmpty) { json in
                    json.array("sessions") { json in
                        for entry in part { report.write(entry, &json) }
                    }
                    json.member("warnings", agent.storeWarnings)
                })
        } while !rest.isEmpty
        return messages
    }

    func show(_ parameters: JSONValue) throws(Failure) -> SecretBytes {
        try agent.requireOpen()
        let entry = try agent.registry.entry(try parameters.sessionName())
        let reveal = try readingParameters { () throws(JSONFailure) in try parameters.flag("reveal") }
        let report = SessionReport(clock: agent.clock)
        return VarlinkReply.message { json in
            report.write("session", entry, &json)
            json.object("details") { report.writeDetails(entry, reveal: reveal, agent, &$0) }
        }
    }

    func discover(_ parameters: JSONValue) throws(Failure) -> (
        @LoopActor @Sendable () async throws(Failure) -> SecretBytes
    ) {
        try agent.requireOpen()
        let wish = try wish(parameters)
        return { [agent] () throws(Failure) in
            let plan = try await agent.signIn.plan(wish)
            return VarlinkReply.message { json in
                json.member("recipe", plan.recipe.name)
                json.member("url", plan.url)
                json.member("statement", Prose.asksFor(agent.exchange.site(of: plan.url), plan.recipe.title))
                json.member("account", plan.account)
                json.array("asks") { json in
                    if plan.account == nil { Self.ask("user", Prose.userName, secret: false, &json) }
                    Self.ask("password", Prose.password, secret: true, &json)
                }
            }
        }
    }

    private static func ask(_ field: String, _ prompt: String, secret: Bool, _ json: inout JSONWriter) {
        json.object { json in
            json.member("field", field)
            json.member("prompt", prompt)
            json.member("secret", secret)
        }
    }

    func login(_ parameters: JSONValue) throws(Failure) -> (
        @LoopActor @Sendable () async throws(Failure) -> SecretBytes
    ) {
        try agent.requireOpen()
        let wish = try wish(parameters)
        return { [agent] () throws(Failure) in Self.message(try await agent.signIn.logIn(wish), agent) }
    }

    private func wish(_ parameters: JSONValue) throws(Failure) -> SignIn.Wish {
        var wish = try readingParameters { () throws(JSONFailure) in
            SignIn.Wish(
                url: try parameters.optionalText("url"), recipe: try parameters.optionalText("recipe", limit: 64),
                places: try parameters.texts("for", limit: ProtectionSpace.mostPlaces),
                user: try parameters.optionalText("user", limit: 1024),
                password: try parameters.optionalSecret("password"))
        }
        wish.session = try parameters.optionalSessionName("session")
        wish.name = try parameters.optionalSessionName("name")
        if let password = wish.password, password.contains(where: { [0x00, 0x0A, 0x0D].contains($0) }) {
            throw .badSecret
        }
        return wish
    }

    func add(_ parameters: JSONValue) throws(Failure) -> (@LoopActor @Sendable () async throws(Failure) -> SecretBytes)
    {
        try agent.requireOpen()
        let addition = try addition(parameters)
        let (session, jar) = try addition.session(agent.clock, syntax: agent.syntax)
        return { [agent] () throws(Failure) in
            let entry = try await agent.registry.add(session, jar, renaming: false)
            agent.renewer.schedule(entry)
            return Self.message(entry, agent)
        }
    }

    private func addition(_ parameters: JSONValue) throws(Failure) -> Addition {
        let name = try parameters.sessionName("name")
        let texts = try readingParameters { () throws(JSONFailure) in
            try parameters.texts("for", limit: ProtectionSpace.mostPlaces)
        }
        let places = try agent.places.space(texts)
        return try readingParameters { () throws(JSONFailure) in
            guard let kind = Addition.Kind(rawValue: try parameters.text("kind")) else { throw .member("kind") }
            guard let secret = try parameters.optionalSecret("secret") else { throw .member("secret") }
            return Addition(
                name: name, places: places, kind: kind, label: try parameters.optionalText("label"), secret: secret,
                expires: try parameters.optionalText("expires"),
                refreshToken: try parameters.optionalSecret("refresh_token"),
                tokenEndpoint: try parameters.optionalText("token_endpoint"),
                clientID: try parameters.optionalText("client_id"))
        }
    }

    func token(_ parameters: JSONValue) throws(Failure) -> (
        @LoopActor @Sendable () async throws(Failure) -> SecretBytes
    ) {
        try agent.requireOpen()
        let (of, minimum, header) = try readingParameters { () throws(JSONFailure) in
            (try parameters.text("of"), try parameters.optionalInteger("min_ttl"), try parameters.flag("header"))
        }
        let names = try readingParameters { () throws(JSONFailure) in try parameters.texts("sessions", limit: 64) }
        let entry = try agent.entry(of, among: names)
        return { [agent] () throws(Failure) in
            let printed = try await agent.tokens.token(entry, minimum: minimum.map(Double.init), header: header)
            // The store may have been locked while the token was renewed.
            try agent.requireOpen()
            return VarlinkReply.message { json in
                json.member("token", printed.text)
                json.member("notice", printed.notice)
            }
        }
    }

    func refresh(_ parameters: JSONValue) throws(Failure) -> (
        @LoopActor @Sendable () async throws(Failure) -> SecretBytes
    ) {
        try agent.requireOpen()
        let entry = try agent.registry.entry(try parameters.sessionName())
        return { [agent] () throws(Failure) in
            try await agent.renewer.renew(entry, insisting: true)
            return Self.message(entry, agent)
        }
    }

    func logout(_ parameters: JSONValue) throws(Failure) -> (
        @LoopActor @Sendable () async throws(Failure) -> SecretBytes
    ) {
        try agent.requireOpen()
        let entry = try agent.registry.entry(try parameters.sessionName())
        return { [agent] () throws(Failure) in
            let told = try await agent.signIn.logOut(entry)
            return VarlinkReply.message { $0.member("told", told) }
        }
    }

    func remove(_ parameters: JSONValue) throws(Failure) -> (
        @LoopActor @Sendable () async throws(Failure) -> SecretBytes
    ) {
        try agent.requireOpen()
        let entry = try agent.registry.entry(try parameters.sessionName())
        return { [agent] () throws(Failure) in
            try await agent.registry.remove(entry)
            return VarlinkReply.message()
        }
    }

    private static func message(_ entry: SessionEntry, _ agent: Agent) -> SecretBytes {
        VarlinkReply.message { SessionReport(clock: agent.clock).write("session", entry, &$0) }
    }
}
