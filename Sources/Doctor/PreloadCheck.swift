import CLinux
import Client
import Glibc
import Model
import Prose
import Varlink

/// Whether the preload library works in this machine's curl: curl is run with it, against a socket of the doctor's own in
/// the daemon's place.
struct PreloadCheck {
    func finding() -> Finding {
        guard let library = InstalledFiles.preloadLibrary() else {
            return Finding("preload", CommandProse.noPreloadLibrary())
        }
        guard let curl = ProgramCheck.find("curl") else {
            return Finding(.warn, "preload", DoctorProse.noCurl, mend: DoctorProse.mendNoCurl)
        }
        let check = ProgramCheck(curl).finding()
        guard check.result == .ok else {
            return Finding(check.result, "preload", "\(curl) \(check.text)", mend: check.mend)
        }
        guard isAsked(by: curl, library) else {
            return Finding(.fail, "preload", DoctorProse.doesNotAsk(curl), mend: DoctorProse.mendDoesNotAsk)
        }
        return Finding(.ok, "preload", DoctorProse.works(curl, check.text))
    }

    /// Has curl make a request, and waits until the library in it asks about that.
    private func isAsked(by curl: String, _ library: String) -> Bool {
        guard let folder = Self.makeFolder() else { return false }
        let path = folder + "/socket"
        defer {
            // Swift strings are lent to C as paths for the length of the calls.
            unsafe unlink(path)
            unsafe rmdir(folder)
        }
        let agent = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(agent) }
        guard unsafe lanyard_bind(agent, path) == 0, listen(agent, 1) == 0 else { return false }
        var port: UInt16 = 0
        let server = unsafe lanyard_listen_loopback(&port)
        guard server >= 0 else { return false }
        defer { close(server) }
        let request = [curl, "-q", "-s", "--noproxy", "*", "--max-time", "5", "http://127.0.0.1:\(port)/"]
        let variables = ["LD_PRELOAD=\(library)", "LANYARD_RUN=quiet", "LANYARD_SOCKET=\(path)"]
        guard let process = Child.start(request, output: nil, adding: variables) else { return false }
        defer { Child.end(process) }
        return Self.receivesQuestion(agent)
    }

    /// In the folder of the daemon's socket, else in /tmp: both are short enough for a socket's path.
    private static func makeFolder() -> String? {
        let parent = Environment.value("XDG_RUNTIME_DIR").flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
        var template = Array("\(parent)/lanyard-doctor-XXXXXX".utf8CString)
        // mkdtemp writes into the array and keeps nothing.
        guard unsafe mkdtemp(&template) != nil else { return nil }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func receivesQuestion(_ agent: Int32) -> Bool {
        let deadline = Clock.system.boot() + Child.patience
        guard isReadable(agent, deadline) else { return false }
        let connection = accept4(agent, nil, nil, Int32(SOCK_CLOEXEC.rawValue))
        guard connection >= 0 else { return false }
        defer { close(connection) }
        guard isReadable(connection, deadline) else { return false }
        var question = [UInt8](repeating: 0, count: 4096)
        // read writes at most the array's size.
        let count = unsafe question.withUnsafeMutableBytes { unsafe read(connection, $0.baseAddress, $0.count) }
        return count > 0 && String(decoding: question.prefix(count), as: UTF8.self).contains("io.lanyard.Agent.Attach")
    }

    private static func isReadable(_ descriptor: Int32, _ deadline: BootInstant) -> Bool {
        let left = deadline - Clock.system.boot()
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        // One pollfd, written during the call.
        return unsafe poll(&waiting, 1, Int32(max(left, 0) * 1000)) > 0
    }
}
