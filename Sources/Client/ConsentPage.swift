import Model
import Prose

/// What `lanyard confirm` prints: programs that wait for the person's consent, or have it.
public struct ConsentPage {
    private let wishes: [JSONValue]
    private let time: TimePhrase

    /// The page of these programs, each as the daemon tells it.
    public init(_ wishes: [JSONValue], now: WallInstant = Clock.system.wall()) {
        self.wishes = wishes
        time = TimePhrase(now: now)
    }

    /// Those that wait, for people.
    public func waiting() -> String {
        guard !wishes.isEmpty else { return CommandProse.nobodyWaits + "\n" }
        let lines = wishes.map { CommandProse.waits($0, time) } + [CommandProse.howToAnswer]
        return lines.map { $0 + "\n" }.joined()
    }

    /// Those that were answered, for people.
    public func answered(allowed: Bool) -> String {
        wishes.map { CommandProse.answered($0, allowed: allowed) + "\n" }.joined()
    }

    /// The array of `lanyard confirm --json`.
    public func json() -> SecretBytes {
        var json = JSONWriter()
        json.array { json in
            for wish in wishes {
                json.object { json in
                    for name in ["session", "leader", "leader_program", "pid", "program", "since"] {
                        json.member(name, wish[name])
                    }
                }
            }
        }
        return json.finish()
    }
}
