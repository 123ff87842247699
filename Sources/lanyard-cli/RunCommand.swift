import ArgumentParser
import Client
import Model

/// `lanyard run`.
struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a program; its libcurl requests get the session their URL matches.",
        usage: """
            lanyard run [--session <name>] ... [--require] [--quiet] [--reveal] -- <command> ...
            lanyard run --ephemeral [--login <url>] [<options of the login>] [--session <name>] ... [--require] [--quiet] \
            [--reveal] -- <command> ...
            """,
        discussion: """
            The exit status is the program's own; 125 for a failure of Lanyard's, 126 and 127 as env(1).

            With --ephemeral, for CI: a daemon of the program's own, which keeps nothing on the disk and ends with it.
            """)

    @Option(help: "Choose among these sessions only; may be repeated.", completion: sessionNames, transform: notEmpty)
    var session: [String] = []

    @Flag(help: "Fail a request that gets no session, instead of sending it without.")
    var require = false

    @Flag(help: "Do not say what was not attached, and why.")
    var quiet = false

    @Flag(help: "Have curl -v and the like show what was attached, in place of ***.")
    var reveal = false

    @Flag(help: "Use a daemon of the program's own: sessions in memory alone, gone when the program ends.")
    var ephemeral = false

    @OptionGroup(title: "Login, with --ephemeral") var login: EphemeralLogin

    @Argument(parsing: .captureForPassthrough, help: "The program and its arguments, passed on unread.")
    var command: [String] = []

    func validate() throws {
        if !ephemeral, login.isGiven {
            throw ValidationError("the options of a login go with --ephemeral; otherwise: lanyard login")
        }
        try login.check()
    }

    func run() throws {
        let isMarked = command.first == "--"
        let program = isMarked ? command.dropFirst() : command[...]
        if !isMarked, ["--help", "-h"].contains(program.first) { throw CleanExit.helpRequest(self) }
        guard let name = program.first else { throw ValidationError("the program to run is missing") }
        guard isMarked || !name.hasPrefix("-") else { throw ValidationError("unknown option '\(name)'") }
        if ephemeral { try prepareEphemeral() }
        var request = RunRequest(Program(lastArguments: program.count))
        request.sessions = session
        request.isRequired = require
        request.isQuiet = quiet
        request.isRevealing = reveal
        throw ExitCode(request.perform { agent throws(Failure) in try agent.openExistingStore() })
    }

    /// Without its credentials the program is not what was asked for: it is not run.
    private func prepareEphemeral() throws {
        do throws(Failure) {
            try EphemeralDaemon.start()
            try login.perform(isQuiet: quiet)
        } catch {
            ErrorLine.report(error)
            throw ExitCode(RunRequest.ownFailure)
        }
    }
}

/// `lanyard curl`.
struct Curl: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The system's curl, all of its options, with your session attached.",
        usage: "lanyard curl <curl's own arguments>",
        discussion: """
            All that follows is passed on unread, --help too. LANYARD_SESSION=NAME chooses a session; so does \
            lanyard run --session NAME -- curl …
            """)

    @Argument(parsing: .captureForPassthrough, help: "What curl takes.")
    var arguments: [String] = []

    func run() throws {
        // The word `curl` itself is the program's name.
        let request = RunRequest(Program(lastArguments: arguments.count + 1))
        throw ExitCode(request.perform { agent throws(Failure) in try agent.openExistingStore() })
    }
}
