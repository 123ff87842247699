import Cookies
import EventLoop
import LoopTesting
import Model
import Store
import Testing

@testable import Daemon

/// A clock that stands still.
private let clock = Clock(wall: { WallInstant(seconds: 1000) }, boot: { BootInstant(nanoseconds: 1_000_000_000) })

/// A daemon without a store: it holds these sessions, and nothing can be made durable.
@LoopActor func agent(_ entries: SessionEntry...) throws -> Agent {
    let store = Store(folders: StoreFolders(data: "/", state: "/"), environment: StoreSettings(), clock: clock)
    let agent = try Agent(store: store, socketPath: "", clock: clock)
    agent.registry.load(entries.map { StoredSession(session: $0.session, jar: $0.jar) })
    return agent
}

/// What a request gets, and why it gets nothing.
struct AttacherTests {
    private static let place = "https://api.example.com"

    /// What a request of the session's place gets: `field: value` of each header, the cookie, or the reason for none.
    @LoopActor private static func answer(
        _ credential: Credential, method: String = "GET", session edits: [(inout Session) -> Void] = [],
        cookies: [String] = [], _ ask: (inout AttachQuestion) -> Void = { _ in }
    ) throws -> String {
        let entry = try entry("s", [place]) { session in
            session.credential = credential
            for edit in edits { edit(&session) }
        }
        entry.jar.store(setCookie: cookies.map { SecretBytes($0) }, from: try target(place + "/"), now: clock.wall())
        var question = AttachQuestion(about: try target(place + "/"), sessions: [])
        question.method = method
        ask(&question)
        switch try agent(entry).attacher.answer(question) {
        case .attached(let attached):
            let fields = attached.headers.map { "\($0.name): \($0.value.exposedText() ?? "")" }
            return (fields + [attached.cookie?.exposedText()].compactMap { $0 }).joined(separator: ", ")
        case .nothing(let nothing): return nothing.reason.rawValue
        case .waits: return "waits"
        }
    }

    private static func token(endsIn seconds: Double?) -> Credential {
        let expiry = seconds.map { Expiry(seconds: $0, after: clock.boot(), clock: clock) }
        return .token(AccessToken(scheme: "Bearer", value: SecretBytes("t"), expiry: expiry, lifetime: nil))
    }

    private static func renews(_ session: inout Session) {
        session.refresh = RefreshToken(value: SecretBytes("r"))
        session.recipe = Session.RecipeUse(
            recipe: "oauth2-refresh", url: "https://api.example.com/token", clientID: "c")
    }

    /// What a plain program would get, in a shell with `lanyard env`.
    @LoopActor private static func plain(
        _ agent: Agent, _ path: String, named names: String...
    ) throws -> Result<String, NotAttached> {
        var question = AttachQuestion(about: try target(place + path), sessions: names)
        question.isAmbient = true
        return agent.attacher.preview(question).map { $0.entry.session.name.description }
    }

