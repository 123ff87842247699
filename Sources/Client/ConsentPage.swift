import Model
import Prose

/// What `lanyard confirm` prints: programs that wait for the person's consent, or have their answer.
public struct ConsentPage {
    private let wishes: [JSONValue]
    private let refused: [JSONValue]
    private let time: TimePhrase

    /// The page of these programs, each as the daemon tells it.
    /// - Parameter refused: those that were refused before.
    public init(_ wishes: [JSONValue], refused: [JSONValue] = [], now: WallInstant = Clock.system.wall()) {
        self.wishes = wishes
        self.refused = refused
        time = TimePhrase(now: now)
    }

    /// Those that wait and those that were refused, for people.
    public func asked() -> String {
        var lines = wishes.isEmpty ? [CommandProse.nobodyWaits] : wishes.map { CommandProse.waits($0, time) }
        if !wishes.isEmpty { lines.append(CommandProse.howToAnswer) }
        lines += refused.map(CommandProse.wasRefused)
        return lines.map { $0 + "\n" }.joined()
    }

    /// Those that were answered, for people.
    public func answered(allowed: Bool) -> String {
        wishes.map { CommandProse.answered($0, allowed: allowed) + "\n" }.joined()
    }

    /// The array of `lanyard confirm --json`.
    /// - Parameter isRefused: whether the programs of this page have been refused just now.
    public func json(isRefused: Bool = false) -> SecretBytes {
        var json = JSONWriter()
        json.array { json in
            for wish in wishes { write(wish, isRefused, &json) }
            for wish in refused { write(wish, true, &json) }
        }
        return json.finish()
    }

    private func write(_ wish: JSONValue, _ isRefused: Bool, _ json: inout JSONWriter) {
        json.object { json in
            for name in ["session", "leader", "leader_program", "pid", "program", "since"] {
                json.member(name, wish[name])
            }
            json.member("refused", isRefused)
        }
    }
}
