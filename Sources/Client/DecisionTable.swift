import Model
import Prose

/// What `lanyard why` prints: the last decisions, the oldest first.
public struct DecisionTable {
    private var decisions: [JSONValue] = []
    private var count = 0
    private var since: WallInstant?
    private var isComplete = true
    private let time: TimePhrase

    /// An empty table; `now` is the moment that times of today are told from others by.
    public init(now: WallInstant = Clock.system.wall()) { time = TimePhrase(now: now) }

    /// Adds what one answer of the daemon's says.
    public mutating func add(_ answer: JSONValue) {
        decisions += answer["decisions"]?.elements ?? []
        count = Int(answer["count"]?.integer ?? 0)
        since = answer["since"]?.instant
        isComplete = answer["complete"]?.bool ?? true
    }

    /// The table for people; below it, since when decisions are kept.
    public func text() -> String {
        let rows = decisions.map { decision in
            [
                decision["time"]?.instant.map { time.moment($0, exact: true) } ?? "",
                [decision["program"]?.shownText, decision["pid"]?.integer.map { String($0) }].compactMap(\.self)
                    .joined(separator: " "),
                decision["method"]?.shownText ?? "", decision["url"]?.shownText ?? "-",
                decision["text"]?.shownText ?? "",
            ]
        }
        let widths = (0..<4).map { column in rows.map { columns(of: $0[column]) }.max() ?? 0 }
        var text = ""
        for row in rows {
            for (cell, width) in zip(row, widths) {
                text += cell + String(repeating: " ", count: width - columns(of: cell) + 2)
            }
            text += (row.last ?? "") + "\n"
        }
        guard let since else { return text }
        return text
            + CommandProse.decisions(count, shown: rows.count, since: since, isComplete: isComplete, time) + "\n"
    }

    /// The array of `lanyard why --json`.
    public func json() -> SecretBytes {
        var json = JSONWriter()
        json.array { json in
            for decision in decisions {
                json.object { json in
                    for name in ["time", "program", "pid", "method", "url", "session", "reason"] {
                        json.member(name, decision[name])
                    }
                }
            }
        }
        return json.finish()
    }
}
