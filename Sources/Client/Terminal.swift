import CLinux
import Glibc
import Model
import Prose

/// The terminal the person sits at, `/dev/tty`: asked there, whatever stdin and stdout are.
public struct Terminal: ~Copyable {
    /// The longest answer, in bytes: longer than any token, shorter than a pasted file.
    static let longestAnswer = 1 << 16

    private let descriptor: Int32

    /// The terminal; nil where there is none, or neither stdin nor stderr is one: then a script talks, not a person.
    public init?() {
        guard isatty(STDIN_FILENO) == 1 || isatty(STDERR_FILENO) == 1 else { return nil }
        let descriptor = unsafe open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { return nil }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Whether a person can be asked.
    public static var isPresent: Bool { Terminal() != nil }

    /// Writes a line.
    public func say(_ line: String) { write(shown(line) + "\n") }

    /// Asks for something that may be seen.
    /// - Throws: a ``Failure`` with the code `usage` where nothing is answered.
    public func ask(_ prompt: String) throws(Failure) -> String {
        write(shown(prompt) + " ")
        guard let text = readAnswer(signals: nil)?.exposedText(), !text.isEmpty else {
            throw CommandProse.nothingAnswered(prompt)
        }
        return text
    }

    /// Asks for a secret, which is not echoed. Whatever ends the asking, a signal too, leaves the terminal as it was.
    /// - Throws: a ``Failure`` with the code `usage` where nothing is answered.
    public func askSecret(_ prompt: String) throws(Failure) -> SecretBytes {
        guard let answer = try askSecretOrNothing(prompt) else { throw CommandProse.nothingAnswered(prompt) }
        return answer
    }

    /// The same, where nothing is an answer too: nil.
    public func askSecretOrNothing(_ prompt: String) throws(Failure) -> SecretBytes? {
        while true {
            write(shown(prompt) + " ")
            let signals = WaitingSignals()
            guard let echo = HiddenEcho(descriptor) else { throw CommandProse.terminalFails(lastError()) }
            let answer = readAnswer(signals: signals.descriptor)
            echo.restore()
            write("\n")
            let wasInterrupted = answer == nil && signals.isOne
            // From here on a waiting signal does what it does; after a stop the question is asked again.
            signals.deliver()
            if wasInterrupted { continue }
            return answer.flatMap { $0.count > 0 ? $0 : nil }
        }
    }

    private func write(_ text: String) {
        // Where the terminal is gone, reading says so.
        _ = writeAll(Array(text.utf8).span, to: descriptor)
    }

    /// Reads a line; nil at the end of input, or when a signal waits. An answer that is too long is cut and
    /// then refused by whoever it is for.
    ///
    /// With a descriptor of waiting signals the terminal is a hidden one. Such an answer is read byte by byte as it is typed, because a terminal that edits the line itself cuts it at
    /// 4,095 bytes, and tokens are longer.
    private func readAnswer(signals: Int32?) -> SecretBytes? {
        var hasEnded = false
        let line = unsafe SecretBytes(capacity: Self.longestAnswer) { room in
            var count = 0
            while count < room.count {
                guard waitForByte(signals), let byte = readByte() else {
                    hasEnded = true
                    break
                }
                switch byte {
                case UInt8(ascii: "\n"), UInt8(ascii: "\r"): return count
                // Ctrl-D at the start ends the input, as it does where the terminal edits.
                case 0x04 where signals != nil:
                    if count == 0 { hasEnded = true }
                    return count
                // Ctrl-U, and Backspace in its two forms: one character back, which may be several bytes of UTF-8.
                case 0x15 where signals != nil: count = 0
                case 0x7F where signals != nil, 0x08 where signals != nil:
                    repeat { count = max(0, count - 1) } while unsafe count > 0 && room[count] & 0xC0 == 0x80
                default:
                    unsafe room[count] = byte
                    count += 1
                }
            }
            return count
        }
        return hasEnded ? nil : line
    }

    private func readByte() -> UInt8? {
        var byte: UInt8 = 0
        while true {
            // One byte, written during the call.
            switch unsafe read(descriptor, &byte, 1) {
            case 1: return byte
            case -1 where errno == EINTR: continue
            default: return nil
            }
        }
    }

    /// Waits until there is something to read; false when a signal comes first.
    private func waitForByte(_ signals: Int32?) -> Bool {
        guard let signals else { return true }
        var waiting = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
        ]
        // The array's two elements, written during the call.
        while unsafe poll(&waiting, 2, -1) < 0, errno == EINTR {}
        return waiting[1].revents == 0
    }
}

/// The signals that end or stop a program at a terminal, held back while it does not echo.
private struct WaitingSignals: ~Copyable {
    /// Readable while a signal waits; never read, so that the signal stays.
    let descriptor: Int32
    private var before = sigset_t()

    init() {
        var signals = sigset_t()
        // The sets are this function's and this value's own.
        unsafe sigemptyset(&signals)
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP] { unsafe sigaddset(&signals, signal) }
        unsafe sigprocmask(SIG_BLOCK, &signals, &before)
        descriptor = unsafe signalfd(-1, &signals, Int32(SFD_CLOEXEC))
    }

    deinit {
        deliver()
        close(descriptor)
    }

    var isOne: Bool {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        // One pollfd, written during the call.
        return unsafe poll(&waiting, 1, 0) > 0
    }

    /// Lets the signals through again.
    func deliver() {
        var mask = before
        // The set is a copy of the one that was in force before.
        unsafe sigprocmask(SIG_SETMASK, &mask, nil)
    }
}

/// A terminal that does not show what is typed.
private struct HiddenEcho {
    private let descriptor: Int32
    private let before: termios

    init?(_ descriptor: Int32) {
        var mode = termios()
        // Both calls use the one struct and keep nothing.
        guard unsafe tcgetattr(descriptor, &mode) == 0 else { return nil }
        before = mode
        self.descriptor = descriptor
        mode.c_lflag &= ~tcflag_t(ECHO | ECHOE | ECHOK | ECHONL | ICANON | IEXTEN)
        unsafe withUnsafeMutableBytes(of: &mode.c_cc) { characters in
            // A read ends after one byte, and waits for it.
            unsafe characters[Int(VMIN)] = 1
            unsafe characters[Int(VTIME)] = 0
        }
        guard unsafe tcsetattr(descriptor, TCSAFLUSH, &mode) == 0 else { return nil }
    }

    func restore() {
        var mode = before
        // A copy of the mode that was in force before.
        unsafe tcsetattr(descriptor, TCSAFLUSH, &mode)
    }
}
