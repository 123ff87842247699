import CLinux
import Glibc
import Varlink

/// Whether output is coloured, and how.
public struct Style: Sendable {
    /// What `--color` takes.
    public enum Choice: String, CaseIterable, Sendable {
        /// On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`.
        case auto
        case always, never
    }

    package enum Paint: String {
        case bold = "1"
        case red = "31"
        case green = "32"
        case yellow = "33"
        /// Bright on black, whatever the terminal's own colours are.
        case picture = "97;40"
    }

    private let isColored: Bool

    /// The style of standard output.
    public init(_ choice: Choice) {
        switch choice {
        case .always: isColored = true
        case .never: isColored = false
        case .auto:
            isColored =
                isatty(STDOUT_FILENO) == 1 && Environment.value("NO_COLOR") == nil
                && Environment.value("TERM") != "dumb"
        }
    }

    /// The columns of the terminal that standard output is; nil where it is none.
    public static var terminalWidth: Int? {
        guard isatty(STDOUT_FILENO) == 1 else { return nil }
        let columns = Int(lanyard_terminal_columns(STDOUT_FILENO))
        return columns > 0 ? columns : 80
    }

    package func paint(_ text: String, _ paint: Paint) -> String {
        isColored ? "\u{1b}[\(paint.rawValue)m\(text)\u{1b}[0m" : text
    }

    func paint(_ text: String, state: String) -> String {
        switch state {
        case "active": paint(text, .green)
        case "needs-login": paint(text, .red)
        default: paint(text, .yellow)
        }
    }
}
