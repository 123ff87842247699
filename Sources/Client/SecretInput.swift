import CLinux
import Glibc
import Model
import Prose

/// Secrets from stdin, for scripts. They never come from the command line, which other users can read.
public enum SecretInput {
    /// The most that is read, in bytes: what a message to the daemon can hold.
    static let longest = Connection.longestMessage

    /// Whether stdin is a terminal, so that the person is to be asked.
    public static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    /// Reads stdin, or another descriptor, to its end.
    /// - Throws: a ``Failure`` with the code `usage` where it is longer than ``longest``.
    public static func readAll(_ descriptor: Int32 = STDIN_FILENO) throws(Failure) -> SecretBytes {
        var input = SecretBuffer(capacity: 4096)
        while true {
            let count = unsafe input.append(upTo: 4096) { room in
                // What read returns is at most the room; what cannot be read is as good as empty.
                var count = -1
                repeat {
                    count = unsafe read(descriptor, room.baseAddress, room.count)
                } while count < 0 && errno == EINTR
                return max(0, count)
            }
            if count == 0 { return input.take() }
            guard input.count <= longest else { throw CommandProse.tooLong() }
        }
    }

    /// The secret in the file at `path`, but for one final newline. A pipe will do: what a shell's `<(…)` is.
    /// - Throws: a ``Failure`` with the code `usage` where others could have written it, or it holds no secret.
    public static func file(_ path: String, name: String) throws(Failure) -> SecretBytes {
        // A Swift string is lent to C as a path for the length of the call.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CommandProse.cannotRead(path, lastError()) }
        defer { close(descriptor) }
        var status = stat()
        // The kernel fills the one struct.
        guard unsafe fstat(descriptor, &status) == 0 else { throw CommandProse.cannotRead(path, lastError()) }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw CommandProse.secretFile(path, Prose.isNotYours)
        }
        guard status.st_mode & 0o022 == 0 else { throw CommandProse.secretFile(path, Prose.isWritableByOthers) }
        guard let secret = try lines(of: readAll(descriptor), names: [name]).first else {
            throw CommandProse.secretMissing(name)
        }
        return secret
    }

    /// One secret: asked for on the terminal without echo, or all of stdin where that is none.
    /// - Parameter name: what it is called.
    /// - Throws: a ``Failure`` with the code `usage` where there is none, or it has a CR, LF or NUL in it.
    public static func ask(for name: String) throws(Failure) -> SecretBytes {
        guard isTerminal, let terminal = Terminal() else {
            guard let secret = try lines(of: readAll(), names: [name]).first else {
                throw CommandProse.secretMissing(name)
            }
            return secret
        }
        return try checked(terminal.askSecret(CommandProse.askSecret(name)), name: name)
    }

    /// Reads a file that the person names.
    /// - Throws: a ``Failure`` with the code `usage` where it cannot be opened, or is longer than ``longest``.
    public static func file(_ path: String) throws(Failure) -> SecretBytes {
        // The path is NUL-terminated by Swift for the call.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CommandProse.cannotRead(path, lastError()) }
        defer { close(descriptor) }
        return try readAll(descriptor)
    }

    /// The secrets that `input` holds, one a line.
    ///
    /// One final newline is dropped. What is left has to be exactly `names.count` lines, each of them not empty and without
    /// CR and NUL, in UTF-8.
    /// - Throws: a ``Failure`` with the code `usage` that says which of `names` is wrong, and how.
    public static func lines(of input: SecretBytes, names: [String]) throws(Failure) -> [SecretBytes] {
        var ends = input.withBytes { bytes in bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") } }
        if ends.last != input.count - 1 || input.count == 0 { ends.append(input.count) }
        var found: [SecretBytes] = []
        var start = 0
        for end in ends {
            let name = names[min(found.count, names.count - 1)]
            if found.count == names.count { throw CommandProse.secretHasLines(name) }
            found.append(try checked(input.copy(start..<end), name: name))
            start = end + 1
        }
        guard found.count == names.count else { throw CommandProse.secretMissing(names[found.count]) }
        return found
    }

    /// `secret`, where it can be one.
    /// - Throws: a ``Failure`` with the code `usage`.
    public static func checked(_ secret: SecretBytes, name: String) throws(Failure) -> SecretBytes {
        guard secret.count > 0 else { throw CommandProse.secretMissing(name) }
        guard !secret.contains(where: { $0 == 0x0D || $0 == 0x0A || $0 == 0x00 }) else {
            throw CommandProse.secretHasControls(name)
        }
        return try text(secret, name: name)
    }

    /// `secret`, where it is UTF-8 and so can be sent to the daemon.
    /// - Throws: a ``Failure`` with the code `usage`.
    public static func text(_ secret: SecretBytes, name: String) throws(Failure) -> SecretBytes {
        guard secret.isUTF8 else { throw CommandProse.secretIsNotText(name) }
        return secret
    }
}
