import ArgumentParser
import Client
import Model
import Prose

/// How a result is printed.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print JSON, for scripts.")
    var json = false

    @OptionGroup var color: ColorOption
}

/// How a command whose result is a session tells it.
struct ResultOptions: ParsableArguments {
    @Flag(help: "Print the session as JSON, as list does.")
    var json = false

    /// Prints the session, or what people are told about it.
    func write(_ session: SessionView, _ lines: [String]) throws(Failure) {
        if json { return try Output.write(JSONPage.text(of: session.json())) }
        for line in lines { try Output.write(line + "\n") }
    }
}

/// The value of an option that an empty text is none for.
func notEmpty(_ text: String) throws -> String {
    if text.isEmpty { throw ValidationError(CommandProse.emptyValue) }
    return text
}

/// Whether a result is coloured.
struct ColorOption: ParsableArguments {
    @Option(name: .customLong("color"), help: "Colour: auto (on a terminal), always or never.")
    var choice = Style.Choice.auto

    var style: Style { Style(choice) }
}

extension Style.Choice: ExpressibleByArgument {}

/// The session that a command is about.
struct SessionArgument: ParsableArguments {
    @Argument(help: "The session's name.", completion: sessionNames)
    var name: String
}

/// Completes the names of the sessions there are; without a daemon, none.
let sessionNames = CompletionKind.custom { (_: [String], _: Int, _: String) in
    guard var agent = try? Agent.running(), let answer = try? agent.call(.list, within: 1) else { return [] }
    return answer["sessions"]?.elements?.compactMap { SessionView($0)?.name } ?? []
}

/// Completes the names of the recipes there are; without a daemon, none.
let recipeNames = CompletionKind.custom { (_: [String], _: Int, _: String) in
    guard var agent = try? Agent.running(), let answer = try? agent.call(.recipes, within: 1) else { return [] }
    return answer["recipes"]?.elements?.compactMap { $0["name"]?.string } ?? []
}
