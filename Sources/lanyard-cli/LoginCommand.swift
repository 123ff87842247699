import ArgumentParser
import Client
import Model
import Prose

/// `lanyard login`.
struct Login: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Log in to a site and keep the session.",
        discussion: """
            With a URL, the site is asked how it logs in: by a form, by a token endpoint, or by OAuth with your browser \
            or, without a display, with a code to enter elsewhere. With the name of a session, it is logged in to again as that \
            session was made. What the login needs is asked on the terminal.
            """)

    @Argument(help: "A URL, or the name of a session.", completion: sessionNames)
    var place: String

    @Option(help: "Keep the session under this name instead of one made from the host.")
    var name: String?

    @Option(
        help: "How the site logs in, instead of finding out: oauth2, or a name of lanyard recipe list.",
        completion: recipeNames, transform: notEmpty)
    var recipe: String?

    @Option(
        name: [.long, .customLong("account")], help: "The user name; OAuth: the account, which the server is told.",
        transform: notEmpty)
    var user: String?

    @Option(name: .customLong("for"), help: "Send the session to this origin too, besides the URL's; may be repeated.")
    var places: [String] = []

    @Option(
        name: .customLong("via"),
        help: "Let the login pass through this other origin, where the site sends you to log in; may be repeated.",
        transform: notEmpty)
    var loginHosts: [String] = []

    @Option(help: "OAuth: browser, device (a code to enter elsewhere) or client-credentials.")
    var flow: Flow?

    @Option(help: "OAuth: a scope to ask for instead of those the site names; may be repeated.", transform: notEmpty)
    var scope: [String] = []

    @Option(
        name: .customLong("client-id"), help: "OAuth: the client to be, instead of registering one.",
        transform: notEmpty)
    var clientID: String?

    @Flag(
        name: [.customLong("client-secret-stdin"), .customLong("client-secret")],
        help: "OAuth: read the client's secret from stdin.")
    var clientSecretStdin = false

    @Option(
        help: "Verify the site's certificates against those in this file alone; kept with the session.",
        completion: .file(extensions: ["pem", "crt"]), transform: notEmpty)
    var ca: String?

    @Flag(help: "Read the password from stdin.")
    var passwordStdin = false

    @Flag(
        name: .shortAndLong,
        help: "Say on stderr what servers are asked to find out how they log in, and what they answer.")
    var verbose = false

    @Flag(help: "Never ask; fail where something would have to be asked.")
    var noInteractive = false

    @OptionGroup var result: ResultOptions

    func validate() throws {
        if clientSecretStdin, passwordStdin { throw ValidationError("stdin holds one secret, not two") }
        if clientSecretStdin, clientID == nil {
            throw ValidationError("--client-secret-stdin goes with --client-id; the secret itself is read from stdin")
        }
        guard !isURL, name != nil || recipe != nil || !places.isEmpty || !loginHosts.isEmpty else { return }
        throw ValidationError(
            "--name, --recipe, --for and --via go with a URL; a session is logged in to as it was made")
    }

    func run() throws {
        // Before anything is looked at or asked.
        if let name, SessionName(name) == nil { throw Failure.badName }
        let given = passwordStdin ? try secret("password") : nil
        let clientSecret = clientSecretStdin ? try secret("client's secret") : nil
        let authorities = try ca.map { path throws(Failure) in
            try TextFile.read(path, largest: CertificateAuthorities.largest)
        }
        var agent = try Agent.reach()
        let found = try discover(&agent, authorities)
        let steps = LoginSteps(isJSON: result.json)
        if let statement = found["statement"]?.string { try steps.say(statement) }
        let flow = try flow(among: found["flows"].flatMap { $0.elements?.compactMap(\.string) } ?? [])
        let answers = try answers(to: found, password: given)
        let session = try agent.withOpenStore(making: true) { agent throws(Failure) in
            try agent.session(.login, inSteps: { step throws(Failure) in try steps.take(step) }) { json in
                writePlace(authorities, &json)
                json.member("name", name)
                json.member("user", answers.user)
                json.member("password", answers.password)
                // Nobody else gets it than the one that was asked about; where nobody could say no, none but who was named.
                json.member("asker", given == nil ? found["asker"]?.string : nil)
                json.member("flow", flow)
                json.member("client_secret", clientSecret)
            }
        }
        let hint = result.json ? nil : CommandProse.tryCurl(session, isChosen: isChosen(session, &agent))
        try result.write(session, [CommandProse.loggedIn(session), hint].compactMap(\.self))
    }

    /// Whether a request to the session's place gets it without its being named: another may be for there too.
    private func isChosen(_ session: SessionView, _ agent: inout Agent) -> Bool {
        guard let url = CommandProse.tryURL(session),
            let answer = try? agent.call(
                .explain,
                { json in
                    json.member("url", url)
                    json.member("sessions", [String]())
                })
        else { return true }
        let chosen = answer["session"]?.string
        // Nothing may be chosen for another reason than that, which a request is told.
        return chosen == session.name || (chosen == nil && answer["reason"]?.string != "ambiguous")
    }

    private var isURL: Bool { place.contains("://") }

    private func discover(_ agent: inout Agent, _ authorities: SecretBytes?) throws(Failure) -> JSONValue {
        guard isURL || SessionName(place) != nil else {
            throw place.isEmpty ? CommandProse.noPlace : CommandProse.isNoSession(place, again("https://" + place))
        }
        do {
            return try agent.withOpenStore(making: true) { agent throws(Failure) in
                let write: (inout JSONWriter) -> Void = { json in
                    writePlace(authorities, &json)
                    // Where a flow is asked for, it has to be OAuth.
                    json.member("flow", flow?.rawValue)
                    // Other hosts may know another.
                    json.member("user", user)
                }
                guard verbose else { return try agent.call(.discover, write) }
                return try agent.call(
                    .discover,
                    inSteps: { step throws(Failure) in
                        ErrorLine.say(step["text"]?.string ?? "")
                        return nil
                    }, write)
            }
        } catch {
            guard !isURL, error.code == .noMatch, place.contains("."), !place.hasPrefix("/") else { throw error }
            throw CommandProse.looksLikeHost(error, again("https://" + place))
        }
    }

    /// The command line that logs in to `place` with the options that were given, all but `--no-interactive`.
    private func again(_ place: String) -> String {
        let values: [(String, [String])] = [
            ("--name", [name].compactMap(\.self)), ("--recipe", [recipe].compactMap(\.self)),
            ("--user", [user].compactMap(\.self)), ("--for", places),
            ("--flow", [flow?.rawValue].compactMap(\.self)), ("--scope", scope),
            ("--client-id", [clientID].compactMap(\.self)), ("--ca", [ca].compactMap(\.self)),
        ]
        let flags = [
            ("--client-secret-stdin", clientSecretStdin), ("--password-stdin", passwordStdin), ("--verbose", verbose),
            ("--json", result.json),
        ]
        let words = values.flatMap { option, values in values.flatMap { [option, $0] } } + flags.filter(\.1).map(\.0)
        return CommandProse.commandLine(["lanyard", "login", place] + words)
    }

    private func writePlace(_ authorities: SecretBytes?, _ json: inout JSONWriter) {
        json.member("url", isURL ? place : nil)
        json.member("session", isURL ? nil : place)
        json.member("recipe", recipe)
        json.member("for", places)
        json.member("via", loginHosts)
        json.member("scope", scope.flatMap { $0.split(separator: " ").map(String.init) })
        json.member("client_id", clientID)
        json.member("ca", authorities)
    }

    private func secret(_ name: String) throws(Failure) -> SecretBytes? {
        try SecretInput.lines(of: SecretInput.readAll(), names: [name]).first
    }

    /// The flow that suits this terminal; nil where the login is not by OAuth.
    private func flow(among offered: [String]) throws(Failure) -> String? {
        guard let first = offered.first else { return nil }
        let needsNobody = Flow.clientCredentials.rawValue
        if self.flow == .clientCredentials || (self.flow == nil && !isURL && first == needsNobody) {
            return needsNobody
        }
        guard !noInteractive else { throw CommandProse.loginNeedsPerson(again(place)) }
        let wanted = flow ?? (Browser.isHere ? .browser : .device)
        // One that the person asked for is refused by the daemon where the server has no such flow.
        if flow != nil || offered.contains(wanted.rawValue) { return wanted.rawValue }
        return first
    }

    /// What the login asks for, as given on the command line or asked on the terminal.
    private func answers(
        to found: JSONValue, password given: SecretBytes?
    ) throws(Failure) -> (user: String?, password: SecretBytes?) {
        var user = user ?? found["account"]?.string
        var password = given
        for ask in found["asks"]?.elements ?? [] {
            let field = ask["field"]?.string ?? ""
            let question = CommandProse.question(ask["prompt"]?.string ?? field)
            switch field {
            case "user" where user == nil: user = try terminal(field).ask(question)
            case "password" where password == nil: password = try terminal(field).askSecret(question)
            case "user", "password": break
            default: throw CommandProse.unknownQuestion(field)
            }
        }
        return (user, password)
    }

    private func terminal(_ field: String) throws(Failure) -> Terminal {
        guard !noInteractive, let terminal = Terminal() else { throw CommandProse.nobodyToAsk(field) }
        return terminal
    }
}

/// The flows of OAuth, as `--flow` names them.
enum Flow: String, ExpressibleByArgument, CaseIterable {
    case browser, device
    case clientCredentials = "client-credentials"
}
