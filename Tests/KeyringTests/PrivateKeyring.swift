import CLinux
import Glibc
import Synchronization
import Testing

/// A program that a test talks to over its standard input and output. It is ended (SIGTERM) with this object.
final class Helper: @unchecked Sendable {
    // Unchecked: one test uses it, from one thread at a time.
    private let process: pid_t
    private let input: Int32
    private let output: Int32
    private(set) var received: [UInt8] = []

    init(_ arguments: [String], environment: [String] = []) throws {
        let toHelper = try Self.pipe()
        let fromHelper = try Self.pipe()
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, toHelper.read, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, fromHelper.write, 1)
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        // The threads that run tests block all signals.
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let path = "PATH=" + (unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/bin:/bin")
        // C's copies of the strings, which live until they are freed below; the child has its own by then.
        var words = unsafe arguments.map { unsafe strdup($0) } + [nil]
        var variables = unsafe ([path] + environment).map { unsafe strdup($0) } + [nil]
        defer { unsafe (words + variables).forEach { unsafe free($0) } }
        var process = pid_t()
        let result = unsafe posix_spawnp(&process, arguments[0], &actions, &attributes, &words, &variables)
        close(toHelper.read)
        close(fromHelper.write)
        self.process = process
        input = toHelper.write
        output = fromHelper.read
        try #require(result == 0)
    }

    deinit {
        // Not only the end of its input: another process that a test starts may hold the other end of that.
        kill(process, SIGTERM)
        waitpid(process, nil, 0)
        close(input)
        close(output)
    }

    func write(_ text: String) throws {
        let count = text.utf8.count
        let written = unsafe text.withCString { unsafe Glibc.write(input, $0, count) }
        try #require(written == count)
    }

    /// Reads on until `isEnough` of what has been received; fails where the helper ends before.
    func read(until isEnough: ([UInt8]) -> Bool) throws {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while !isEnough(received) {
            let count = unsafe Glibc.read(output, &buffer, buffer.count)
            try #require(count > 0, "the helper has ended")
            received += buffer[..<count]
        }
    }

    /// The next line, without its end.
    func line() throws -> String {
        try read { $0.contains(UInt8(ascii: "\n")) }
        let end = received.firstIndex(of: UInt8(ascii: "\n")) ?? received.endIndex
        defer { received.removeSubrange(...end) }
        return String(decoding: received[..<end], as: UTF8.self)
    }

    private static func pipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        let result = unsafe pipe2(&ends, O_CLOEXEC)
        try #require(result == 0)
        return (ends[0], ends[1])
    }
}

/// GNOME Keyring on a bus of its own: Tests/Servers/keyring.py, whose commands `tell` takes.
final class PrivateKeyring: Sendable {
    static let password = "password of the keyring"

    let address: String
    let folder: String
    private let helper: Helper

    /// `service` is `unlocked`, `locked`, `empty`, `activated` or `none`.
    init(_ service: String = "unlocked", file: String = #filePath) throws {
        let tests = file.split(separator: "/").dropLast(2).map { "/" + $0 }.joined()
        helper = try Helper(["python3", tests + "/Servers/keyring.py", "--service", service])
        var values: [String: String] = [:]
        while case let line = try helper.line(), line != "ready" {
            let parts = line.split(separator: "=", maxSplits: 1)
            try #require(parts.count == 2, "\(line)")
            values[String(parts[0])] = String(parts[1])
        }
        address = try #require(values["DBUS_SESSION_BUS_ADDRESS"])
        folder = try #require(values["folder"])
    }

    /// Has the helper do `command`, and returns when it is done.
    func tell(_ command: String) throws {
        try helper.write(command + "\n")
        let answer = try helper.line()
        try #require(answer == "ok", "\(command): \(answer)")
    }

    /// What lies in the keyring's file.
    func file() throws -> [UInt8] {
        let descriptor = unsafe open(folder + "/data/keyrings/login.keyring", O_RDONLY)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return content }
            content += buffer[..<count]
        }
    }
}
