import Model

/// What `lanyard recipe` says.
extension CommandProse {
    /// Where a recipe comes from that is no file.
    public static let builtIn = "built in"

    /// `recipe check`: there is nothing wrong.
    public static func recipeIsGood(_ name: String, _ title: String) -> String {
        "ok: \(shown(name)), \(shown(title))"
    }

    /// `recipe check`: the file is not where recipes are read.
    public static func recipeElsewhere(_ folder: String) -> String {
        "to use it: put it into \(shown(folder)), then: lanyard daemon reload"
    }

    /// A file cannot be read.
    public static func cannotRead(_ path: String, _ reason: String) -> Failure {
        Failure(.usage, "cannot read \(shown(path)): \(lowered(reason))")
    }
}

extension Prose {
    /// Several recipes are for one host.
    public static func contested(_ host: String, _ recipes: [String]) -> String {
        let names = recipes.map { printable($0) }
        return
            "\(printable(host)) is a host of \(names.joined(separator: " and ")): \(names.first ?? "") is taken; for another: --recipe NAME"
    }
    /// A file has come since recipes were read.
    public static func recipeUnread(_ path: String) -> String {
        "\(printable(path)) is not read yet; to use it: lanyard daemon reload"
    }
    /// A file is no text.
    public static let noUTF8 = "it is not UTF-8"
}
