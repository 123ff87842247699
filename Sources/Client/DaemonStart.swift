import CLinux
import Glibc
import Model
import Prose
import Varlink

/// Starts `lanyardd` where none listens. Two that do this at once end with one daemon: the second one finds the socket
/// taken, and is content.
struct DaemonStart {
    /// How long a daemon may take until it listens, in seconds.
    static let patience = 5.0

    /// The log of a daemon that a command started.
    static var log: String { Environment.folder("XDG_STATE_HOME", orHome: ".local/state") + "/lanyardd.log" }

    /// Where it shall listen.
    let socket: SocketPath
    /// It is for this process alone, and ends with it.
    var isEphemeral = false

    /// Runs `lanyardd --detach`, which ends once a daemon listens.
    /// - Throws: a ``Failure`` with the code `noDaemon` where none does.
    func perform() throws(Failure) {
        try checkFolder()
        guard let program = InstalledFiles.daemon() else { throw CommandProse.noDaemonProgram() }
        var arguments = [program, "--detach"]
        if socket.folder == nil { arguments += ["--socket", socket.text] }
        if isEphemeral { arguments += ["--ephemeral", String(getpid())] }
        var pipe: [Int32] = [-1, -1]
        // pipe2 fills the array's two elements.
        guard unsafe pipe2(&pipe, O_CLOEXEC) == 0 else { throw CommandProse.cannotStartDaemon(lastError()) }
        let process = Spawn.start(arguments, errors: pipe[1])
        close(pipe[1])
        defer { close(pipe[0]) }
        switch process {
        case .failure(let number): throw CommandProse.cannotStartDaemon(errorText(number.value))
        case .success(let process): try wait(for: process, reading: pipe[0])
        }
    }

    /// Where a socket was named, its folder has to be there: that of `lanyard run --ephemeral` goes with its program.
    private func checkFolder() throws(Failure) {
        guard socket.folder == nil, let slash = socket.text.lastIndex(of: "/") else { return }
        let folder = socket.text[..<slash].isEmpty ? "/" : String(socket.text[..<slash])
        // A Swift string is lent to C as a path for the length of the call.
        if unsafe access(folder, F_OK) != 0, errno == ENOENT { throw CommandProse.noSocketFolder(folder) }
    }

    /// Waits until `process` has ended; what it said is the reason where it failed.
    private func wait(for process: pid_t, reading errors: Int32) throws(Failure) {
        let deadline = Clock.system.boot() + Self.patience
        var said: [UInt8] = []
        var isOpen = true
        var progress = Progress(CommandProse.startingDaemon, until: deadline)
        defer { progress.erase() }
        while true {
            var status: Int32 = 0
            // The status is written during the call.
            if unsafe waitpid(process, &status, WNOHANG) == process {
                while isOpen, ready(errors, milliseconds: 0) { isOpen = read(errors, into: &said) }
                guard status != 0 else { return }
                throw CommandProse.daemonDidNotStart(String(decoding: said, as: UTF8.self))
            }
            progress.draw()
            guard deadline - Clock.system.boot() > 0 else { throw CommandProse.daemonTooSlow(log: DaemonStart.log) }
            if isOpen {
                if ready(errors, milliseconds: 50) { isOpen = read(errors, into: &said) }
            } else {
                // The pipe closes just before the process ends.
                usleep(1000)
            }
        }
    }

    private func ready(_ descriptor: Int32, milliseconds: Int32) -> Bool {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        // One pollfd, written during the call.
        return unsafe poll(&waiting, 1, milliseconds) > 0
    }

    /// Appends what there is to read, up to 4 KiB in all; false at the end.
    private func read(_ descriptor: Int32, into said: inout [UInt8]) -> Bool {
        var part = [UInt8](repeating: 0, count: 512)
        let count = unsafe part.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
        guard count > 0 else { return false }
        if said.count < 4096 { said += part[..<count] }
        return true
    }
}
