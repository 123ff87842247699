import Model

/// What `lanyard jwt` says.
extension CommandProse {
    /// A token was given as an argument of this command.
    public static func tokenInArguments(_ command: String) -> Failure {
        Failure(
            .usage, "that is no session's name; a token is read from stdin, as others can see the command line",
            mend: "lanyard jwt \(command) < token.txt")
    }

    /// A text is no JWT.
    public static func noJWT() -> Failure {
        Failure(
            .usage, "that is no JWT: three parts of base64url with dots between them, the first two JSON objects",
            mend: "an opaque token has nothing to read in it")
    }

    /// The session has no JWT.
    public static func hasNoJWT(_ session: SessionView) -> Failure {
        Failure(.usage, "\"\(session.name)\" sends no JWT", mend: "lanyard show \(session.name)")
    }

    package static let jwtHeader = "header"
    package static let jwtClaims = "claims"
    package static let jwtSignature = "signature"

    /// What a decoded token is worth.
    package static func unchecked(algorithm: String) -> String {
        "\(shown(algorithm)), not checked: this is what the token says, whoever wrote it"
    }

    /// What a verified token is worth.
    package static func checked(algorithm: String, key: String?, of source: String) -> String {
        let name = key.map { "key \"\(shown($0))\"" } ?? "the key"
        return "\(shown(algorithm)), valid: made with \(name) of \(shown(source))"
    }

    /// A claim of a JWT (RFC 7519, 4.1), one that is a time as a time.
    /// - Parameter relative: how far off it is, too.
    package static func claim(_ name: String, _ value: JSONValue, _ time: TimePhrase, relative: Bool) -> String {
        if ["exp", "iat", "nbf", "auth_time"].contains(name), let seconds = value.number, abs(seconds) < 1e11 {
            let moment = WallInstant(seconds: Int64(seconds.rounded(.down)))
            return relative ? end(moment, time) : time.moment(moment, exact: true)
        }
        return shown((value.string ?? list(value) ?? value.source.exposedText() ?? "").prefix(200))
    }

    /// The texts of an array of texts, `aud` say.
    private static func list(_ value: JSONValue) -> String? {
        guard let elements = value.elements, !elements.isEmpty else { return nil }
        let texts = elements.compactMap(\.string)
        return texts.count == elements.count ? texts.joined(separator: ",") : nil
    }
}
