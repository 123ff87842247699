import Model

/// Failures of logins by OAuth.
extension Failure {
    /// The server, or the person at it, said no.
    public static func oauthRefused(_ server: String, _ cause: String, session: SessionName?) -> Failure {
        let whose = session.map { "\"\($0)\": " } ?? ""
        return Failure(
            .loginNeeded, "\(whose)\(Prose.printable(server)): \(cause)", session: session,
            mend: session.map { "lanyard login \($0)" } ?? "try again")
    }

    /// The login was broken off, because somebody may be cheating.
    public static func oauthUnsafe(_ server: String, _ cause: String, session: SessionName?) -> Failure {
        let whose = session.map { "\"\($0)\": " } ?? ""
        return Failure(
            .refused, "\(whose)\(Prose.printable(server)): \(cause)", session: session,
            mend: "what it sent was not kept; ask the people who run it")
    }

    /// Nobody waits for the login any more.
    public static let loginGivenUp = Failure(.loginNeeded, "the login was given up", mend: "try again")

    /// The browser did not come back.
    public static func loginTooLate(minutes: Int) -> Failure {
        Failure(.loginNeeded, "nobody finished the login within \(minutes) minutes", mend: "try again")
    }

    /// The login shows things to a person, and the caller cannot.
    public static let loginNeedsSteps = Failure(
        .loginNeeded, "this login needs a person with a browser", mend: "log in at a terminal")

    /// A server has no client for us, and registers none.
    public static func needsClient(_ server: String) -> Failure {
        Failure(
            .loginNeeded, "\(Prose.printable(server)) does not register clients by itself",
            mend: "register one there, with http://127.0.0.1/callback to return to, and add: --client-id ID")
    }

    /// The flow cannot be had here.
    public static func noFlow(_ flow: String, _ server: String, offers: [String]) -> Failure {
        Failure(
            .usage, "\(Prose.printable(server)) does not offer the flow \(Prose.printable(flow))",
            mend: offers.isEmpty ? "lanyard add" : "one of: \(offers.joined(separator: ", "))")
    }

    /// The client's own credentials are what this flow is about.
    public static let needsClientSecret = Failure(
        .usage, "the flow client-credentials needs a client and its secret",
        mend: "add: --client-id ID --client-secret-stdin")

    /// The listener for the browser could not be had.
    public static func noListener(_ reason: String) -> Failure {
        Failure(.internal, "no port for the browser to come back to: \(reason)")
    }

    /// The person logged in as somebody else.
    public static func otherAccount(_ name: SessionName) -> Failure {
        Failure(
            .refused, "that is another account than \"\(name)\" is for", session: name,
            mend: "log out there first, or keep both: lanyard login URL --name NAME")
    }

    /// The person logged in as somebody else than they had said.
    public static func notThatAccount(_ found: String, wanted: String) -> Failure {
        Failure(
            .refused, "that is \(Prose.printable(found)), and not \(Prose.printable(wanted))",
            mend: "log out there first, or say the account that you mean: lanyard login URL --account NAME")
    }

    /// What was given as certificates is none.
    public static let badAuthorities = Failure(
        .usage, "--ca: there is no certificate in that file, or more than \(CertificateAuthorities.largest >> 10) KiB",
        mend: "give a file of certificates in PEM, which begin with -----BEGIN CERTIFICATE-----")

    /// An ID token that is not to be believed.
    public static func badIDToken(_ server: String, _ cause: String, session: SessionName?) -> Failure {
        oauthUnsafe(server, "its ID token is refused: \(cause)", session: session)
    }
}

/// What is said while a login by OAuth goes on.
extension Prose {
    /// Where the site says to log in.
    public static func logInAt(_ site: String, _ issuer: String, by source: String) -> String {
        "\(site) says: log in at \(printable(issuer)) (\(source))"
    }
    /// What was asked and answered; `words` are what was of note in it.
    public static func traced(_ method: String, _ place: String, _ status: Int, _ words: [String]) -> String {
        let note = words.isEmpty ? "" : " (\(words.map(printable).joined(separator: ", ")))"
        return "\(method) \(printable(place)): \(status)\(note)"
    }
    /// The person's own table says it.
    public static func clientIsKnown(_ issuer: String) -> String {
        "your clients.toml says: log in at \(printable(issuer))"
    }
    /// The address is that of the authorization server itself.
    public static func isIssuer(_ issuer: String, by source: String) -> String {
        "\(printable(issuer)) is an OAuth server (\(source))"
    }
    /// A session's own server.
    public static func logInAgainAt(_ issuer: String) -> String { "logging in at \(printable(issuer)) again" }
    /// The client that was registered is gone.
    public static let clientForgotten =
        "the server no longer knows the client that was registered there; once more with another"
    /// A client was registered.
    public static func registered(isPublic: Bool) -> String {
        "registered Lanyard there as a \(isPublic ? "public client" : "client with a secret") (RFC 7591)"
    }

    // What the page in the browser says; sentences of their own there.

