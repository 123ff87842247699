import Model
import Prose

/// What `lanyard status` says: the daemon, the store and why this one, the next renewals.
public struct StatusPage {
    private let status: JSONValue
    private let width: Int?
    private let time: TimePhrase

    /// The page of a `Status` answer.
    /// - Parameter width: the columns of the terminal; nil where it is read by a program.
    public init(_ status: JSONValue, width: Int? = nil, now: WallInstant = Clock.system.wall()) {
        self.status = status
        self.width = width
        time = TimePhrase(now: now)
    }

    /// The page for people.
    public func text() -> SecretBytes {
        var page = PageText(indent: 0, width: width)
        page.row("daemon", CommandProse.daemon(status, time))
        page.row("socket", status["socket"]?.shownText ?? "")
        page.row("store", CommandProse.store(status["store"]))
        if let mend = status["store"]?["mend"]?.shownText { page.row("", CommandProse.explainMend(mend)) }
        page.row("sessions", CommandProse.sessions(status["sessions"]?.integer))
        for (index, renewal) in (status["next"]?.elements ?? []).enumerated() {
            page.row(index == 0 ? "next" : "", CommandProse.renewal(renewal, time))
        }
        page.row("memory", CommandProse.memory(isLocked: status["memory_locked"]?.bool ?? false))
        for member in ["store_warnings", "warnings"] {
            for warning in status[member]?.elements?.compactMap(\.shownText) ?? [] { page.row("warning", warning) }
        }
        return page.finish()
    }

    /// The object of `lanyard status --json`.
    public func json() -> SecretBytes {
        var json = JSONWriter()
        json.object { json in
            for name in ["version", "pid", "socket"] { json.member(name, status[name]) }
            json.object("store") { json in
                for name in ["kind", "state", "reason"] { json.member(name, status["store"]?[name]) }
            }
            json.member("sessions", status["sessions"])
            json.member("next", status["next"])
        }
        return json.finish()
    }
}
