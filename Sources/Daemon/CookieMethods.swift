import Cookies
import EventLoop
import Model
import Prose
import Varlink

/// The methods that look into a session's jar and change it by hand.
extension AgentService {
    /// So many cookies are one message: with names and values of 4 KiB, each character escaped, about 600 KiB.
    private static let cookiesPerMessage = 64

    func cookies(_ parameters: JSONValue, more: Bool, _ caller: Caller) throws(Failure) -> [SecretBytes] {
        let entry = try jarEntry(parameters)
        let reveal = try readingParameters { () throws(JSONFailure) in try parameters.flag("reveal") }
        if reveal { try agent.requireConsent(entry, caller) }
        let now = agent.clock.wall()
        let all = entry.jar.cookies
        let told = more ? all[...] : all.prefix(Self.cookiesPerMessage)
        return VarlinkReply.messages(told, perMessage: Self.cookiesPerMessage) { part, json in
            json.array("cookies") { json in
                for cookie in part { json.object { cookie.write(reveal: reveal, now, &$0) } }
            }
            json.member("count", all.count)
        }
    }

    func setCookie(_ parameters: JSONValue) throws(Failure) -> (
        @LoopActor @Sendable () async throws(Failure) -> SecretBytes
    ) {
        let entry = try jarEntry(parameters)
        let wish = try CookieWish(parameters, agent.places, agent.clock)
        return { [agent] () throws(Failure) in
            let change = try await agent.registry.changeJar(entry) { jar throws(Failure) in
                try wish.put(into: &jar, of: entry.session, now: agent.clock.wall())
            }
            return Self.message(change.set.map(\.key), entry, agent)
        }
    }

    func deleteCookies(_ parameters: JSONValue) throws(Failure) -> (
        @LoopActor @Sendable () async throws(Failure) -> SecretBytes
    ) {
        let entry = try jarEntry(parameters)
        let which = try CookieChoice(parameters)
        return { [agent] () throws(Failure) in
            let change = try await agent.registry.changeJar(entry) { jar throws(Failure) in
                let chosen = jar.cookies.filter { which.names($0, agent.clock.wall()) }.map(\.key)
                guard !chosen.isEmpty || which.name == nil else {
                    throw Failure.noCookie(entry.session.name, which.name ?? "")
                }
                return jar.delete(chosen)
            }
            return Self.message(change.deleted, entry, agent)
        }
    }

    /// The session of a call, which has to have a jar.
    func jarEntry(_ parameters: JSONValue) throws(Failure) -> SessionEntry {
        try agent.requireOpen()
        let entry = try agent.registry.entry(try parameters.sessionName())
        guard case .cookies = entry.session.credential else {
            throw .noJar(entry.session.name, entry.session.credential.kind)
        }
        return entry
    }

    /// So many of the cookies concerned are named; more is a list that nobody reads.
    private static let mostNamed = 100

    private static func message(_ keys: [Cookie.Key], _ entry: SessionEntry, _ agent: Agent) -> SecretBytes {
        VarlinkReply.message { json in
            SessionReport(agent).write("session", entry, &json)
            json.member("count", keys.count)
            json.array("changed") { json in
                for key in keys.prefix(mostNamed) {
                    json.object { json in
                        json.member("name", key.name)
                        json.member("domain", key.domain)
                        json.member("host_only", key.isHostOnly)
                        json.member("path", key.path)
                    }
                }
            }
        }
    }
}

extension Cookie {
    fileprivate func write(reveal: Bool, _ now: WallInstant, _ json: inout JSONWriter) {
        json.member("name", name)
        json.member("domain", domain)
        json.member("host_only", isHostOnly)
        json.member("path", path)
        json.member("expires", expiry?.rfc3339)
        json.member("expired", isExpired(at: now))
        json.member("secure", isSecure)
        json.member("http_only", isHTTPOnly)
        json.member("same_site", sameSite == .unset ? nil : sameSite.rawValue)
        json.member("partition", partition)
        json.member("value_bytes", value.count)
        if reveal { json.bytes("value", value) }
    }
}

/// Which cookies of a jar are meant.
struct CookieChoice {
    /// The name; nil for any.
    let name: String?
    private let domain: String?
    private let path: String?
    private let isExpired: Bool

    init(_ json: JSONValue) throws(Failure) {
        (name, domain, path, isExpired) = try readingParameters { () throws(JSONFailure) in
            (
                try json.optionalText("name"), try json.optionalText("domain", limit: 256),
                try json.optionalText("path"), try json.flag("expired")
            )
        }
    }

    /// It says which of several.
    var isNarrow: Bool { domain != nil || path != nil }

    func names(_ cookie: Cookie, _ now: WallInstant) -> Bool {
        name.map { cookie.name.hasSameBytes(as: $0) } ?? true
            // `.example.com` is how a jar's file writes it.
            && domain.map { cookie.domain.hasSameBytes(as: $0.hasPrefix(".") ? String($0.dropFirst()) : $0) } ?? true
            && path.map { cookie.path.hasSameBytes(as: $0) } ?? true
            && (!isExpired || cookie.isExpired(at: now))
    }
}

/// A cookie as a person sets it: the value of one that is there, or a new one.
struct CookieWish {
    private let choice: CookieChoice
    private let name: String
    private let value: SecretBytes
    private let place: Place?
    private let expiry: WallInstant?

    init(_ json: JSONValue, _ reader: PlaceReader, _ clock: Clock) throws(Failure) {
        choice = try CookieChoice(json)
        let (name, value, place, expires) = try readingParameters { () throws(JSONFailure) in
            (
                try json.text("name"), try json.optionalSecret("value"), try json.optionalText("for"),
                try json.optionalText("expires")
            )
        }
        guard let value, value.isFieldValue else { throw .badSecret }
        self.name = name
        self.value = value
        self.place = try place.map { text throws(Failure) in try reader.read(text) }
        expiry = try expires.map { text throws(Failure) in
            guard let moment = clock.moment(text) else { throw .badMoment }
            guard moment > clock.wall() else { throw .expiresInThePast }
            return moment
        }
    }

    /// Gives the cookie of that name its new value, all else as the server set it; or sets a new one, for each place of
    /// the session or the one that was named.
    func put(into jar: inout CookieJar, of session: Session, now: WallInstant) throws(Failure) -> JarChange {
        let there = place == nil ? jar.cookies.filter { choice.names($0, now) && !$0.isExpired(at: now) } : []
        guard there.count < 2 else { throw .severalCookies(session.name, name, there.count) }
        // Who names one that is not there has mistaken it: a new one would go elsewhere.
        guard there.count == 1 || !choice.isNarrow else { throw .noCookie(session.name, name) }
        let places = try places(session)
        do throws(CookieRefusal) {
            if let cookie = there.first { return try jar.set(value, of: cookie, expiry: expiry, now: now) }
            var change = JarChange()
            for place in places {
                change.set += try jar.add(name: name, value: value, place: place, expiry: expiry, now: now).set
            }
            return change
        } catch {
            throw .badCookie(name, error)
        }
    }

    private func places(_ session: Session) throws(Failure) -> [Place] {
        guard let place else { return session.space.places }
        // Beyond its places a session's cookies are sent nowhere.
        guard session.space.includes(originOf: place) else {
            throw .notFor(session.name, place.description)
        }
        return [place]
    }
}
