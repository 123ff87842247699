import Model
import Prose
import Varlink

/// `lanyard env`: what a shell evaluates so that plain curl gets sessions, those marked ambient.
public struct ShellEnvironment: Equatable, Sendable {
    /// The shells whose language is spoken.
    public enum Shell: String, CaseIterable, Sendable {
        case bash, zsh, fish

        /// The person's own shell, as `SHELL` has it; nil where its language is another.
        public static var own: Shell? { Environment.value("SHELL").flatMap { Shell(path: $0) } }

        /// The shell that is the program at `path`; those that speak POSIX's language count as bash.
        init?(path: String) {
            switch path.split(separator: "/").last ?? "" {
            case "bash", "sh", "dash", "ash", "ksh", "mksh": self = .bash
            case "zsh": self = .zsh
            case "fish": self = .fish
            default: return nil
            }
        }
    }

    /// What `LD_PRELOAD` is to be; nil for not set.
    let preload: String?

    /// With the library before what is preloaded already; as often as one likes.
    init(adding library: String, to preloaded: String?) {
        let others = Self.without(library, preloaded)
        preload = others.isEmpty ? library : library + ":" + others
    }

    /// Without the library: as it was before.
    init(removing library: String, from preloaded: String?) {
        let others = Self.without(library, preloaded)
        preload = others.isEmpty ? nil : others
    }

    /// The value without our library, and otherwise as it is: what is not ours is none of our business.
    private static func without(_ library: String, _ preloaded: String?) -> String {
        var rest = preloaded ?? ""
        while rest == library || rest.hasPrefix(library + ":") || rest.hasPrefix(library + " ") {
            rest = String(rest.dropFirst(library.count + 1))
        }
        let entries = rest.split { $0 == ":" || $0 == " " }
        guard entries.contains(where: { $0 == library }) else { return rest }
        // Somebody has put something before it.
        return entries.filter { $0 != library }.joined(separator: ":")
    }

    /// The lines for a shell.
    func text(for shell: Shell) -> String {
        switch (shell, preload) {
        case (.fish, let value?): "set -gx LD_PRELOAD \(Self.quoted(value, escaping: true))\n"
        case (.fish, nil): "set -e LD_PRELOAD\n"
        case (_, let value?): "export LD_PRELOAD=\(Self.quoted(value, escaping: false))\n"
        case (_, nil): "unset LD_PRELOAD\n"
        }
    }

    /// `text` within single quotes. Only fish knows an escape there.
    private static func quoted(_ text: String, escaping: Bool) -> String {
        var quoted = "'"
        for character in text {
            switch character {
            case "'": quoted += escaping ? "\\'" : "'\\''"
            case "\\" where escaping: quoted += "\\\\"
            default: quoted.append(character)
            }
        }
        return quoted + "'"
    }

    /// Writes what `shell` is to evaluate on stdout, and starts the daemon where it does not run: the library never does.
    /// - Parameter off: as it was before, instead.
    /// - Throws: a ``Failure``.
    public static func perform(_ shell: Shell?, off: Bool) throws(Failure) {
        guard let shell = shell ?? .own else { throw CommandProse.unknownShell(Environment.value("SHELL")) }
        // Under `run` the library is there, for all sessions, and says what it does not attach.
        guard Environment.value("LANYARD_RUN") == nil else { return ErrorLine.say(CommandProse.isUnderRun) }
        let library = try InstalledFiles.preloadable()
        let preloaded = Environment.value("LD_PRELOAD")
        let result =
            off
            ? ShellEnvironment(removing: library, from: preloaded) : ShellEnvironment(adding: library, to: preloaded)
        let about = off ? "" : CommandProse.aboutEnvironment(fish: shell == .fish).map { "# \($0)\n" }.joined()
        try Output.write(result.text(for: shell) + about)
        if !off { _ = try Agent.reach() }
    }
}
