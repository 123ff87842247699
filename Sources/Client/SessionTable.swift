import Model
import Prose

/// The table of `lanyard list`.
public struct SessionTable {
    private let sessions: [SessionView]
    private let style: Style
    private let width: Int?
    private let time: TimePhrase

    /// A table.
    /// - Parameters:
    ///   - sessions: its rows.
    ///   - style: whether it may be coloured.
    ///   - width: the columns of the terminal; nil where it is read by a program, which gets everything.
    ///   - now: the moment that "in 41 min" counts from.
    public init(_ sessions: [SessionView], style: Style, width: Int?, now: WallInstant = Clock.system.wall()) {
        self.sessions = sessions
        self.style = style
        self.width = width
        time = TimePhrase(now: now)
    }

    /// The table with its heading, and below it what needs the person.
    public var text: String {
        guard !sessions.isEmpty else { return CommandProse.noSessions + "\n" }
        let rows = fittingRows()
        let widths = Self.widths(rows)
        var text = ""
        for (index, row) in rows.enumerated() {
            let cells = row.enumerated().map { column, cell in
                let padding = String(
                    repeating: " ", count: column == row.count - 1 ? 0 : widths[column] - columns(of: cell))
                return color(cell, column: column, session: index == 0 ? nil : sessions[index - 1]) + padding
            }
            text += cells.joined(separator: "  ") + "\n"
        }
        if let footer = CommandProse.needingPerson(sessions.filter(\.needsPerson)) {
            text += style.paint(footer, .red) + "\n"
        }
        return text
    }

    /// The rows under their headings. Where they are wider than the terminal, what `show` has in full gives way: first
    /// that a session renews itself, then the ends of the protection spaces.
    private func fittingRows() -> [[String]] {
        let full = rows { CommandProse.expiry($0, time) }
        guard let width, Self.width(full) > width else { return full }
        var rows = rows { CommandProse.shortExpiry($0, time) }
        // Below this a place says nothing any more.
        let room = max(24, Self.widths(rows)[2] - max(0, Self.width(rows) - width))
        for index in rows.indices where columns(of: rows[index][2]) > room {
            rows[index][2] = rows[index][2].prefix(room - 1) + "…"
        }
        return rows
    }

    private func rows(expiry: (SessionView) -> String) -> [[String]] {
        [CommandProse.listHeadings]
            + sessions.map {
                [
                    $0.name, CommandProse.kind($0), $0.places.joined(separator: " "), CommandProse.state($0.state),
                    expiry($0),
                ]
            }
    }

    private static func widths(_ rows: [[String]]) -> [Int] {
        rows[0].indices.map { column in rows.map { columns(of: $0[column]) }.max() ?? 0 }
    }

    private static func width(_ rows: [[String]]) -> Int {
        widths(rows).reduce(0, +) + 2 * (rows[0].count - 1)
    }

    private func color(_ cell: String, column: Int, session: SessionView?) -> String {
        guard let session else { return style.paint(cell, .bold) }
        return column == 3 ? style.paint(cell, state: session.state) : cell
    }
}
