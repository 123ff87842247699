import Model

/// What `lanyard doctor` says, by the rules of ``Prose``.
public enum DoctorProse {
    /// The folders are closed to others.
    public static let foldersArePrivate = "your own, and closed to others"
    /// The daemon that answers.
    public static func daemon(since: WallInstant?, version: String, socket: String) -> String {
        let time = TimePhrase(now: Clock.system.wall())
        let running = since.map { "running since \(time.moment($0, exact: true)), " } ?? ""
        return "\(running)version \(shown(version)), socket \(shown(socket))"
    }
    /// Its version is another.
    public static let mendVersion = "lanyard daemon reload"
    /// The store is open.
    public static func storeIsOpen(_ sessions: Int64) -> String {
        "open, \(sessions == 1 ? "1 session" : "\(sessions) sessions")"
    }
    /// There is nothing to open.
    public static let noVaultYet = "there is none yet; the first login makes it"
    /// How memory can be locked.
    public static let mendMemory = "ulimit -l 65536, then: lanyard daemon stop"
    /// A session that only a person can mend.
    public static func needsLogin(_ name: String) -> String { "\"\(shown(name))\" needs a login" }
    /// The command for it.
    public static func login(_ name: String, wasAdded: Bool) -> String {
        wasAdded ? "lanyard show \(shown(name)), then add it anew" : "lanyard login \(shown(name))"
    }
    /// The clock is not a server's.
    public static func skew(_ seconds: Int64, _ name: String) -> String {
        "\(abs(seconds)) s \(seconds > 0 ? "behind" : "ahead of") the server of \"\(shown(name))\""
    }
    /// How a clock is set.
    public static let mendClock = "timedatectl set-ntp true"
    /// The clock is the servers'.
    public static let clockIsRight = "as the servers' that sessions are from"
    /// The daemon outlives the login.
    public static let lingers = "lanyardd stays when you log out"
    /// It does not.
    public static let doesNotLinger = "lanyardd ends when you log out; cron jobs go without"

    /// There is no such program.
    public static let notFound = "is not found in PATH"
    /// What to do then.
    public static let mendNotFound = "give its path"
    /// There is nothing at the path.
    public static let isNotThere = "is not there"
    /// A file that cannot be run.
    public static let isNotExecutable = "is not executable"
    /// A folder.
    public static let isFolder = "is a folder"
    /// What to do where it is no program.
    public static let mendNoProgram = "name a program: lanyard doctor -- curl"
    /// A script whose interpreter is missing.
    public static func hasNoInterpreter(_ name: String) -> String {
        "is a script for \(shown(name)), which is not there"
    }
    /// What to do then.
    public static let mendInterpreter = "install that, or put the script's first line right"
    /// It cannot be read.
    public static let cannotBeRead = "cannot be read"
    /// The loader takes no library for it.
    public static let hasPrivileges = "runs with privileges (set-user-id or capabilities): no library is loaded into it"
    /// A script.
    public static func isScript(_ interpreter: String) -> String {
        "is a script for \(shown(interpreter)): each program in it that uses libcurl is served"
    }
    /// Neither a script nor an executable.
    public static let isNoProgram = "is neither a script nor a program of Linux"
    /// Another machine's.
    public static let otherMachine = "is for another kind of machine than the preload library"
    /// A static program.
    public static let isStatic =
        "is a static program: no library can be loaded into it, so that its requests get no session"
    /// A static program of Go's.
    public static let isStaticGo = "is a static Go program: it does not use libcurl"
    /// A program of Go's.
    public static let isGo = "is a Go program: it does not use libcurl"
    /// Not the GNU C library's.
    public static func otherLoader(_ path: String) -> String {
        "uses \(shown(path)), which is not the GNU C library's loader"
    }
    /// It may load libcurl by itself.
    public static let mayLoadLate = "is served once it loads a libcurl of 7.80 or later (pycurl, curl-cffi, php-curl)"
    /// No libcurl.
    public static let hasNoLibcurl = "does not use libcurl itself, and is not served; programs that it starts are"
    /// No libcurl, and nothing to do with it: it starts others.
    public static let startsOthers = "does not use libcurl itself; each program it starts that does is served"
    /// git without its HTTP transport.
    public static let gitHasNoHTTP = "has no git-remote-http, which speaks http and https for it"
    /// What to install.
    public static let mendGit = "install git whole"
    /// git with it.
    public static func throughItsTransport(_ text: String) -> String { "\(text), in its git-remote-http" }
    /// A libcurl that says no version.
    public static func unknownLibcurl(_ path: String) -> String { "uses \(shown(path)), whose version cannot be told" }
    /// It is served.
    public static func isServed(_ version: String) -> String { "libcurl \(shown(version))" }
    /// It is not.
    public static func isTooOld(_ version: String) -> String { "uses libcurl \(shown(version)), and 7.80 is needed" }
    /// What a program that is not served can be given.
    public static func instead(_ program: String) -> String {
        let name = program.split(separator: "/").last.map(String.init) ?? program
        let variable = ["gh": "GH_TOKEN", "hub": "GITHUB_TOKEN", "glab": "GITLAB_TOKEN", "tea": "GITEA_SERVER_TOKEN"][
            name]
        return variable.map { "\($0)=$(lanyard token NAME) \(name) …" }
            ?? "where it calls web APIs, give it a token in the way it takes one: $(lanyard token NAME)"
    }

    /// There is no curl.
    public static let noCurl = "there is no curl in PATH to try it with"
    /// What to do then.
    public static let mendNoCurl = "install curl, or: lanyard doctor -- PROGRAM"
    /// curl does not ask.
    public static func doesNotAsk(_ curl: String) -> String { "\(shown(curl)) does not ask for a session" }
    /// What to look at.
    public static let mendDoesNotAsk = "look whether something else is in LD_PRELOAD; lanyard doctor -- curl says more"
    /// curl asks.
    public static func works(_ curl: String, _ version: String) -> String { "works with \(shown(curl)) (\(version))" }

    /// How many are not as they should be; nil where all are.
    public static func sum(warnings: Int, failures: Int) -> String? {
        let parts = [
            failures == 0 ? nil : failures == 1 ? "1 failure" : "\(failures) failures",
            warnings == 0 ? nil : warnings == 1 ? "1 warning" : "\(warnings) warnings",
        ].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    private static func shown(_ text: String) -> String { Prose.printable(text) }
}
