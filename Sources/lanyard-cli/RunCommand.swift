import ArgumentParser
import Client
import Model

/// `lanyard run`.
struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a program; its libcurl requests get the session their URL matches.",
        usage: "lanyard run [--session <name>] ... [--require] [--quiet] -- <command> ...",
        discussion: "The exit status is the program's own; 125 for a failure of Lanyard's, 126 and 127 as env(1).")

    @Option(help: "Choose among these sessions only; may be repeated.", completion: sessionNames)
    var session: [String] = []

    @Flag(help: "Fail a request that gets no session, instead of sending it without.")
    var require = false

    @Flag(help: "Do not say what was not attached, and why.")
    var quiet = false

    @Argument(parsing: .captureForPassthrough, help: "The program and its arguments, passed on unread.")
    var command: [String] = []

    func run() throws {
        let isMarked = command.first == "--"
        let program = isMarked ? command.dropFirst() : command[...]
        if !isMarked, ["--help", "-h"].contains(program.first) { throw CleanExit.helpRequest(self) }
        guard let name = program.first else { throw ValidationError("the program to run is missing") }
        guard isMarked || !name.hasPrefix("-") else { throw ValidationError("unknown option '\(name)'") }
        var request = RunRequest(Program(lastArguments: program.count))
        request.sessions = session
        request.isRequired = require
        request.isQuiet = quiet
        throw ExitCode(request.perform { agent throws(Failure) in try agent.openExistingStore() })
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
