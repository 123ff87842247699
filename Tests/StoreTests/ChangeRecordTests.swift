import Cookies
import Model
import Testing

@testable import Store

/// What is written down comes back.
struct ChangeRecordTests {
    static let token = AccessToken(
        scheme: "Bearer", value: SecretBytes("token \"secret\"\\"),
        expiry: Expiry(wall: WallInstant(seconds: 1_800_000_300), clock: clock), lifetime: 300.5)

    static let credentials: [Credential] = [
        .cookies(sessionCookie: "sessionid"), .cookies(sessionCookie: nil), .token(token), .jwt(token),
        .token(AccessToken(scheme: "Token", value: SecretBytes("opaque"))),
        .basic(user: "alice", password: SecretBytes([0x70, 0x00, 0xFF, 0xC3])),
        .header(name: "X-Api-Key", value: SecretBytes("key-secret")),
    ]

    func decoded(_ change: Change) throws -> Change {
        let changes = try ChangeRecord.decode(ChangeRecord.encode([change]), clock)
        return try #require(changes.count == 1 ? changes.first : nil)
    }

    @Test(arguments: credentials) func everyCredential(_ credential: Credential) throws {
        guard case .session(let read) = try decoded(.session(full(credential))) else { throw JSONFailure.tooDeep }
        switch (credential, read.credential) {
        case (.cookies(let a), .cookies(let b)): #expect(a == b)
        case (.token(let a), .token(let b)), (.jwt(let a), .jwt(let b)):
            #expect(a.scheme == b.scheme && a.value == b.value && a.expiry == b.expiry && a.lifetime == b.lifetime)
        case (.basic(let a, let x), .basic(let b, let y)), (.header(let a, let x), .header(let b, let y)):
            #expect(a == b && x == y)
        default: Issue.record("another kind: \(read.credential.kind)")
        }
    }

