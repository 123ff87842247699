import Model

/// What is wrong in files that a person wrote: settings and recipes.
extension Failure {
    /// A mistake in the settings.
    public static func settingsMistake(_ path: String, _ mistake: FileMistake) -> Failure {
        Failure(.usage, Prose.mistake(path, mistake), mend: Prose.mendFile)
    }

    /// A mistake in a directory's `.lanyard` file.
    public static func folderFileMistake(_ path: String, _ mistake: FileMistake) -> Failure {
        Failure(.usage, Prose.mistake(path, mistake), mend: "mend it, then: lanyard trust")
    }

    /// A file that was to be looked at is no recipe.
    public static func noRecipeFile(_ path: String, _ mistake: FileMistake) -> Failure {
        Failure(.usage, Prose.mistake(path, mistake), mend: "man lanyard-recipes has all keys, and examples")
    }

    /// A file that cannot be read, for the system's reason.
    public static func unreadableFile(_ path: String, _ reason: String) -> Failure {
        Failure(
            .usage, "\(Prose.printable(path)) cannot be read: \(reason.lowercasedFirst)",
            mend: "let it be a file of your own that you can read")
    }

    /// A file that cannot be read, or is not to be trusted.
    public static func personalFile(_ path: String, _ why: String) -> Failure {
        Failure(
            .usage, "\(Prose.printable(path)) \(why)",
            mend: "let it be a file of your own that others cannot write: chmod go-w")
    }

    /// An environment variable with a value that makes no sense.
    public static func badVariable(_ name: String, _ value: String, _ expected: String) -> Failure {
        Failure(
            .usage, "\(name) is \(Prose.printable(value)); expected \(expected)",
            mend: "set it so, or: unset \(name)")
    }

    /// The recipe of a session is not there any more.
    public static func recipeGone(_ recipe: String, session: SessionName) -> Failure {
        Failure(
            .internal,
            "\"\(session)\" was made with the recipe \(Prose.printable(recipe)), which is not there any more",
            session: session,
            mend: "put its file back into the folder recipes, then: lanyard daemon reload")
    }

    /// The recipe of a session has a mistake.
    public static func recipeSpoiled(_ path: String, _ mistake: FileMistake, session: SessionName?) -> Failure {
        Failure(
            session == nil ? .usage : .internal, Prose.mistake(path, mistake), session: session, mend: Prose.mendFile)
    }

    /// The recipe does not renew any more.
    public static func recipeChanged(_ recipe: String, session: SessionName) -> Failure {
        Failure(
            .loginNeeded, "the recipe \(Prose.printable(recipe)) of \"\(session)\" no longer says how to renew",
            session: session, mend: "lanyard login \(session)")
    }
}

extension Prose {
    /// What to do about a mistake in a file that the daemon reads.
    public static let mendFile = "mend it, then: lanyard daemon reload"

    /// A mistake has kept a reload from changing anything.
    public static func notReloaded(_ reason: String) -> String {
        "settings and recipes are those from before: \(reason)"
    }

    /// A mistake in a file, with its line.
    public static func mistake(_ path: String, _ mistake: FileMistake) -> String {
        let place = mistake.line > 0 ? "\(printable(path)):\(mistake.line)" : printable(path)
        return "\(place): \(words(mistake.fault))"
    }

    private static func words(_ fault: FileMistake.Fault) -> String {
        switch fault {
        case .syntax(let words): "this is no TOML: \(syntax(words))"
        case .unknownKey(let key, let known): "there is no key \(printable(key)) here; expected \(choice(known))"
        case .missingKey(let key): "\(key) is missing"
        case .value(let key, let expectation):
            "the value of \(printable(key)) makes no sense here; expected \(expected(expectation))"
        case .conflict(let one, let other): "\(one) and \(other) do not go together"
        case .tooLarge(let most): "it is larger than \(most >> 10) KiB"
        case .nameTaken(let name):
            "there is a recipe \(printable(name)) that comes with Lanyard; expected another name for the file"
        case .badName(let name):
            "the file's name makes the recipe \(printable(name)); expected a name of A-Z a-z 0-9 . _ -"
        case .notText: "it is not UTF-8"
        }
    }

    /// What toml++ says of the mistakes that people make most, in plainer words.
    private static func syntax(_ said: String) -> String {
        if said.contains("parsing string") {
            if said.contains("control character") || said.contains("end-of-file") {
                return "a text is not closed by its quote on the same line"
            }
        }
        if said.contains("could not determine value type") {
            return "a value is none; expected a text in quotes, a whole number, true, false or a list"
        }
        return printable(said).lowercasedFirst
    }

    /// What a key or a variable should have, to stand after "expected ".
    public static func expected(_ expectation: FileMistake.Expectation) -> String {
        switch expectation {
        case .text: "a text"
        case .texts: "a list of texts"
        case .textOrTexts: "a text or a list of texts"
        case .sessions: "the name of a session, or a list of names"
        case .flag: "true or false"
        case .table: "a table"
        case .tables: "tables, each under its name in two brackets"
        case .serverURL: "a URL of https, such as https://id.example.org"
        case .scopes: "a list of scopes, such as [\"read\", \"write\"]"
        case .words: "a command as a list of its words, such as [\"touch\", \"/tmp/x\"]"
        case .integer(let from, let to): "a whole number from \(from) to \(to), or a list of them"
        case .choice(let names): choice(names)
        case .reference: "a path of the site, such as /login"
        case .host: "hosts, such as [\"git.example.org\", \"*.example.com\"]"
        case .origin: "origins that a login passes through, such as \"https://sso.example.org\""
        case .token: "a name without spaces or signs that HTTP has for itself"
        case .absolutePath: "a path from the root or from ~/"
        case .template(let placeholders): "text, in braces one of \(placeholders.joined(separator: " "))"
        case .jsonValue: "a text, a whole number, true, false or a table"
        }
    }

    private static func choice(_ names: [String]) -> String {
        guard let last = names.last, names.count > 1 else { return names.first ?? "nothing" }
        return names.dropLast().joined(separator: ", ") + " or " + last
    }

    /// A recipe that cannot be used.
    public static func cannotUse(_ mistake: String) -> String { "a recipe cannot be used: \(mistake)" }
}

extension String {
    /// The first letter in lower case, as sentences here begin.
    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