    @Test func plainProgramsGetMarkedSessionsAlone() async throws {
        try await onLoop {
            let marked = try entry("marked", [Self.place]) { $0.settings.isAmbient = true }
            let other = try entry("other", [Self.place + "/deep"])
            let agent = try agent(marked, other)
            #expect(try Self.plain(agent, "/deep/er").get() == "marked")
            #expect(throws: NotAttached(.notAmbient, origin: Self.place, sessions: [other.session.name])) {
                try Self.plain(agent, "/deep", named: "other").get()
            }
            agent.registry.find(marked.session.name)?.session.settings.isAmbient = false
            #expect(
                throws: NotAttached(
                    .notAmbient, origin: Self.place, sessions: [marked.session.name, other.session.name])
            ) { try Self.plain(agent, "/deep").get() }
        }
    }

    private static func loggedOut(_ session: inout Session) {
        session.needsLogin = Session.NeedsLogin(since: clock.wall(), cause: .refreshRefused)
    }

    @Test func whatTheScriptBringsWins() async throws {
        try await onLoop {
            let header = Credential.header(name: "X-Api-Key", value: SecretBytes("k"))
            let jar = Credential.cookies(sessionCookie: "a")
            for credential in [Self.token(endsIn: nil), .basic(user: "u", password: SecretBytes("p"))] {
                let sameField = try Self.answer(credential) { $0.brought = ["authorization"] }
                #expect(sameField == "brought")
                let otherField = try Self.answer(credential) { $0.brought = ["x-api-key"] }
                #expect(otherField != "brought")
            }
            let ownHeader = try Self.answer(header) { $0.brought = ["x-api-key"] }
            #expect(ownHeader == "brought")
            // One caller, one credential.
            let otherHeader = try Self.answer(header) { $0.brought = ["authorization"] }
            #expect(otherHeader == "brought")
            for field in ["authorization", "cookie"] {
                let either = try Self.answer(jar, cookies: ["a=1"]) { $0.brought = [field] }
                #expect(either == "brought")
            }
            let otherCookie = try Self.answer(jar, cookies: ["a=1", "b=2"]) { $0.cookies = ["b"] }
            #expect(otherCookie == "a=1")
            // A session of the script's own gets no other half of ours.
            let ownSession = try Self.answer(jar, cookies: ["a=1", "b=2"]) { $0.cookies = ["a"] }
            #expect(ownSession == "brought")
        }
    }

    @Test func theScriptsOwnTokenAgainstForgedRequestsWins() async throws {
        try await onLoop {
            let cookies = ["sessionid=s", "csrftoken=c"]
            @LoopActor func post(_ brought: Set<String>) throws -> String {
                try Self.answer(
                    .cookies(sessionCookie: "sessionid"), method: "POST",
                    session: [{ $0.recipe = Session.RecipeUse(recipe: "django", url: Self.place + "/login/") }],
                    cookies: cookies
                ) { $0.brought = brought }
            }
            let ours = "X-CSRFToken: c, Referer: https://api.example.com/, sessionid=s; csrftoken=c"
            let (none, both) = (try post([]), try post(["x-csrftoken", "referer"]))
            #expect(none == ours)
            #expect(both == "sessionid=s; csrftoken=c")
        }
    }

    @Test func theTransportIsLookedAtForEachKind() async throws {
        try await onLoop {
            for credential in [Self.token(endsIn: nil), .header(name: "X-Api-Key", value: SecretBytes("k"))] {
                let unverified = try Self.answer(credential) { $0.isVerified = false }
                #expect(unverified == "unverified")
            }
            let jar = try Self.answer(.cookies(sessionCookie: "a"), cookies: ["a=1"]) { $0.host = "other.example" }
            #expect(jar == "host-header")
        }
    }

    @Test func aSessionThatNeedsALoginSendsNothing() async throws {
        try await onLoop {
            for end in [nil, -1.0] {
                let nothing = try Self.answer(Self.token(endsIn: end), session: [Self.loggedOut])
                #expect(nothing == "needs-login")
            }
            // What is left of a token's life is still of use.
            let rest = try Self.answer(Self.token(endsIn: 9), session: [Self.loggedOut])
            #expect(rest == "Authorization: Bearer t")
            let cookies = ["a=1; Max-Age=0", "b=2"]
            let endedCookie = try Self.answer(.cookies(sessionCookie: "a"), cookies: cookies)
            #expect(endedCookie == "needs-login")
        }
    }

    @Test func aTokenThatHasEndedWaitsForItsRenewal() async throws {
        try await onLoop {
            let ended = try Self.answer(Self.token(endsIn: -1), session: [Self.renews])
            #expect(ended == "waits")
            let alive = try Self.answer(Self.token(endsIn: 9), session: [Self.renews])
            #expect(alive == "Authorization: Bearer t")
            // The server decides about one that nothing can renew.
            let unrenewable = try Self.answer(Self.token(endsIn: -1))
            #expect(unrenewable == "Authorization: Bearer t")
        }
    }

    @Test func whatIsNotSaidOfTheConnectionIsUnproven() throws {
        func question(_ scheme: String, _ members: String) throws -> AttachQuestion {
            let place = #"{"scheme":"\#(scheme)","host":"127.0.0.1","port":80,"path":"/"}"#
            return try AttachQuestion(
                JSONDocument(
                    SecretBytes(
                        """
                        {"program":"p","hop":0,"method":"GET","start":\(place),"target":\(place),
                        "peer":"127.0.0.1","peer_port":80\(members)}
                        """)
                ).root)
        }
        let session = try entry("s", ["http://127.0.0.1"]).session
        #expect(TransportProof.objection(try question("https", ""), session) == .unverified)
        #expect(TransportProof.objection(try question("https", #","verified":true"#), session) == nil)
        #expect(TransportProof.objection(try question("http", ""), session) == .proxy)
        #expect(TransportProof.objection(try question("http", #","proxy":false"#), session) == nil)
    }
}
