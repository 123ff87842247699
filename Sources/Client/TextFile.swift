import Glibc
import Model
import Prose

/// Reads a file that a person names, for the daemon to look at.
public enum TextFile {
    /// The most that the daemon takes of a recipe, in bytes.
    public static let largestRecipe = 32 << 10

    /// The text of the file at `path`, `-` for standard input.
    /// - Parameter largest: what the daemon takes, in bytes; of a larger file one byte more is read, by which it is known.
    public static func read(_ path: String, largest: Int) throws(Failure) -> SecretBytes {
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
            let count = unsafe part.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 { throw CommandProse.cannotRead(path, lastError()) }
            if count == 0 { break }
            bytes += part.prefix(count)
        }
        guard String(validating: bytes, as: UTF8.self) != nil else { throw CommandProse.cannotRead(path, Prose.noUTF8) }
        return SecretBytes(bytes.prefix(largest + 1))
    }
}
