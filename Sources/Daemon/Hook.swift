import CLinux
import EventLoop
import Glibc
import Model
import Prose

/// Runs a command of the person's: no shell, no input, no output, a process group of its own, and not for long.
@LoopActor enum Hook {
    /// As long as a command may take, in seconds: it says something somewhere, and ends.
    static let longest = 30.0

    /// Runs `command`, its words, the first one the program, and waits for its end.
    /// - Parameter patience: as long as it may take, in seconds.
    static func run(_ command: [String], patience: Double = longest) async -> Prose.HookEnd {
        let process: pid_t
        switch start(command) {
        case .success(let started): process = started
        case .failure(let code): return .notStarted(Failure.words(errno: code.value))
        }
        let descriptor = lanyard_pidfd_open(process)
        let hasEnded = descriptor >= 0 ? await ended(descriptor, patience) : false
        if descriptor >= 0 { close(descriptor) }
        // What it has started and left belongs to its group: that ends too, so that nothing is left of it.
        kill(-process, SIGKILL)
        var status: Int32 = 0
        // It has ended or was just killed: this does not wait. The status is written during the call.
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
        if !hasEnded { return .tooLong(seconds: Int(patience)) }
        return status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .signal(status & 0x7F)
    }

    /// Waits until the process of this descriptor has ended; false where that takes too long.
    private static func ended(_ descriptor: Int32, _ patience: Double) async -> Bool {
        let end = End()
        // A descriptor that epoll does not take is as one that never tells.
        guard let source = try? DescriptorSource(descriptor, .readable, handler: { _ in end.come() }) else {
            return false
        }
        let hasEnded: Bool? = await withDeadline(seconds: patience) {
            await end.wait()
            return true
        }
        source.cancel()
        end.come()
        return hasEnded != nil
    }

    /// An errno.
    private struct Code: Error {
        let value: Int32
    }

    private static func start(_ command: [String]) -> Result<pid_t, Code> {
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        // Each call works on one of the two structs, which are initialised first and destroyed at the end; the sets are
        // copied into them.
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
            unsafe posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
        }
        unsafe posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        // The daemon blocks signals for itself, and ignores some: a program begins with neither.
        var none = sigset_t()
        var all = sigset_t()
        unsafe sigemptyset(&none)
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        unsafe posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
        // C's copies of the words are freed below; the child has its own by then.
        var vector = unsafe command.map { unsafe strdup($0) } + [nil]
        defer { unsafe vector.forEach { unsafe free($0) } }
        var process = pid_t()
        let result = unsafe posix_spawnp(
            &process, command[0], &actions, &attributes, &vector, lanyard_environment())
        return result == 0 ? .success(process) : .failure(Code(value: result))
    }
}

/// The end of a process, which is waited for once.
@LoopActor private final class End {
    private var hasCome = false
    private var continuation: CheckedContinuation<Void, Never>?

    func wait() async {
        if hasCome { return }
        await withCheckedContinuation { continuation = $0 }
    }

    func come() {
        hasCome = true
        continuation?.resume()
        continuation = nil
    }
}
