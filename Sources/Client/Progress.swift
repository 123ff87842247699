import Glibc
import Model
import Prose
import Varlink

/// A line on the terminal that says what is waited for, and for how long at most, once that has taken a second. Nothing
/// of it where standard error is no terminal.
struct Progress {
    /// What takes less long needs no word, in seconds.
    private static let delay = 1.0
    /// The time between two frames, in seconds.
    private static let pause = 0.2
    private static let frames = ["|", "/", "-", "\\"]

    private let what: String
    private let end: BootInstant
    private let begin = Clock.system.boot()
    private let isOnTerminal: Bool
    private var frame = 0
    private var isShown = false

    /// Waiting for `what`, which is given up at `end`.
    init(_ what: String, until end: BootInstant) {
        self.what = what
        self.end = end
        isOnTerminal = isatty(STDERR_FILENO) == 1 && Environment.value("TERM") != "dumb"
    }

    /// The milliseconds that may go by before ``draw()``, at most until the end; 0 there.
    var milliseconds: Int32 {
        let now = Clock.system.boot()
        var seconds = end - now
        if isOnTerminal { seconds = min(seconds, max(Self.pause, begin + Self.delay - now)) }
        return Int32(min(max(seconds, 0) * 1000, 1e6).rounded(.up))
    }

    /// Draws the line as it is now, if it is time.
    mutating func draw() {
        let now = Clock.system.boot()
        guard isOnTerminal, now > begin + Self.delay else { return }
        isShown = true
        frame = (frame + 1) % Self.frames.count
        write("\r\(Self.frames[frame]) \(CommandProse.waiting(what, seconds: Int64(max(0, end - now))))\u{1b}[K")
    }

    /// Takes the line away.
    mutating func erase() {
        if isShown { write("\r\u{1b}[K") }
        isShown = false
    }

    private func write(_ text: String) {
        // Where the terminal is gone, nobody looks.
        _ = writeAll(Array(text.utf8).span, to: STDERR_FILENO)
    }
}
