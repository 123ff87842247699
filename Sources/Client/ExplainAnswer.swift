import Model
import Prose

/// What the daemon says about which session a URL gets.
public struct ExplainAnswer {
    private let answer: JSONValue

    /// An answer to `Explain`.
    public init(_ answer: JSONValue) { self.answer = answer }

    private var reason: String? { answer["reason"]?.string }

    /// 0 if a session would be attached, 5 if two fit equally well, else 3.
    public var exitStatus: Int32 {
        if reason == "ambiguous" { return Failure.Code.ambiguous.exitStatus }
        let isAttached = answer["session"]?.string != nil && (reason == nil || reason == "attached")
        return isAttached ? 0 : Failure.Code.noMatch.exitStatus
    }

    /// What it says to people.
    public var text: String {
        let mend = answer["mend"]?.string.map { CommandProse.explainMend($0) + "\n" }
        return shown(answer["text"]?.string ?? "") + "\n" + (mend ?? "")
    }

    /// The object of `lanyard explain --json`.
    public func json() -> SecretBytes {
        var json = JSONWriter()
        json.object { json in
            for name in ["url", "session", "rule", "reason", "mend"] { json.member(name, answer[name]) }
        }
        return json.finish()
    }
}
