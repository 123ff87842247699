import Model

/// What is wrong in files that a person wrote: settings and recipes.
extension Failure {
    /// A mistake in a file.
    public static func fileMistake(_ path: String, _ mistake: FileMistake) -> Failure {
        Failure(.usage, Prose.mistake(path, mistake))
    }

    /// A file that cannot be read, or is not to be trusted.
    public static func personalFile(_ path: String, _ why: String) -> Failure {
        Failure(
            .usage, "\(Prose.printable(path)) \(why)",
            mend: "let it be a file of your own that others cannot write: chmod go-w")
    }

    /// An environment variable with a value that makes no sense.
    public static func badVariable(_ name: String, _ value: String, _ expected: String) -> Failure {
        Failure(.usage, "\(name) is \(Prose.printable(value)); expected \(expected)")
    }

    /// The recipe of a session is not there any more.
    public static func recipeGone(_ recipe: String, session: SessionName) -> Failure {
        Failure(
            .usage, "\"\(session)\" was made with the recipe \(Prose.printable(recipe)), which is not there any more",
            session: session,
            mend: "put its file back into the folder recipes, then: lanyard daemon reload")
    }

    /// The recipe of a session has a mistake.
    public static func recipeSpoiled(_ path: String, _ mistake: FileMistake, session: SessionName?) -> Failure {
        Failure(.usage, Prose.mistake(path, mistake), session: session, mend: "mend it, then: lanyard daemon reload")
    }

    /// The recipe does not renew any more.
    public static func recipeChanged(_ recipe: String, session: SessionName) -> Failure {
        Failure(
            .loginNeeded, "the recipe \(Prose.printable(recipe)) of \"\(session)\" no longer says how to renew",
            session: session, mend: "lanyard login \(session)")
    }
}

extension Prose {
    /// A mistake in a file, with its line.
    public static func mistake(_ path: String, _ mistake: FileMistake) -> String {
        let place = mistake.line > 0 ? "\(printable(path)):\(mistake.line)" : printable(path)
        return "\(place): \(words(mistake.fault))"
    }

    private static func words(_ fault: FileMistake.Fault) -> String {
        switch fault {
        case .syntax(let words): "this is no TOML: \(printable(words).lowercasedFirst)"
        case .unknownKey(let key, let known): "there is no key \(printable(key)) here; expected \(choice(known))"
        case .missingKey(let key): "\(key) is missing"
        case .value(let key, let expectation):
            "the value of \(printable(key)) makes no sense here; expected \(expected(expectation))"
        case .conflict(let one, let other): "\(one) and \(other) do not go together"
        case .tooLarge(let most): "it is larger than \(most >> 10) KiB"
        case .nameTaken(let name):
            "a recipe of a file cannot be called \(printable(name)); expected another name of A-Z a-z 0-9 . _ -"
        case .notText: "it is not UTF-8"
        }
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