    /// The browser's page: it went well.
    public static let pageDone = "You are logged in. You can close this page."
    /// It did not.
    public static let pageFailed = "The login did not work; the terminal says why. You can close this page."
    /// Another answer was first.
    public static let pageTooLate = "Another answer to this login came first. You can close this page."
    /// There is nothing.
    public static let pageNotHere = "There is nothing here."
}

/// What went wrong between us and an OAuth server, to stand after its name and a colon.
extension Prose {
    static let triedPlaces = "/.well-known/oauth-authorization-server and /.well-known/openid-configuration"
    /// No metadata.
    public static let noOAuthMetadata = "it does not describe itself as an OAuth server (tried \(triedPlaces))"
    /// The metadata are another's.
    public static func wrongIssuer(_ found: String) -> String {
        "its metadata say that it is \(printable(found)), which may be a mix-up of servers"
    }
    /// The resource's metadata are another's.
    public static func wrongResource(_ found: String) -> String {
        "its metadata are about \(printable(found)), which is not what was asked for"
    }
    /// The resource names no server.
    public static let noAuthorizationServer = "its metadata name no server to log in at"
    /// An endpoint is missing.
    public static func noEndpoint(_ name: String) -> String { "its metadata name no \(name)" }
    /// An endpoint is plain http.
    public static func insecureEndpoint(_ name: String) -> String {
        "its \(name) is not https, so that everyone on the way could read the login"
    }
    /// No PKCE.
    public static let noPKCE = "it does not know PKCE with S256, without which a stolen code is a login"
    /// The state is wrong.
    public static let wrongState = "what the browser came back with belongs to another login (state)"
    /// The issuer in the answer is wrong.
    public static let wrongAnswerIssuer = "what the browser came back with is of another server (iss)"
    /// The userinfo are another's.
    public static let wrongSubject = "what it says of the account is about somebody else than the ID token"
    /// Neither code nor error.
    public static let unreadableAnswer = "what the browser came back with is neither a code nor an error"
    /// Too late.
    public static let codeExpired = "the code was not entered in time"
    /// A redirect.
    public static let redirectedEndpoint = "it sends what is secret on to another address, which is not followed"
    /// The person said no.
    public static let accessDenied = "access was denied there"
    /// The scope.
    public static let invalidScope = "it does not give the scopes that were asked for (--scope)"
    /// The client.
    public static let clientRefused = "it does not know this client, or does not let it do this"
    /// The code.
    public static let codeRefused = "it does not take the code of this login"
    /// The resource.
    public static let invalidTarget = "it gives no tokens for this address"
    /// Its own trouble.
    public static let serverTrouble = "the server has trouble of its own"
    /// The registration.
    public static let registrationRefused =
        "it does not register Lanyard as a client; to use one of your own: --client-id ID"
    /// Another error.
    public static func oauthError(_ code: String) -> String { "it refused the login (\(code))" }
}

/// Logouts.
extension Prose {
    /// What was revoked.
    public static func toldToRevoke(_ issuer: String, refresh: Bool, access: Bool) -> String {
        let what = [refresh ? "the refresh token" : nil, access ? "the access token" : nil].compactMap(\.self)
        return "told \(printable(issuer)) to revoke \(what.joined(separator: " and "))"
    }
    /// A token could not be revoked.
    public static func notRevoked(_ issuer: String, _ cause: String) -> String {
        "\(printable(issuer)) did not revoke all it gave (\(cause)): what is left stays valid there until it ends"
    }
    /// There is no way to revoke.
    public static func cannotRevoke(_ issuer: String) -> String {
        "\(printable(issuer)) has no way to revoke tokens: what it gave stays valid there until it ends"
    }
    /// The client is deleted.
    public static let clientDeleted = "deleted the client that Lanyard had registered there"
    /// The client could not be deleted.
    public static func clientNotDeleted(_ cause: String) -> String {
        "the client that Lanyard had registered there could not be deleted (\(cause))"
    }
    /// Why: the server knows its token no longer.
    public static let clientTokenRefused = "the server did not take its token; it may be gone already"
    /// The client cannot be deleted.
    public static func clientStays(_ id: String) -> String {
        "the client \(printable(id)) that Lanyard had registered there stays: the server offers no way to delete it"
    }
    /// The provider was asked to end its session.
    public static func toldToEndSession(_ issuer: String) -> String {
        "asked \(printable(issuer)) to end its own session; your browser may still be logged in there"
    }
    /// It did not.
    public static func sessionStays(_ issuer: String) -> String {
        "\(printable(issuer)) did not end its own session: your browser may still be logged in there"
    }
}

/// Why an ID token is not believed (OpenID Connect Core, 3.1.3.7), to stand after "is refused: ".
extension Prose {
    /// The signature.
    public static let idTokenSignature = "it is not signed by a key of that server"
    /// The keys.
    public static let idTokenNoKeys = "the server publishes no keys to check it with"
    /// What is where the keys should be.
    public static let noKeySet = "the answer is not a set of keys"
    /// The nonce.
    public static let idTokenNonce = "it is of another login (nonce)"
    /// Another claim.
    public static func idTokenClaim(_ name: String) -> String { "its \(printable(name)) is missing or wrong" }
}
