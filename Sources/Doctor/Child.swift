import CLinux
import Glibc
import Model

/// A program that the doctor runs for its output, without input, for a few seconds at most.
enum Child {
    /// As long as a program may take, in seconds.
    static let patience = 5.0
    /// The most output that is read, in bytes.
    private static let mostOutput = 1 << 20

    /// What the program writes to its standard output; nil where it cannot be run, or takes too long.
    static func output(of arguments: [String]) -> String? {
        var pipe: [Int32] = [-1, -1]
        // pipe2 fills the array's two elements.
        guard unsafe pipe2(&pipe, O_CLOEXEC) == 0 else { return nil }
        defer { close(pipe[0]) }
        let process = start(arguments, output: pipe[1], adding: [])
        close(pipe[1])
        guard let process else { return nil }
        let output = readAll(pipe[0])
        end(process)
        return output.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Starts a program with its input and errors at /dev/null.
    /// - Parameter variables: what the environment has besides, as `NAME=value`; they go before what is there.
    static func start(_ arguments: [String], output: Int32?, adding variables: [String]) -> pid_t? {
        var actions = unsafe posix_spawn_file_actions_t()
        // Each call works on the struct above, which is initialised first and destroyed at the end.
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
            unsafe posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
        }
        if let output { unsafe posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO) }
        // C's copies of the texts are freed below; the child has its own by then.
        var vector = unsafe arguments.map { unsafe strdup($0) } + [nil]
        let names = variables.map { $0.prefix { $0 != "=" } + "=" }
        var environment = unsafe variables.map { unsafe strdup($0) }
        unsafe environment += environmentWithout(names.map(String.init)) + [nil]
        defer { unsafe (vector + environment).forEach { unsafe free($0) } }
        var process = pid_t()
        let result = unsafe posix_spawnp(&process, arguments[0], &actions, nil, &vector, &environment)
        return result == 0 ? process : nil
    }

    /// Ends the program, if it has not, and takes leave of it.
    static func end(_ process: pid_t) {
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
    }

    private static func environmentWithout(_ names: [String]) -> [UnsafeMutablePointer<CChar>?] {
        var kept: [UnsafeMutablePointer<CChar>?] = unsafe []
        var entry = unsafe lanyard_environment()
        // environ ends with a null pointer; nothing changes it meanwhile.
        while let variable = unsafe entry?.pointee {
            let isLeftOut = names.contains { (name: String) in unsafe strncmp(variable, name, name.utf8.count) == 0 }
            if !isLeftOut { unsafe kept.append(strdup(variable)) }
            unsafe entry = entry?.successor()
        }
        return unsafe kept
    }

    private static func readAll(_ descriptor: Int32) -> [UInt8]? {
        let deadline = Clock.system.boot() + patience
        var output: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 4096)
        while output.count < mostOutput {
            let left = deadline - Clock.system.boot()
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            // One pollfd, written during the call; read writes at most the array's size.
            guard left > 0, unsafe poll(&waiting, 1, Int32(left * 1000) + 1) > 0 else { return nil }
            let count = unsafe part.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return output }
            output += part.prefix(count)
        }
        return output
    }
}
