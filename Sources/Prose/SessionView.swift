import Model

/// A session as the daemon tells of it, every text made fit to be shown.
public struct SessionView: Sendable {
    /// Its name.
    public let name: String
    package let kind: String
    /// Its protection space.
    public let places: [String]
    /// The state's word, `needs-login`.
    package let state: String
    package let expires: WallInstant?
    /// How many seconds what is sent lived for when it was new.
    package let lifetime: Int64?
    /// Nil for a credential the person brought.
    package let recipe: String?
    /// The user at the server.
    public let account: String?
    package let header: String?
    package let renews: Bool
    package let since: WallInstant?
    /// Plain programs get it, in a shell with `lanyard env`.
    package let isAmbient: Bool
    /// It is taken where another is equally good.
    package let isDefault: Bool
    /// It is sent although TLS verification is off.
    package let insecure: Bool
    /// The person is asked before a program gets it for the first time.
    package let confirms: Bool
    /// The session as the daemon wrote it.
    package let source: JSONValue

    /// Reads a session; nil where it is none.
    public init?(_ value: JSONValue) {
        guard let name = value["name"]?.string, let kind = value["kind"]?.string, let state = value["state"]?.string,
            let places = try? value.texts("for")
        else { return nil }
        self.name = shown(name)
        self.kind = shown(kind)
        self.state = shown(state)
        self.places = places.map { shown($0) }
        expires = value["expires"]?.instant
        lifetime = value["lifetime"]?.integer
        recipe = value["recipe"]?.shownText
        account = value["account"]?.shownText
        header = value["header"]?.shownText
        renews = value["renews"]?.bool ?? false
        since = value["since"]?.instant
        let settings = value["settings"]
        isAmbient = settings?["ambient"]?.bool ?? false
        isDefault = settings?["default"]?.bool ?? false
        insecure = settings?["insecure"]?.bool ?? false
        confirms = settings?["confirm"]?.bool ?? false
        source = value
    }

    /// Whether it does nothing until a person logs in.
    package var needsPerson: Bool { state == "needs-login" }
}

extension JSONValue {
    /// A text made fit to be shown; nil for another type.
    package var shownText: String? { string.map { shown($0) } }

    /// The moment that RFC 3339 text stands for; nil for any other value.
    package var instant: WallInstant? { string.flatMap(WallInstant.init(rfc3339:)) }
}

/// What `lanyard list` and `lanyard show` say to scripts; the manual page documents each member.
extension SessionView {
    private static let listed = ["name", "kind", "for", "state", "expires", "recipe", "account", "last_use"]

    private func writeListed(_ json: inout JSONWriter) {
        for name in Self.listed { json.member(name, source[name]) }
    }

    /// The array of `lanyard list --json`.
    public static func json(of sessions: [SessionView]) -> SecretBytes {
        var json = JSONWriter()
        json.array { json in
            for session in sessions { json.object { session.writeListed(&$0) } }
        }
        return json.finish()
    }

    /// The session as an element of that array.
    public func json() -> SecretBytes {
        var json = JSONWriter()
        json.object { writeListed(&$0) }
        return json.finish()
    }

    /// The object of `lanyard show --json`: what `list` says, and what `details` adds to it.
    public func json(details: JSONValue) -> SecretBytes {
        var json = JSONWriter()
        json.object { json in
            writeListed(&json)
            json.member("settings", source["settings"])
            for (name, value) in details.members ?? [] where !Self.listed.contains(name) { json.member(name, value) }
            // Its time is in what `list` says; here is all of it.
            if let use = details["last_use"] { json.member("last_request", use) }
        }
        return json.finish()
    }
}
