import ArgumentParser
import Client
import Model
import Prose

/// The login of `lanyard run --ephemeral`, before the program is started: nobody is asked.
struct EphemeralLogin: ParsableArguments {
    @Option(help: "Log in there first.", transform: notEmpty)
    var login: String?

    @Option(help: "How the site logs in, instead of finding out.", completion: recipeNames, transform: notEmpty)
    var recipe: String?

    @Option(name: .customLong("for"), help: "Send the session to this origin too; may be repeated.")
    var places: [String] = []

    @Option(
        name: .customLong("via"), help: "Let the login pass through this other origin; may be repeated.",
        transform: notEmpty)
    var loginHosts: [String] = []

    @Option(help: "The user name; the password is read from stdin with --password-stdin.", transform: notEmpty)
    var user: String?

    @Flag(help: "Read the password from stdin.")
    var passwordStdin = false

    @Option(name: .customLong("client-id"), help: "OAuth, client credentials: the client.", transform: notEmpty)
    var clientID: String?

    @Option(
        help: "OAuth, client credentials: the file with the client's secret.", completion: .file(), transform: notEmpty)
    var clientSecretFile: String?

    @Option(help: "OAuth: a scope to ask for instead of those the site names; may be repeated.", transform: notEmpty)
    var scope: [String] = []

    @Option(
        help: "Verify the site's certificates against those in this file alone.",
        completion: .file(extensions: ["pem", "crt"]), transform: notEmpty)
    var ca: String?

    /// Whether any of these is given.
    var isGiven: Bool {
        login != nil || recipe != nil || !places.isEmpty || !loginHosts.isEmpty || user != nil || passwordStdin
            || clientID != nil
            || clientSecretFile != nil || !scope.isEmpty || ca != nil
    }

    /// Refuses options that do not go together.
    func check() throws {
        if isGiven, login == nil { throw ValidationError("these options need --login URL: where to log in") }
        if clientSecretFile != nil, clientID == nil {
            throw ValidationError("--client-secret-file goes with --client-id")
        }
        if (user != nil) != passwordStdin { throw ValidationError("--user and --password-stdin go together") }
        if passwordStdin, clientSecretFile != nil {
            throw ValidationError("--password-stdin and --client-secret-file do not go together")
        }
        if login != nil, !passwordStdin, clientSecretFile == nil {
            throw ValidationError(
                "nobody is asked: add --client-id and --client-secret-file, or --user and --password-stdin")
        }
    }

    /// Logs in to the daemon that this process speaks to, and says so on stderr.
    func perform(isQuiet: Bool) throws(Failure) {
        guard let login else { return }
        let secret = try clientSecretFile.map { path throws(Failure) in
            try SecretInput.file(path, name: "client's secret")
        }
        let password =
            passwordStdin ? try SecretInput.lines(of: SecretInput.readAll(), names: ["password"]).first : nil
        let authorities = try ca.map { path throws(Failure) in
            try TextFile.read(path, largest: CertificateAuthorities.largest)
        }
        var agent = try Agent.reach()
        let steps = LoginSteps(isJSON: true)
        let session = try agent.session(.login, inSteps: { step throws(Failure) in try steps.take(step) }) { json in
            json.member("url", login)
            json.member("recipe", recipe)
            json.member("for", places)
            json.member("via", loginHosts)
            json.member("scope", scope.flatMap { $0.split(separator: " ").map(String.init) })
            json.member("user", user)
            json.member("password", password)
            json.member("client_id", clientID)
            json.member("client_secret", secret)
            json.member("ca", authorities)
            json.member("flow", secret == nil ? nil : Flow.clientCredentials.rawValue)
        }
        if !isQuiet { ErrorLine.say(CommandProse.loggedIn(session)) }
    }
}
