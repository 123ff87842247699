import Model
import Prose

/// What `lanyard status` says: the daemon, the store and why this one, the next renewals.
public struct StatusPage {
    private let status: JSONValue
    private let time: TimePhrase

    /// The page of a `Status` answer.
    public init(_ status: JSONValue, now: WallInstant = Clock.system.wall()) {
        self.status = status
        time = TimePhrase(now: now)
    }

    /// The page for people.
    public func text() -> SecretBytes {
        var page = PageText(indent: 0)
        page.row("daemon", CommandProse.daemon(status, time))
        page.row("socket", status["socket"]?.shownText ?? "")
        page.row("store", CommandProse.store(status["store"]))
        page.row("sessions", CommandProse.sessions(status["sessions"]?.integer))
        for (index, renewal) in (status["next"]?.elements ?? []).enumerated() {
            page.row(index == 0 ? "next" : "", CommandProse.renewal(renewal, time))
        }
        page.row("memory", CommandProse.memory(isLocked: status["memory_locked"]?.bool ?? false))
        for warning in status["warnings"]?.elements?.compactMap(\.shownText) ?? [] { page.row("warning", warning) }
        return page.finish()
    }

    /// The object of `lanyard status --json`.
    public func json() -> SecretBytes {
        var json = JSONWriter()
        json.object { json in
            for name in ["version", "pid", "socket", "store", "sessions", "next"] { json.member(name, status[name]) }
        }
        return json.finish()
    }
}
