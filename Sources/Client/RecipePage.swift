import Glibc
import Model
import Prose

/// What `lanyard recipe` reads and prints.
public struct RecipePage {
    /// The most that the daemon takes of a file, in bytes.
    private static let largest = 32 << 10

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

    /// The text of the file at `path`, `-` for standard input.
    public static func file(_ path: String) throws(Failure) -> SecretBytes {
        if path == "-" {
            let text = try SecretInput.readAll()
            return text.copy(0..<min(text.count, largest + 1))
        }
        // A Swift string is lent to C as a path for the length of the call.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw CommandProse.cannotRead(path, lastError()) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 16 << 10)
        while bytes.count <= largest {
            // read writes at most the array's size.
            let count = unsafe part.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 { throw CommandProse.cannotRead(path, lastError()) }
            if count == 0 { break }
            bytes += part.prefix(count)
        }
        guard String(validating: bytes, as: UTF8.self) != nil else { throw CommandProse.cannotRead(path, Prose.noUTF8) }
        return SecretBytes(bytes.prefix(largest + 1))
    }
}
