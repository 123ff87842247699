import CLinux
import Glibc
import Varlink

/// Starts programs that outlive this command. They have no input and no output, none of its open files and none of its
/// blocked signals, and are not under the preload library, where this command itself may be.
enum Spawn {
    /// An error number of posix_spawn(3).
    struct Number: Error { let value: Int32 }

    /// Starts the program `arguments[0]`, which is looked for in `PATH` where it has no `/`.
    /// - Parameters:
    ///   - errors: what its standard error is; nil for nothing.
    ///   - inOwnSession: it is not reached by what is typed at this terminal, Ctrl-C say.
    /// - Returns: its number.
    static func start(
        _ arguments: [String], errors: Int32? = nil, inOwnSession: Bool = false
    ) -> Result<pid_t, Number> {
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
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
            unsafe posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
        }
        if let errors { unsafe posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO) }
        // What a script has open must not stay open for as long as the program lives: its reader would wait for it.
        unsafe posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        unsafe sigemptyset(&noSignals)
        unsafe posix_spawnattr_setsigmask(&attributes, &noSignals)
        let session = inOwnSession ? Int32(lanyard_spawn_setsid) : 0
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | session))
        let result = unsafe withCStrings(arguments) { vector in
            unsafe withDaemonEnvironment { environment in
                unsafe posix_spawnp(&process, arguments[0], &actions, &attributes, vector, environment)
            }
        }
        return result == 0 ? .success(process) : .failure(Number(value: result))
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
