import ArgumentParser
import Client
import Model
import Prose

/// `lanyard add`.
struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Keep a credential you already have.",
        discussion: """
            The secret is asked on the terminal or read from stdin, never taken from the command line, which other \
            users can read.

              lanyard add ci --for https://ci.example.com --header X-Api-Key < key.txt
            """)

    @Argument(help: "The session's name.")
    var name: String

    @Option(name: .customLong("for"), help: "Send it to this origin, scheme://host[:port][/path]; may be repeated.")
    var places: [String] = []

    @OptionGroup(title: "Kinds, one of")
    var kind: CredentialKind

    @Option(help: "When it ends: seconds from now, or a time as RFC 3339 has it.", transform: notEmpty)
    var expires: String?

    @Flag(help: "A refresh token follows on a second line; it needs the two options below.")
    var refreshToken = false

    @Option(help: "The URL that takes the refresh token.", transform: notEmpty)
    var tokenEndpoint: String?

    @Option(help: "The OAuth client that the refresh token was given to.", transform: notEmpty)
    var clientID: String?

    mutating func validate() throws {
        guard !places.isEmpty else { throw ValidationError("where it may be sent is missing: --for ORIGIN") }
        guard refreshToken == (tokenEndpoint != nil), refreshToken == (clientID != nil) else {
            throw ValidationError("--refresh-token, --token-endpoint and --client-id go together")
        }
        guard expires == nil || kind.takesExpiry else {
            throw ValidationError("--expires goes with --bearer, --token and --cookie alone")
        }
        guard !refreshToken || kind.takesRefreshToken else {
            throw ValidationError("--refresh-token goes with --bearer or --token alone")
        }
    }

    @OptionGroup var result: ResultOptions

    func run() throws {
        // Before a secret is asked for.
        guard SessionName(name) != nil else { throw Failure.badName }
        let secrets = try secrets()
        var agent = try Agent.reach()
        let session = try agent.withOpenStore(making: true) { agent throws(Failure) in
            try agent.session(.add) { json in
                json.member("name", name)
                json.member("for", places)
                json.member("kind", kind.word)
                json.member("label", kind.label)
                json.member("secret", secrets[0])
                json.member("expires", expires)
                json.member("refresh_token", secrets.count > 1 ? secrets[1] : nil)
                json.member("token_endpoint", tokenEndpoint)
                json.member("client_id", clientID)
            }
        }
        try result.write(session, [CommandProse.kept(session)])
    }

    /// The credential, and the refresh token after it.
    private func secrets() throws(Failure) -> [SecretBytes] {
        let names = [kind.secretName] + (refreshToken ? ["refresh token"] : [])
        if kind.cookieJar {
            guard !SecretInput.isTerminal else { throw CommandProse.jarFromTerminal() }
            return [try SecretInput.text(SecretInput.readAll(), name: kind.secretName)]
        }
        guard SecretInput.isTerminal, let terminal = Terminal() else {
            return try SecretInput.lines(of: SecretInput.readAll(), names: names)
        }
        var secrets: [SecretBytes] = []
        for name in names {
            secrets.append(try SecretInput.checked(terminal.askSecret(CommandProse.askSecret(name)), name: name))
        }
        return secrets
    }
}

/// What kind of credential `add` keeps: exactly one of its options.
struct CredentialKind: ParsableArguments {
    @Flag(help: "A token, sent as Authorization: Bearer …")
    var bearer = false

    @Option(help: ArgumentHelp("A token, sent as Authorization: SCHEME …", valueName: "scheme"))
    var token: String?

    @Option(help: ArgumentHelp("The password of this user, sent as Authorization: Basic …", valueName: "user"))
    var basic: String?

    @Option(help: ArgumentHelp("The value of this header field.", valueName: "name"))
    var header: String?

    @Option(help: ArgumentHelp("The value of this cookie.", valueName: "name"))
    var cookie: String?

    @Flag(help: "A Netscape cookie file.")
    var cookieJar = false

    mutating func validate() throws {
        let given = [bearer, token != nil, basic != nil, header != nil, cookie != nil, cookieJar].count { $0 }
        guard given == 1 else {
            throw ValidationError(
                "exactly one of --bearer, --token, --basic, --header, --cookie and --cookie-jar says what it is")
        }
    }

    /// The kind's word in the protocol.
    var word: String {
        if bearer { return "bearer" }
        if token != nil { return "token" }
        if basic != nil { return "basic" }
        if header != nil { return "header" }
        return cookie != nil ? "cookie" : "cookiejar"
    }

    /// The scheme, user, field or cookie that the kind asks for.
    var label: String? { token ?? basic ?? header ?? cookie }

    /// What the secret is called when it is asked for.
    var secretName: String {
        if bearer || token != nil { return "token" }
        if basic != nil { return "password" }
        return header ?? cookie ?? "cookie file"
    }

    /// Whether its end can be told; a file tells that itself.
    var takesExpiry: Bool { bearer || token != nil || cookie != nil }

    var takesRefreshToken: Bool { bearer || token != nil }
}
