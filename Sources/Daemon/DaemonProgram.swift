import CLinux
import EventLoop
import Glibc
import Model
import Prose
import Store
import Varlink

/// The program `lanyardd`: options, hardening, socket, and the loop until it is told to stop.
public enum DaemonProgram {
    private struct Options {
        var socket: String?
        var detach = false
    }

    /// Runs the daemon; returns its exit status.
    public static func main(_ arguments: [String]) -> Int32 {
        let options: Options
        switch read(arguments) {
        case .success(let value): options = value
        case .failure(let early):
            print(early.text, to: early.status == 0 ? STDOUT_FILENO : STDERR_FILENO)
            return early.status
        }
        guard hasFolders() else {
            print("lanyardd: \(Prose.noHome)", to: STDERR_FILENO)
            return 1
        }
        lanyard_no_backtraces(1)
        umask(0o077)
        cleanEnvironment()
        makePathsAbsolute()
        if lanyard_forbid_cores() != 0 { print("lanyardd: \(Failure.words(errno: errno))", to: STDERR_FILENO) }
        let path = SocketPath.find(named: options.socket.map { Environment.absolute($0) })
        let notification = ServiceNotification.take(isService: !options.detach)
        let report = options.detach ? Detachment.detach() : nil
        let state = Environment.folder("XDG_STATE_HOME", orHome: ".local/state")
        let log = options.detach ? logFile(state) : Log(clock: .system)
        return serve(path, state, log, report, notification)
    }

    /// Whether it is known where things are kept: without a home they would land in the file system's root.
    private static func hasFolders() -> Bool {
        func isPath(_ name: String) -> Bool { Environment.value(name)?.hasPrefix("/") ?? false }
        return isPath("HOME") || isPath("XDG_DATA_HOME") && isPath("XDG_STATE_HOME")
    }

    private static func serve(
        _ path: SocketPath, _ state: String, _ log: Log, _ report: Detachment.Report?,
        _ notification: ServiceNotification
    ) -> Int32 {
        func fail(_ message: String) -> Int32 {
            log.write(message)
            report?.failed(message)
            return 1
        }
        do {
            guard let socket = try ListeningSocket.inherited(path) ?? ownSocket(path) else {
                // The other daemon is as good as this one.
                guard let report else { return fail(Failure.daemonRunsAlready(path.text).message) }
                report.ready()
                return 0
            }
            let daemon = DaemonRun(
                socket: socket, path: path.text, stateFolder: state, log: log, report: report,
                notification: notification)
            try EventLoop.run { await daemon.start() }
            return daemon.hasFailed.load(ordering: .relaxed) ? 1 : 0
        } catch let failure as Failure {
            return fail(failure.message)
        } catch {
            return fail("\(error)")
        }
    }

    /// Our socket; nil where another daemon listens.
    ///
    /// One that has the lock and does not listen is about to, or about to end: what comes of it is waited for.
    private static func ownSocket(_ path: SocketPath) throws(Failure) -> ListeningSocket? {
        for _ in 0..<triesForSocket {
            do throws(ListeningSocket.Refusal) { return try ListeningSocket.make(path) } catch {
                if case .failed(let failure) = error { throw failure }
            }
            if isAnswered(path) { return nil }
            usleep(pauseForSocket)
        }
        throw .daemonDoesNotListen(path.text)
    }

    /// Tries for the socket, and the pause between two in microseconds: 4 s in all, as callers wait for 5.
    private static let triesForSocket = 400
    private static let pauseForSocket: UInt32 = 10_000

    private static func isAnswered(_ path: SocketPath) -> Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        // A Swift string is lent to C as a path for the length of the call.
        return unsafe lanyard_connect(descriptor, path.text) == 0
    }

    private static func logFile(_ state: String) -> Log {
        // The parents are the person's own; one that is missing is made as the XDG specification says, 0700.
        var path = ""
        for part in state.split(separator: "/") {
            path += "/" + part
            // As above.
            unsafe mkdir(path, 0o700)
        }
        return Log(path: state + "/lanyardd.log", clock: .system)
    }

    /// A daemon started from a shell under `lanyard run` must not ask itself: it starts anew without the library.
    private static func cleanEnvironment() {
        // OpenSSL would write the keys of our connections there.
        unsafe unsetenv("SSLKEYLOGFILE")
        let preloaded = (Environment.value("LD_PRELOAD") ?? "").split { $0 == ":" || $0 == " " }
        let others = preloaded.filter { !$0.hasSuffix("/liblanyard-preload.so") }
        guard others.count < preloaded.count else { return }
        // Before there are threads.
        unsafe setenv("LD_PRELOAD", others.joined(separator: ":"), 1)
        lanyard_exec_self()
    }

    /// Paths that a person wrote from where they stood still mean the same once the daemon has gone to `/`.
    private static func makePathsAbsolute() {
        for name in ["LANYARD_SOCKET", "LANYARD_PASSPHRASE_FILE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"] {
            guard let path = Environment.value(name) else { continue }
            // Before there are threads.
            unsafe setenv(name, Environment.absolute(path), 1)
        }
    }

    private struct Early: Error {
        let text: String
        let status: Int32
    }

    private static func read(_ arguments: [String]) -> Result<Options, Early> {
        var options = Options()
        var rest = arguments.dropFirst()
        while let argument = rest.popFirst() {
            switch argument {
            case "--help": return .failure(Early(text: Prose.lanyarddUsage, status: 0))
            case "--version":
                return .failure(Early(text: "lanyardd \(Lanyard.version)\n\(CommandProse.versions)", status: 0))
            case "--detach": options.detach = true
            case "--socket":
                guard let path = rest.popFirst(), !path.isEmpty else {
                    return .failure(Early(text: "lanyardd: \(Prose.missingValue(argument))", status: 64))
                }
                options.socket = path
            default: return .failure(Early(text: "lanyardd: \(Prose.unknownOption(argument))", status: 64))
            }
        }
        return .success(options)
    }

    private static func print(_ text: String, to descriptor: Int32) {
        let bytes = Array((text + "\n").utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
    }
}
