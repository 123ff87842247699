import Model

/// What an OAuth session is renewed and ended with, as a member of a session's record.
enum OAuthRecord {
    static func write(_ use: OAuthUse, _ json: inout JSONWriter) {
        json.object("oauth") { json in
            json.member("issuer", use.issuer)
            json.member("token", use.tokenEndpoint)
            if let url = use.revocationEndpoint { json.member("revocation", url) }
            if let url = use.endSessionEndpoint { json.member("endSession", url) }
            if let url = use.jwksURI { json.member("jwks", url) }
            if let names = use.idTokenAlgorithms { json.member("algorithms", names) }
            json.member("client", use.clientID)
            json.member("authentication", use.authentication)
            if let secret = use.clientSecret { json.secret("clientSecret", secret) }
            if let uri = use.registrationURI { json.member("registration", uri) }
            if let token = use.registrationToken { json.secret("registrationToken", token) }
            json.member("registered", use.isRegistered)
            json.member("flow", use.flow.rawValue)
            if let port = use.port { json.member("port", port) }
            json.member("scopes", use.scopes)
            if let resource = use.resource { json.member("resource", resource) }
            if let token = use.idToken { json.secret("idToken", token) }
            if let subject = use.subject { json.member("subject", subject) }
        }
    }

    static func read(_ json: JSONValue?) throws(JSONFailure) -> OAuthUse? {
        guard let json else { return nil }
        guard let flow = OAuthUse.Flow(rawValue: try json.text("flow")) else { throw .member("flow") }
        var use = OAuthUse(
            issuer: try json.text("issuer", limit: .max), tokenEndpoint: try json.text("token", limit: .max),
            clientID: try json.text("client", limit: .max), authentication: try json.text("authentication"),
            clientSecret: try optionalSecret("clientSecret", json), flow: flow,
            scopes: try json.texts("scopes", limit: .max), resource: try json.optionalText("resource", limit: .max))
        use.revocationEndpoint = try json.optionalText("revocation", limit: .max)
        use.endSessionEndpoint = try json.optionalText("endSession", limit: .max)
        use.jwksURI = try json.optionalText("jwks", limit: .max)
        use.idTokenAlgorithms = json["algorithms"] == nil ? nil : try json.texts("algorithms", limit: .max)
        use.registrationURI = try json.optionalText("registration", limit: .max)
        use.registrationToken = try optionalSecret("registrationToken", json)
        use.isRegistered = try json.flag("registered")
        use.port = try json.optionalInteger("port").flatMap(UInt16.init(exactly:))
        use.idToken = try optionalSecret("idToken", json)
        use.subject = try json.optionalText("subject", limit: .max)
        return use
    }

    private static func optionalSecret(_ name: String, _ json: JSONValue) throws(JSONFailure) -> SecretBytes? {
        json[name] == nil ? nil : try json.storedSecret(name)
    }
}
