import Model
import Prose

/// What `lanyard recipe` reads and prints.
public struct RecipePage {
    private let answer: JSONValue

    /// The page of a `Recipes` answer.
    public init(_ answer: JSONValue) { self.answer = answer }

    /// The table for people.
    public func text() -> SecretBytes {
        let rows = (answer["recipes"]?.elements ?? []).map { recipe in
            [
                recipe["name"]?.shownText ?? "", recipe["title"]?.shownText ?? "",
                recipe["path"]?.shownText ?? CommandProse.builtIn,
            ]
        }
        let width = (0..<2).map { column in rows.map { $0[column].count }.max() ?? 0 }
        var buffer = SecretBuffer()
        for row in rows {
            for column in 0..<2 {
                buffer.append(row[column] + String(repeating: " ", count: width[column] - row[column].count + 2))
            }
            buffer.append(row[2] + "\n")
        }
        return buffer.take()
    }

    /// Files that are no recipes, a sentence each.
    public var mistakes: [String] { (answer["mistakes"]?.elements ?? []).compactMap(\.shownText) }

    /// What else a person should know, a sentence each.
    public var notices: [String] { (answer["notices"]?.elements ?? []).compactMap(\.shownText) }

    /// The array of `lanyard recipe list --json`.
    public func json() -> SecretBytes {
        var json = JSONWriter()
        json.array { json in
            for recipe in answer["recipes"]?.elements ?? [] {
                json.object { json in
                    for name in ["name", "title", "hosts", "path"] { json.member(name, recipe[name]) }
                }
            }
        }
        return json.finish()
    }
}
