import EventLoop
import Model
import OAuth
import Prose
import Recipes
import Varlink

/// The methods that show and change sessions.
extension AgentService {
    /// So many sessions are one message: about 300 KiB.
    private static let sessionsPerMessage = 1000

    func list(more: Bool) throws(Failure) -> [SecretBytes] {
        try agent.requireOpen()
        let report = SessionReport(agent)
        let all = agent.registry.all[...]
        return VarlinkReply.messages(all, perMessage: more ? Self.sessionsPerMessage : .max) { part, json in
            json.array("sessions") { json in
                for entry in part { report.write(entry, &json) }
            }
            json.member("warnings", agent.storeWarnings)
        }
    }

    func show(_ parameters: JSONValue, _ caller: Caller) throws(Failure) -> SecretBytes {
        try agent.requireOpen()
        let entry = try agent.registry.entry(try parameters.sessionName())
        let (reveal, token) = try readingParameters { () throws(JSONFailure) in
            (try parameters.flag("reveal"), try parameters.flag("reveal_token"))
        }
        if reveal || token { try agent.requireConsent(entry, caller) }
        let report = SessionReport(agent)
        return VarlinkReply.message { json in
            report.write("session", entry, &json)
            json.object("details") { report.writeDetails(entry, reveal: reveal, token: token, agent, &$0) }
        }
    }

    func discover(_ parameters: JSONValue) throws(Failure) -> (
        @LoopActor @Sendable () async throws(Failure) -> SecretBytes
    ) {
        try agent.requireOpen()
        let wish = try wish(parameters)
        return { [agent] () throws(Failure) in try await Self.found(wish, agent) }
    }

    private static func found(
        _ wish: SignIn.Wish, _ agent: Agent, trace: ExchangeTrace? = nil
    ) async throws(Failure) -> SecretBytes {
        switch try await agent.signIn.way(wish, trace: trace) {
        case .oauth(let plan): return message(plan)
        case .recipe(let plan):
            guard !plan.loginHosts.isEmpty else { return message(plan, nil, agent) }
            return message(plan, try await agent.signIn.asker(plan, trace: trace), agent)
        }
    }

    /// The same, with what is asked of servers and answered on the way.
    func discoverInSteps(_ parameters: JSONValue) throws(Failure) -> Handling {
        try agent.requireOpen()
        let wish = try wish(parameters)
        return try stream { [agent] emit throws(Failure) in
            try await Self.found(wish, agent) { line in
                emit(
                    VarlinkReply.message(continues: true) { json in
                        LoginStep.say(line).write(first: true, now: agent.clock.boot(), &json)
                    })
            }
        }
    }

    /// - Parameter asker: who asks for the password, where the login may pass through other hosts; nil for its own.
    private static func message(_ plan: SignIn.Plan, _ asker: SignIn.Asker?, _ agent: Agent) -> SecretBytes {
        let site = agent.exchange.site(of: plan.url)
        var statement = Prose.asksFor(site, plan.recipe.title)
        var prompt: String? = Prose.password
        var origin: String?
        switch asker {
        case .origin(let asks):
            origin = asks
            let other = agent.exchange.site(of: asks)
            if other != site { (statement, prompt) = (Prose.sendsTo(site, other), Prose.password(for: other)) }
        case .nobody: (statement, prompt) = (Prose.needsNoPassword(site), nil)
        case nil: break
        }
        return VarlinkReply.message { json in
            json.member("recipe", plan.recipe.name)
            json.member("url", plan.url)
            json.member("statement", statement)
            json.member("account", plan.account)
            json.array("asks") { json in
                if plan.account == nil { ask("user", Prose.userName, secret: false, &json) }
                if let prompt { ask("password", prompt, secret: true, &json) }
            }
            json.member("asker", origin)
            json.member("flows", [String]())
        }
    }

    private static func message(_ plan: OAuthPlan) -> SecretBytes {
        VarlinkReply.message { json in
            json.member("recipe", Recipe.oauth2)
            json.member("url", plan.url)
            json.member("statement", plan.statement)
            json.member("account", plan.entry?.session.account)
            json.array("asks") { _ in }
            // A session's own flow is the first choice.
            let own = plan.entry?.session.oauth?.flow
            let flows = plan.flows
            json.member("flows", (flows.filter { $0 == own } + flows.filter { $0 != own }).map(\.rawValue))
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
        return { [agent] () throws(Failure) in Self.message(try await agent.signIn.logIn(wish, nil), agent) }
    }

    /// A login that says what it does, and what a person has to do.
    func loginInSteps(_ parameters: JSONValue) throws(Failure) -> Handling {
        try agent.requireOpen()
        let wish = try wish(parameters)
        return try stream { [agent] emit throws(Failure) in
            let entry = try await agent.signIn.logIn(wish) { step, first in
                emit(VarlinkReply.message(continues: true) { step.write(first: first, now: agent.clock.boot(), &$0) })
            }
            return Self.message(entry, agent)
        }
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
        (wish.loginHosts, wish.asker) = try readingParameters { () throws(JSONFailure) in
            (try parameters.texts("via", limit: LoginHost.most), try parameters.optionalText("asker"))
        }
        wish.oauth = try oauthWish(parameters)
        wish.authorities = try authorities(parameters)
        if let password = wish.password, password.contains(where: { [0x00, 0x0A, 0x0D].contains($0) }) {
            throw .badSecret
        }
        return wish
    }

    private func authorities(_ parameters: JSONValue) throws(Failure) -> CertificateAuthorities? {
        let text = try readingParameters { () throws(JSONFailure) in
            // One byte more than is taken, by which a larger file is known.
            try parameters.optionalText("ca", limit: CertificateAuthorities.largest + 1)
        }
        guard let text else { return nil }
        guard let authorities = CertificateAuthorities(text) else { throw .badAuthorities }
        return authorities
    }

    private func oauthWish(_ parameters: JSONValue) throws(Failure) -> OAuthWish {
        let wish = try readingParameters { () throws(JSONFailure) in
            var wish = OAuthWish()
            if let flow = try parameters.optionalText("flow", limit: 64) {
                guard let known = OAuthUse.Flow(rawValue: flow) else { throw .member("flow") }
                wish.flow = known
            }
            wish.scopes = try parameters.texts("scope", limit: 256)
            wish.clientID = try parameters.optionalText("client_id", limit: 1024)
            wish.clientSecret = try parameters.optionalSecret("client_secret")
            return wish
        }
        guard wish.scopes.allSatisfy(Scopes.isScope) else { throw .badParameter("scope") }
        guard wish.clientSecret.map(\.isFieldValue) ?? true else { throw .badSecret }
        guard wish.clientSecret == nil || wish.clientID != nil else { throw .badParameter("client_id") }
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

    func token(_ parameters: JSONValue, _ caller: Caller) throws(Failure) -> (
        @LoopActor @Sendable () async throws(Failure) -> SecretBytes
    ) {
        try agent.requireOpen()
        let (of, minimum, header) = try readingParameters { () throws(JSONFailure) in
            (try parameters.text("of"), try parameters.optionalInteger("min_ttl"), try parameters.flag("header"))
        }
        let names = try readingParameters { () throws(JSONFailure) in try parameters.texts("sessions", limit: 64) }
        let entry = try agent.entry(of, among: names, parameters)
        try agent.requireConsent(entry, caller)
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
        VarlinkReply.message { SessionReport(agent).write("session", entry, &$0) }
    }
}
