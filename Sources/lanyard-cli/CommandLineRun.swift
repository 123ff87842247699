import ArgumentParser
import Client
import Glibc
import Model
import Prose

/// One run of the command: takes the arguments apart, runs the command they name, and words what goes wrong.
struct CommandLineRun {
    private let arguments: [String]

    init(_ arguments: [String]) { self.arguments = arguments }

    /// Runs the command.
    /// - Returns: its exit status.
    func perform() -> Int32 {
        if let unknown = unknownCommand {
            ErrorLine.say(CommandProse.noCommand(unknown.words, nearest: unknown.nearest))
            ErrorLine.say(CommandProse.seeHelp(unknown.group))
            return Failure.Code.usage.exitStatus
        }
        do {
            var command = try LanyardCommand.parseAsRoot(arguments)
            try command.run()
            return 0
        } catch let failure as Failure {
            return ErrorLine.report(failure)
        } catch let code as ExitCode {
            return code.rawValue
        } catch {
            return report(error)
        }
    }

    /// Says what the parser has to say: help and completions on stdout, the misuse of a command on stderr.
    private func report(_ error: any Error) -> Int32 {
        if LanyardCommand.exitCode(for: error) == .success {
            return write(LanyardCommand.fullMessage(for: error))
        }
        let message = LanyardCommand.message(for: error)
        for (index, line) in message.split(separator: "\n").enumerated() {
            ErrorLine.say(index == 0 ? CommandProse.usage(String(line)) : String(line))
        }
        ErrorLine.say(CommandProse.seeHelp(commands.isEmpty ? nil : commands.joined(separator: " ")))
        // env(1) and its like use 125 for this, so that it is told apart from the program's own 64.
        return commands.first == "run" ? RunRequest.ownFailure : Failure.Code.usage.exitStatus
    }

    private func write(_ text: String) -> Int32 {
        do {
            try Output.write(text.hasSuffix("\n") ? text : text + "\n")
            return 0
        } catch {
            return ErrorLine.report(error)
        }
    }

    /// The command that is meant, or that `help` is asked about, where there is none of that name: the parser would take
    /// it for an argument too many, or print its own help.
    private var unknownCommand: (words: String, group: String?, nearest: String?)? {
        var known = LanyardCommand.configuration.allSubcommands
        var group: [String] = []
        for word in arguments.first == "help" ? arguments.dropFirst() : arguments[...] {
            if known.isEmpty || word.hasPrefix("-") || word == "help" { return nil }
            guard let command = known.first(where: { $0._commandName == word }) else {
                let nearest = nearestName(to: word, among: known.map { $0._commandName })
                let words = { (last: String) in (group + [last]).joined(separator: " ") }
                return (words(word), group.isEmpty ? nil : group.joined(separator: " "), nearest.map(words))
            }
            group.append(word)
            known = command.configuration.allSubcommands
        }
        return nil
    }

    /// The names of the command that was meant, `cookies set` say; none where there is none.
    private var commands: [String] {
        var names: [String] = []
        var known = LanyardCommand.configuration.allSubcommands
        for word in arguments {
            guard let command = known.first(where: { $0._commandName == word }) else { break }
            names.append(word)
            known = command.configuration.allSubcommands
        }
        return names
    }
}
