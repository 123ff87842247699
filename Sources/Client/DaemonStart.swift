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
        let process = spawn(arguments, errors: pipe[1])
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
        let folder = String(socket.text[...slash])
        // A Swift string is lent to C as a path for the length of the call.
        if unsafe access(folder, F_OK) != 0, errno == ENOENT { throw CommandProse.noSocketFolder(folder) }
    }

    /// An error number of posix_spawn.
    private struct Number: Error { let value: Int32 }

    private func spawn(_ arguments: [String], errors: Int32) -> Result<pid_t, Number> {
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        var noSignals = sigset_t()
        var process: pid_t = 0
        // Each call works on the structs above, which are initialised first and destroyed at the end.
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_RDWR, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, errors, 2)
        // What a script has open must not stay open for as long as the daemon lives: its reader would wait for it.
        unsafe posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        unsafe sigemptyset(&noSignals)
        unsafe posix_spawnattr_setsigmask(&attributes, &noSignals)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let result = unsafe withCStrings(arguments) { vector in
            unsafe withDaemonEnvironment { environment in
                unsafe posix_spawn(&process, arguments[0], &actions, &attributes, vector, environment)
            }
        }
        return result == 0 ? .success(process) : .failure(Number(value: result))
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

/// Lends `texts` to C as a vector that ends with a null pointer.
func withCStrings<R>(
    _ texts: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> R
) -> R {
    // strdup's copies are freed at the end of this function, and the vector does not leave `body`.
    var vector = unsafe texts.map { unsafe strdup($0) } + [nil]
    defer { unsafe vector.forEach { unsafe free($0) } }
    return unsafe vector.withUnsafeMutableBufferPointer { buffer in
        // The vector has at least its null pointer, so that its address is never nil.
        guard let start = buffer.baseAddress else { preconditionFailure("an array with an element has an address") }
        return unsafe body(start)
    }
}

/// Lends the environment without what `lanyard run` put into it: the daemon's own requests must not ask the daemon.
func withDaemonEnvironment<R>(_ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> R) -> R {
    let preload = InstalledFiles.preloadLibrary()
    let others = Environment.value("LD_PRELOAD")?.split { $0 == ":" || $0 == " " }.filter { $0 != preload ?? "" }
    var kept: [UnsafeMutablePointer<CChar>?] = unsafe []
    let ours = ["LANYARD_RUN=", "LANYARD_SESSION=", "LD_PRELOAD="]
    var entry = unsafe lanyard_environment()
    // environ ends with a null pointer; nothing changes it meanwhile.
    while let variable = unsafe entry?.pointee {
        let isOurs = ours.contains { (name: String) in unsafe strncmp(variable, name, name.utf8.count) == 0 }
        if !isOurs { unsafe kept.append(variable) }
        unsafe entry = entry?.successor()
    }
    let libraries = (others ?? []).isEmpty ? [] : ["LD_PRELOAD=" + (others ?? []).joined(separator: ":")]
    return unsafe withCStrings(libraries) { added in
        if let library = unsafe added.pointee { unsafe kept.append(library) }
        unsafe kept.append(nil)
        return unsafe kept.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { preconditionFailure("an array with an element has an address") }
            return unsafe body(start)
        }
    }
}
