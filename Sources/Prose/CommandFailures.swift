import Model

/// The failures that a command finds by itself, before or without the daemon.
extension CommandProse {
    // MARK: the daemon

    package static func foreignDaemon(_ path: String, user: UInt32) -> Failure {
        Failure(
            .refused, "the daemon at \(path) is that of user \(user), not yours",
            mend: "look who made it: ls -l \(path)")
    }

    package static func cannotConnect(_ path: String, _ reason: String) -> Failure {
        Failure(.noDaemon, "cannot connect to \(path): \(lowered(reason))")
    }

    package static func socketPathTooLong(_ path: String) -> Failure {
        Failure(
            .usage, "the socket's path is longer than 107 bytes: \(path)", mend: "set LANYARD_SOCKET to a shorter one")
    }

    package static func daemonNotThere(_ path: String) -> Failure {
        Failure(.noDaemon, "the daemon was started, but does not listen at \(path)", mend: "lanyard daemon start")
    }

    package static func noSocketFolder(_ folder: String) -> Failure {
        Failure(
            .noDaemon,
            "the folder of LANYARD_SOCKET, \(shown(folder)), is not there: that of lanyard run --ephemeral goes with its program",
            mend: "unset LANYARD_SOCKET")
    }

    package static func noDaemonProgram() -> Failure {
        Failure(.noDaemon, "no daemon answers, and lanyardd is not installed beside this program")
    }

    package static func cannotStartDaemon(_ reason: String) -> Failure {
        Failure(.noDaemon, "the daemon cannot be started: \(lowered(reason))")
    }

    /// `said` is what the daemon wrote on stderr; its first line says why.
    package static func daemonDidNotStart(_ said: String) -> Failure {
        let lines = said.split(separator: "\n").map { line in
            line.hasPrefix("lanyardd: ") ? line.dropFirst("lanyardd: ".count) : line
        }
        let reason = lines.first.map { ": " + $0 } ?? ""
        return Failure(.noDaemon, "the daemon does not start\(reason)", mend: lines.count > 1 ? String(lines[1]) : nil)
    }

    package static func daemonTooSlow(log: String) -> Failure {
        Failure(.noDaemon, "the daemon does not answer after 5 s", mend: "look into its log: \(log)")
    }

    package static func daemonHungUp(log: String) -> Failure {
        Failure(.noDaemon, "the daemon ended before it answered", mend: "try again; its log may say why: \(log)")
    }

    package static func daemonIsLate(_ pid: Int32) -> Failure {
        Failure(.noDaemon, "the daemon does not answer in time", mend: "where it hangs for good: kill -9 \(pid)")
    }

    /// The daemon did not end when it was told to.
    public static func daemonDoesNotEnd(_ pid: Int64) -> Failure {
        Failure(.noDaemon, "the daemon has not ended within 50 s", mend: "run: kill \(pid)")
    }

    /// The answer is not what this version's interface says.
    public static func notOurDaemon() -> Failure {
        Failure(.otherProtocol, "what answers at the socket is no daemon of this version", mend: "lanyard daemon stop")
    }

    package static func otherDaemon(version: String?) -> Failure {
        let which =
            switch version {
            case nil: "of another version"
            case Lanyard.version: "another build"
            case let version?: "of version \(version)"
            }
        return Failure(
            .otherProtocol, "the running daemon is \(which), this is \(Lanyard.version)", mend: "lanyard daemon stop")
    }

    // MARK: programs and files

    package static func noCompleteCommand() -> Failure {
        Failure(.internal, "lanyard-cli is not installed beside this program")
    }

    package static func cannotRunCompleteCommand(_ path: String, _ reason: String) -> Failure {
        Failure(.internal, "cannot run \(path): \(lowered(reason))")
    }

    package static func noPreloadLibrary() -> Failure {
        Failure(.internal, "liblanyard-preload.so is not installed beside this program")
    }

    package static func preloadPathUnusable(_ path: String) -> Failure {
        Failure(.internal, "a library cannot be preloaded from a path with a colon or a space: \(path)")
    }

