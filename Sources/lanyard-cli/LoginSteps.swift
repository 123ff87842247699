import Client
import Model
import Prose

/// What a login says and asks for on its way: on stdout or, where that is for JSON, on stderr.
final class LoginSteps {
    private let isJSON: Bool

    init(isJSON: Bool) { self.isJSON = isJSON }

    /// Says a line.
    func say(_ line: String) throws(Failure) {
        if isJSON { return ErrorLine.say(line) }
        try Output.write(shown(line) + "\n")
    }

    /// Does what a step says.
    /// - Returns: what is waited for then, and for how many seconds.
    func take(_ step: JSONValue) throws(Failure) -> (what: String, seconds: Double)? {
        let left = Double(step["left"]?.integer ?? 60)
        switch step["kind"]?.string {
        case "say":
            try say(step["text"]?.string ?? "")
            return nil
        case "open":
            try open(step["url"]?.string ?? "", isFirst: step["first"]?.bool ?? false)
            return (CommandProse.waitingForBrowser, left)
        case "code":
            for line in CommandProse.enterCode(
                step["code"]?.string ?? "", at: step["url"]?.string ?? "", complete: step["complete"]?.string)
            { try say(line) }
            try draw(QRPicture(step["picture"]?.elements?.compactMap(\.string) ?? []))
            return (CommandProse.waitingForCode, left)
        default: throw CommandProse.unknownQuestion(step["kind"]?.string ?? "")
        }
    }

    private func draw(_ picture: QRPicture?) throws(Failure) {
        guard !isJSON, let picture, picture.canBeShown else { return }
        for line in picture.lines(Style(.auto)) { try Output.write(line + "\n") }
    }

    private func open(_ url: String, isFirst: Bool) throws(Failure) {
        guard isFirst else { return try say(CommandProse.joinsLogin) }
        // Said first, so that a browser that opens in this terminal hides nothing.
        try say(Browser.isHere ? CommandProse.openingBrowser : CommandProse.openAnywhere)
        try say("  " + url)
        if Browser.isHere { _ = Browser.open(url) }
        if !Browser.isHere, let answer = PastedAnswer(to: url), let terminal = Terminal() {
            return try answer.ask(at: terminal)
        }
        try say(CommandProse.waitingForYou)
    }
}
