import Model

/// What is said of an issuer of tokens and its keys.
extension Failure {
    /// A text is no issuer.
    public static var noIssuer: Failure {
        Failure(
            .usage, "an issuer is a URL without user, query and fragment",
            mend: "take it from the token, where it is called iss: lanyard jwt decode")
    }

    /// An issuer over plain http on another machine.
    public static var plainIssuer: Failure {
        Failure(
            .refused, "keys that come over plain http could be anybody's",
            mend: "name the issuer with https, or a file with its keys: --jwks FILE")
    }

    /// There is no metadata.
    public static func noIssuerMetadata(_ site: String) -> Failure {
        Failure(
            .networkFailed, "\(site) says nothing of an issuer there (OpenID Discovery, RFC 8414)",
            mend: "check the address, or name a file with its keys: --jwks FILE")
    }

    /// The metadata is another issuer's.
    public static func otherIssuer(_ site: String) -> Failure {
        Failure(
            .networkFailed, "what \(site) says is about another issuer",
            mend: "give the issuer exactly as the token has it, to the last slash: lanyard jwt decode")
    }

    /// The metadata leads to no keys.
    public static func noKeys(_ site: String) -> Failure {
        Failure(
            .networkFailed, "\(site) has no keys where they should be",
            mend: "try again later, or name a file with its keys: --jwks FILE")
    }
}
