/// What is wrong in a file that a person wrote, and where: settings, a recipe.
public struct FileMistake: Error, Equatable, Sendable {
    /// The line, from 1; 0 where it is not about one.
    public let line: Int
    /// What is wrong there.
    public let fault: Fault

    /// `fault` at `line`.
    public init(_ fault: Fault, line: Int = 0) {
        self.line = line
        self.fault = fault
    }

    /// What can be wrong.
    public enum Fault: Equatable, Sendable {
        /// It is no TOML, in the words of the library that reads it.
        case syntax(String)
        /// The key means nothing there; those that do.
        case unknownKey(String, known: [String])
        /// A key that has to be there is not.
        case missingKey(String)
        /// What this key has makes no sense; what it should have.
        case value(String, expected: Expectation)
        /// These two keys do not go together.
        case conflict(String, String)
        /// The file is larger than so many bytes.
        case tooLarge(Int)
        /// The name that the file gives its recipe is a built-in one's.
        case nameTaken(String)
        /// The name that the file gives its recipe is none that a recipe can have.
        case badName(String)
        /// It is not UTF-8.
        case notText
    }

    /// What a key should have.
    public enum Expectation: Equatable, Sendable {
        case text, texts, textOrTexts, flag, table, tables, words, sessions
        case integer(from: Int, to: Int)
        case choice([String])
        case serverURL, scopes
        case reference, host, origin, token, absolutePath, template([String]), jsonValue
    }
}
