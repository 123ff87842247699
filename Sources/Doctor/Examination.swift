import Client
import Glibc
import Model
import Prose
import Varlink

/// Looks at all that Lanyard needs on this machine, and says what is wrong and what mends it.
public struct Examination {
    private let socket: SocketPath

    /// An examination of the daemon that listens at `socket`, which is started where none does.
    public init(at socket: SocketPath = .find()) { self.socket = socket }

    /// What was found, in the order in which one thing needs another.
    public func findings() -> [Finding] {
        var findings = folders()
        do throws(Failure) {
            var agent = try Agent.reach(at: socket)
            let status = try agent.call(.status) { $0.member("look", true) }
            findings += daemon(status) + store(&agent, status) + memory(status) + files(status)
            findings += (try? sessions(&agent)) ?? []
        } catch {
            findings.append(Finding("daemon", error))
        }
        return findings + [PreloadCheck().finding()] + [linger()].compactMap { $0 }
    }

    private func folders() -> [Finding] {
        var folders = [
            Environment.folder("XDG_DATA_HOME", orHome: ".local/share"),
            Environment.folder("XDG_STATE_HOME", orHome: ".local/state"),
        ]
        if let folder = socket.folder { folders.insert(folder, at: 0) }
        let wrong = folders.compactMap { FolderCheck($0).finding() }
        return wrong.isEmpty ? [Finding(.ok, "folders", DoctorProse.foldersArePrivate)] : wrong
    }

    private func daemon(_ status: JSONValue) -> [Finding] {
        let running = DoctorProse.daemon(
            since: status["started"]?.instant, version: status["version"]?.string ?? "?", socket: socket.text)
        if status["protocol"]?.integer != Int64(Lanyard.protocolVersion) {
            return [Finding(.fail, "daemon", running, mend: DoctorProse.mendVersion)]
        }
        let isSame = status["version"]?.string == Lanyard.version
        return [Finding(isSame ? .ok : .warn, "daemon", running, mend: isSame ? nil : DoctorProse.mendVersion)]
    }

    /// The store, and what the daemon warns of about it.
    private func store(_ agent: inout Agent, _ status: JSONValue) -> [Finding] {
        let kind = status["store"]?["kind"]?.string.map { $0 == "secret-service" ? "keyring" : $0 } ?? "store"
        do throws(Failure) { _ = try agent.call(.list) } catch {
            if error.lock == .newVault { return [Finding(.ok, kind, DoctorProse.noVaultYet)] }
            return [Finding(kind, error)]
        }
        let warnings = (status["store_warnings"]?.elements ?? []).compactMap(\.string)
        guard warnings.isEmpty else { return warnings.map { Finding(.warn, kind, $0) } }
        return [Finding(.ok, kind, DoctorProse.storeIsOpen(status["sessions"]?.integer ?? 0))]
    }

    /// What else the daemon warns of, but for memory: mistakes in the person's files.
    private func files(_ status: JSONValue) -> [Finding] {
        let warnings = (status["warnings"]?.elements ?? []).compactMap(\.string)
        return warnings.filter { $0 != Prose.memoryNotLocked }.map {
            Finding(.warn, "files", $0, mend: Prose.mendFile)
        }
    }

    private func memory(_ status: JSONValue) -> [Finding] {
        if status["memory_locked"]?.bool == true { return [] }
        return [Finding(.warn, "memory", Prose.memoryNotLocked, mend: DoctorProse.mendMemory)]
    }

    /// The clock against the servers of the sessions, and who has to log in again.
    private func sessions(_ agent: inout Agent) throws(Failure) -> [Finding] {
        var views: [SessionView] = []
        try agent.call(.list) { answer in
            views += (answer["sessions"]?.elements ?? []).compactMap { SessionView($0) }
        }
        var findings: [Finding] = []
        var skewed: (name: String, seconds: Int64)?
        for view in views {
            let answer = try agent.call(.show) { json in
                json.member("session", view.name)
                json.member("reveal", false)
            }
            if let skew = answer["details"]?["skew"]?.integer, abs(skew) > Self.mostSkew { skewed = (view.name, skew) }
            if view.state == "needs-login" {
                findings.append(
                    Finding(
                        .warn, "session", DoctorProse.needsLogin(view.name),
                        mend: DoctorProse.login(view.name, wasAdded: view.recipe == nil)))
            }
        }
        let clock = skewed.map {
            Finding(.warn, "clock", DoctorProse.skew($0.seconds, $0.name), mend: DoctorProse.mendClock)
        }
        return findings + [clock ?? Finding(.ok, "clock", DoctorProse.clockIsRight)]
    }

    /// Above so many seconds a clock is told to be wrong, as `show` has it.
    private static let mostSkew: Int64 = 60

    /// Whether the daemon outlives the login, where systemd runs; nil where it does not.
    private func linger() -> Finding? {
        guard unsafe access("/run/systemd/system", F_OK) == 0 else { return nil }
        // getpwuid's record is the C library's until the next call; the name is copied at once.
        guard let record = unsafe getpwuid(getuid()), let name = unsafe record.pointee.pw_name else { return nil }
        let user = unsafe String(cString: name)
        if unsafe access("/var/lib/systemd/linger/\(user)", F_OK) == 0 {
            return Finding(.ok, "linger", DoctorProse.lingers)
        }
        return Finding(.warn, "linger", DoctorProse.doesNotLinger, mend: "loginctl enable-linger")
    }
}

/// Whether a folder is the person's own and closed to others.
struct FolderCheck {
    private let path: String

    init(_ path: String) { self.path = path }

    /// What is wrong with it; nil where nothing is, or there is none yet.
    func finding() -> Finding? {
        var status = stat()
        // The struct is filled during the call.
        guard unsafe lstat(path, &status) == 0 else { return nil }
        if status.st_mode & S_IFMT != S_IFDIR { return Finding("folders", .folderIsLink(path)) }
        if status.st_uid != geteuid() { return Finding("folders", .folderIsForeign(path)) }
        if status.st_mode & 0o077 != 0 { return Finding("folders", .folderIsOpen(path)) }
        return nil
    }
}