    package static func cannotWrite(_ reason: String) -> Failure {
        Failure(.internal, "cannot write the output: \(lowered(reason))")
    }

    // MARK: secrets

    package static func secretMissing(_ name: String) -> Failure {
        Failure(.usage, "no \(name) was given", mend: "write it to stdin, or run this at a terminal to be asked")
    }

    package static func secretHasLines(_ name: String) -> Failure {
        Failure(.usage, "the \(name) has a line break in it", mend: "give it as one line")
    }

    package static func secretHasControls(_ name: String) -> Failure {
        Failure(.usage, "the \(name) has a CR, LF or NUL in it, which no request can carry")
    }

    package static func secretIsNotText(_ name: String) -> Failure { Failure(.usage, "the \(name) is not UTF-8") }

    package static func tooLong() -> Failure {
        Failure(.usage, "that is more than 1 MiB, and more than the daemon takes")
    }

    package static func nothingAnswered(_ prompt: String) -> Failure {
        let question = prompt.split(separator: ":").first?.split(separator: " (").first ?? ""
        return Failure(.usage, "nothing was given as \(question)")
    }

    package static func terminalFails(_ reason: String) -> Failure {
        Failure(.internal, "the terminal cannot be kept from echoing: \(lowered(reason))")
    }

    package static func noPassphraseForVault() -> Failure {
        Failure(
            .storeLocked, "a vault needs a passphrase, and nobody can be asked for it here",
            mend: "in a terminal: lanyard store move vault, or set LANYARD_PASSPHRASE_FILE")
    }

    /// No passphrase for a new vault was chosen.
    package static func noPassphrase() -> Failure {
        Failure(.storeLocked, "no passphrase was chosen, so there is no vault yet", mend: "lanyard unlock")
    }

    /// A jar was to come from a terminal.
    public static func jarFromTerminal() -> Failure {
        Failure(.usage, "a cookie jar is read from stdin", mend: "add: < cookies.txt")
    }

    // MARK: login

    /// The login needs an answer, and nobody may be asked.
    public static func nobodyToAsk(_ field: String) -> Failure {
        switch field {
        case "user": Failure(.usage, "the login needs a user name, and nobody can be asked", mend: "add: --user NAME")
        default:
            Failure(
                .usage, "the login needs a \(field), and nobody can be asked",
                mend: "write it to stdin, and add: --password-stdin")
        }
    }

    /// The login asks for something this version cannot give.
    public static func unknownQuestion(_ field: String) -> Failure {
        Failure(
            .otherProtocol, "the login asks for \"\(field)\", which this version does not know",
            mend: "lanyard daemon stop")
    }

    /// The login is at a page, and nobody may be asked to go there.
    /// - Parameter again: the command line of that login, for a terminal.
    public static func loginNeedsPerson(_ again: String) -> Failure {
        Failure(
            .loginNeeded, "the login is in a browser, and nobody can be asked to go there",
            mend: "in a terminal: \(again)")
    }

    /// What was pasted is no answer to this login.
    public static let isNoAnswer = Failure(
        .usage, "that is not the address that this login's page ends at",
        mend: "it begins with http://127.0.0.1 and has the code in it; try again")

    /// Nothing was given to log in to.
    public static let noPlace = Failure(
        .usage, "what to log in to is missing",
        mend: "a site or a session: lanyard login https://HOST, lanyard login NAME")

    /// What was given is neither a session nor a URL.
    /// - Parameter again: the command line with the URL that it may be.
    public static func isNoSession(_ text: String, _ again: String) -> Failure {
        Failure(.usage, "\"\(shown(text))\" is no session and no URL", mend: again)
    }

    /// No session is named like that, but it looks like a host.
    /// - Parameter again: the command line with the host's URL.
    public static func looksLikeHost(_ failure: Failure, _ again: String) -> Failure {
        Failure(failure.code, failure.message, mend: "if it is a site: \(again)")
    }
}
