import CLinux
import Glibc
import Model
import Prose

/// The descriptors 0, 1 and 2.
enum StandardStreams {
    /// Takes the place of those that the caller has closed, so that no socket gets their number and is written to as if
    /// it were one: reading and writing still fail, and a program that is run finds them closed as they were.
    static func occupyClosed() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) < 0 {
            // open takes the lowest free number, which is this one; the path is a literal.
            let wrongWay = descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY
            _ = unsafe open("/dev/null", wrongWay | O_CLOEXEC)
        }
    }
}

/// Standard output: what a command was asked for, and nothing else.
public enum Output {
    /// Writes `text`.
    /// - Throws: a ``Failure`` where it cannot be written, a full disk, say.
    public static func write(_ text: String) throws(Failure) {
        let written = writeAll(Array(text.utf8).span, to: STDOUT_FILENO)
        guard written else { throw CommandProse.cannotWrite(lastError()) }
    }

    /// Writes `secret`, as the person has asked for it.
    /// - Throws: a ``Failure`` where it cannot be written.
    public static func write(_ secret: SecretBytes) throws(Failure) {
        guard secret.withBytes({ writeAll($0, to: STDOUT_FILENO) }) else { throw CommandProse.cannotWrite(lastError()) }
    }
}

/// Standard error: lines that begin with `lanyard: `.
public enum ErrorLine {
    /// Says `text` in a line of its own, control characters escaped.
    public static func say(_ text: String) {
        // Nothing can be done where stderr is gone.
        _ = writeAll(Array("lanyard: \(shown(text))\n".utf8).span, to: STDERR_FILENO)
    }

    /// Says what happened, and what mends it.
    /// - Returns: the exit status for it.
    @discardableResult
    public static func report(_ failure: Failure) -> Int32 {
        say(failure.message)
        if let mend = failure.mend { say(CommandProse.mend(mend)) }
        return failure.code.exitStatus
    }
}

/// Writes all of `bytes`, also where the other end takes them bit by bit; false with `errno` where that fails.
func writeAll(_ bytes: Span<UInt8>, to descriptor: Int32) -> Bool {
    unsafe bytes.withUnsafeBytes { bytes in
        var written = 0
        while written < bytes.count {
            // The rest of the bytes, which are lent for this call.
            let count = unsafe write(
                descriptor, UnsafeRawBufferPointer(rebasing: bytes[written...]).baseAddress, bytes.count - written)
            if count > 0 {
                written += count
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }
}
