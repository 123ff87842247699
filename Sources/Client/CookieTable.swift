import Model
import Prose

/// The table of `lanyard cookies list`. It may hold secrets, so it is written in secret memory.
public struct CookieTable {
    private let session: String
    private let cookies: [JSONValue]
    private let style: Style
    private let time: TimePhrase

    /// A table.
    /// - Parameters:
    ///   - session: the name of the session.
    ///   - cookies: its cookies as the daemon wrote them, with their values where these are to be revealed.
    ///   - now: the moment that "in 41 min" counts from.
    public init(_ session: String, _ cookies: [JSONValue], style: Style, now: WallInstant = Clock.system.wall()) {
        self.session = session
        self.cookies = cookies
        self.style = style
        time = TimePhrase(now: now)
    }

    /// The table with its heading. The values stand last: so none has to be measured.
    public func text() -> SecretBytes {
        guard !cookies.isEmpty else { return SecretBytes(CommandProse.noCookies(shown(session)) + "\n") }
        let rows =
            [Array(CommandProse.cookieHeadings.dropLast())]
            + cookies.map {
                [
                    $0["name"]?.shownText ?? "", CommandProse.cookiePlace($0), CommandProse.cookieEnd($0, time),
                    CommandProse.cookieFlags($0),
                ]
            }
        let widths = rows[0].indices.map { column in rows.map { columns(of: $0[column]) }.max() ?? 0 }
        var page = SecretBuffer(capacity: 4096)
        for (index, row) in rows.enumerated() {
            for (column, cell) in row.enumerated() {
                page.append(index == 0 ? style.paint(cell, .bold) : cell)
                page.append(String(repeating: " ", count: widths[column] - columns(of: cell) + 2))
            }
            if index == 0 {
                page.append(style.paint(CommandProse.cookieHeadings.last ?? "", .bold))
            } else if let value = cookies[index - 1]["value"]?.secret {
                page.append(value, escape: escaped)
            } else if let digits = cookies[index - 1]["value_hex"]?.secret {
                page.append(CommandProse.noText)
                page.append(digits)
            } else {
                page.append(CommandProse.redacted(start: "", bytes: cookies[index - 1]["value_bytes"]?.integer ?? 0))
            }
            page.append("\n")
        }
        return page.take()
    }
}
