import Model

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
        var rows = sessions.map {
            [
                $0.name, CommandProse.kind($0), $0.places.joined(separator: " "), CommandProse.state($0.state),
                CommandProse.expiry($0, time),
            ]
        }
        shorten(&rows)
        rows.insert(CommandProse.listHeadings, at: 0)
        let widths = (0..<rows[0].count).map { column in rows.map { $0[column].count }.max() ?? 0 }
        var text = ""
        for (index, row) in rows.enumerated() {
            let cells = row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: column == row.count - 1 ? 0 : widths[column] - cell.count)
                return color(cell, column: column, session: index == 0 ? nil : sessions[index - 1]) + padding
            }
            text += cells.joined(separator: "  ") + "\n"
        }
        if let footer = CommandProse.needingPerson(sessions.filter(\.needsPerson)) {
            text += style.paint(footer, .red) + "\n"
        }
        return text
    }

    /// Shortens the protection spaces, the one column that `show` has in full, until a row fits the terminal.
    private func shorten(_ rows: inout [[String]]) {
        guard let width else { return }
        let headings = CommandProse.listHeadings
        let others = [0, 1, 3, 4].map { column in
            max(headings[column].count, rows.map { $0[column].count }.max() ?? 0)
        }
        // Below this a place says nothing any more.
        let room = max(16, width - others.reduce(0, +) - 2 * (headings.count - 1))
        for index in rows.indices where rows[index][2].count > room {
            rows[index][2] = rows[index][2].prefix(room - 1) + "…"
        }
    }

    private func color(_ cell: String, column: Int, session: SessionView?) -> String {
        guard let session else { return style.paint(cell, .bold) }
        return column == 3 ? style.paint(cell, state: session.state) : cell
    }
}
