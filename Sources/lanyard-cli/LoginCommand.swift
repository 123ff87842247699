import ArgumentParser
import Client
import Model
import Prose

/// `lanyard login`.
struct Login: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Log in to a site and keep the session.",
        discussion: """
            With a URL, the site is asked how it logs in. With the name of a session, it is logged in to again as that \
            session was made. What the login needs is asked on the terminal.
            """)

    @Argument(help: "A URL, or the name of a session.", completion: sessionNames)
    var place: String

    @Option(help: "Keep the session under this name instead of one made from the host.")
    var name: String?

    @Option(
        help: "How the site logs in, instead of finding out: a name of lanyard recipe list.", completion: recipeNames)
    var recipe: String?

    @Option(help: "The user name.")
    var user: String?

    @Option(name: .customLong("for"), help: "Send the session to this origin too, besides the URL's; may be repeated.")
    var places: [String] = []

    @Flag(help: "Read the password from stdin.")
    var passwordStdin = false

    @Flag(help: "Never ask; fail where something would have to be asked.")
    var noInteractive = false

    @OptionGroup var result: ResultOptions

    func validate() throws {
        guard !isURL, name != nil || recipe != nil || !places.isEmpty else { return }
        throw ValidationError("--name, --recipe and --for go with a URL; a session is logged in to as it was made")
    }

    func run() throws {
        let given = passwordStdin ? try SecretInput.lines(of: SecretInput.readAll(), names: ["password"]).first : nil
        var agent = try Agent.reach()
        let found = try discover(&agent)
        if !result.json, let statement = found["statement"]?.string { try Output.write(shown(statement) + "\n") }
        let answers = try answers(to: found, password: given)
        let session = try agent.withOpenStore(making: true) { agent throws(Failure) in
            try agent.session(.login) { json in
                writePlace(&json)
                json.member("name", name)
                json.member("user", answers.user)
                json.member("password", answers.password)
            }
        }
        try result.write(session, [CommandProse.loggedIn(session)] + (CommandProse.tryCurl(session).map { [$0] } ?? []))
    }

    private var isURL: Bool { place.contains("://") }

    private func discover(_ agent: inout Agent) throws(Failure) -> JSONValue {
        guard isURL || SessionName(place) != nil else { throw CommandProse.isNoSession(place) }
        do {
            return try agent.withOpenStore(making: true) { agent throws(Failure) in
                try agent.call(.discover) { writePlace(&$0) }
            }
        } catch {
            guard !isURL, error.code == .noMatch, place.contains("."), !place.hasPrefix("/") else { throw error }
            throw CommandProse.looksLikeHost(error, place)
        }
    }

    private func writePlace(_ json: inout JSONWriter) {
        json.member("url", isURL ? place : nil)
        json.member("session", isURL ? nil : place)
        json.member("recipe", recipe)
        json.member("for", places)
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
