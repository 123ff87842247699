import Model

/// Everything that a person reads is written in this target, under these rules (the preload library, in C, has its few
/// lines in `notice.h`; the options' help stands with the options):
///
/// - Lower case, no full stop, as in a conversation; names of sessions stand in double quotes.
/// - A failure says what happened, to which session, and what to do next: a command where one mends it.
/// - What the person did not ask for is not said. Nothing is asked that the site or the store already knows.
/// - Never a secret, never a query string, never a status code without what it means.
/// - Text that a server sent is not repeated, but for names and addresses the person typed.
public enum Prose {}

extension Prose {
    /// `"a"`, `"a" and "b"`, `"a", "b" and "c"`.
    static func names(_ names: [SessionName]) -> String {
        let quoted = names.map { "\"\($0)\"" }
        guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "" }
        return quoted.dropLast().joined(separator: ", ") + " and " + last
    }
}