    @Test func everyFieldOfASession() throws {
        let before = try full(.cookies(sessionCookie: nil))
        guard case .session(let after) = try decoded(.session(before)) else { throw JSONFailure.tooDeep }
        #expect(after.id == before.id && after.version == 42 && after.name == before.name)
        #expect(after.account == before.account && after.space == before.space && after.recipe == before.recipe)
        #expect(after.settings == before.settings && after.created == before.created)
        #expect(after.lastUse == before.lastUse && after.needsLogin == before.needsLogin)
        #expect(after.renewalBegun && after.skew == -90)
        #expect(before.recipeCookies != nil && after.recipeCookies == before.recipeCookies)
        let (a, b) = try (#require(after.refresh), #require(before.refresh))
        #expect(a.value == b.value && a.expiry == b.expiry && a.lifetime == b.lifetime)
        #expect(a.rotations == 9 && a.lastRotation == b.lastRotation)
    }

    @Test func everyFieldOfAnOAuthSession() throws {
        let before = try full(.cookies(sessionCookie: nil))
        guard case .session(let after) = try decoded(.session(before)) else { throw JSONFailure.tooDeep }
        let (a, b) = try (#require(after.oauth), #require(before.oauth))
        #expect(a.issuer == b.issuer && a.tokenEndpoint == b.tokenEndpoint && a.jwksURI == b.jwksURI)
        #expect(a.revocationEndpoint == b.revocationEndpoint && a.endSessionEndpoint == b.endSessionEndpoint)
        #expect(a.clientID == b.clientID && a.authentication == b.authentication && a.clientSecret == b.clientSecret)
        #expect(a.registrationURI == b.registrationURI && a.registrationToken == b.registrationToken)
        #expect(a.isRegistered && a.flow == .device && a.port == 4711 && a.scopes == b.scopes)
        #expect(a.resource == b.resource && a.idToken == b.idToken && a.subject == b.subject)
        #expect(a.idTokenAlgorithms == ["RS256"])
    }

    @Test func everyFieldOfACookie() throws {
        let before = cookie("a", "cookie-secret", sequence: 3)
        let key = Cookie.Key(name: "", domain: "x.org", path: "/", isHostOnly: false)
        let change = Change.cookies(SessionID(), JarChange(set: [before], deleted: [key]))
        let changes = try ChangeRecord.decode(ChangeRecord.encode([change]), clock)
        guard case .cookies(_, let deleted) = changes.first, case .cookies(_, let set) = changes.last else {
            throw JSONFailure.tooDeep
        }
        #expect(deleted.deleted == [key])
        let after = try #require(set.set.first)
        #expect(after.key == before.key && after.value == before.value && after.isSecure && after.isHTTPOnly)
        #expect(after.sameSite == .lax && after.expiry == before.expiry && after.creation == before.creation)
        #expect(after.sequence == 3 && after.lastSet == before.lastSet)
    }

    @Test func manyCookiesAreSeveralLines() throws {
        let cookies = (0..<12_000).map { cookie("c\($0)", "v", sequence: UInt64($0)) }
        let text = ChangeRecord.encode([.cookies(SessionID(), JarChange(set: cookies))])
        let changes = try ChangeRecord.decode(text, clock)
        #expect(changes.count == 12)
        var jar = CookieJar()
        for case .cookies(_, let change) in changes { jar.apply(change) }
        #expect(jar.count == 12_000)
    }

    @Test func absurdTimesComeBackAsLimits() throws {
        var absurd = try small("absurd")
        absurd.created = WallInstant(seconds: .max)
        absurd.refresh = RefreshToken(value: SecretBytes("r"), lifetime: .infinity)
        guard case .session(let read) = try decoded(.session(absurd)) else { throw JSONFailure.tooDeep }
        #expect(read.created.seconds == 1 << 53)
        #expect(try #require(read.refresh?.lifetime) > 1e12)
    }

    @Test func unknownMembersArePassedOver() throws {
        let line = #"{"removed":{"id":"00112233445566778899aabbccddeeff","version":3,"later":[1,{"x":2}]}}"#
        let changes = try ChangeRecord.decode(SecretBytes(line), clock)
        guard case .removed(let id, let version) = changes.first else { throw JSONFailure.tooDeep }
        #expect(id.description == "00112233445566778899aabbccddeeff" && version == 3)
    }

    @Test(arguments: [
        "{}", "[]", #"{"removed":{"id":"0","version":1}}"#, #"{"session":{}}"#, #"{"cookies":{"id":7}}"#, "{\n}",
        #"{"renewal":{"id":"00112233445566778899aabbccddeeff","version":-1}}"#,
    ])
    func whatIsNoneOfOursIsRefused(_ line: String) {
        #expect(throws: JSONFailure.self) { try ChangeRecord.decode(SecretBytes(line), clock) }
    }
}

/// What changes add up to.
struct ReplayTests {
    @Test func aLowerVersionOverwritesNothing() throws {
        var replay = Replay()
        var newer = try small("a", secret: "new")
        newer.version = 5
        var older = newer
        older.version = 4
        older.account = "old"
        replay.apply(.session(newer))
        replay.apply(.session(older))
        #expect(replay.sessions.map(\.session.version) == [5])
        #expect(replay.sessions.first?.session.account == nil)
    }

    @Test func aRemovedSessionStaysRemoved() throws {
        var replay = Replay()
        var session = try small("a")
        replay.apply(.session(session))
        replay.apply(.removed(session.id, version: 1))
        session.version = 9
        replay.apply(.session(session))
        replay.apply(.cookies(session.id, JarChange(set: [cookie("a", "b")])))
        #expect(replay.sessions.isEmpty)
    }

    @Test func aRenewalWithoutAnAnswerIsRemembered() throws {
        var replay = Replay()
        var session = try small("a")
        replay.apply(.session(session))
        replay.apply(.renewalBegun(session.id, version: 1))
        #expect(replay.sessions.first?.session.renewalBegun == true)
        session.version = 2
        replay.apply(.session(session))
        #expect(replay.sessions.first?.session.renewalBegun == false)
        replay.apply(.renewalBegun(session.id, version: 1))
        #expect(replay.sessions.first?.session.renewalBegun == false)
    }

    @Test func aNewVersionKeepsTheCookies() throws {
        var replay = Replay()
        var session = try small("a")
        replay.apply(.session(session))
        replay.apply(.cookies(session.id, JarChange(set: [cookie("a", "1"), cookie("b", "2", sequence: 2)])))
        session.version = 2
        replay.apply(.session(session))
        replay.apply(.cookies(session.id, JarChange(deleted: [cookie("a", "").key])))
        #expect(replay.sessions.first?.jar.cookies.map(\.name) == ["b"])
    }
}
