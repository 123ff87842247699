/// A `.lanyard` file: it names the sessions to use in its folder and below. Whoever asks reads it, so that no slow file
/// system holds up the daemon; it counts only where the person trusts it.
public struct FolderFile: Equatable, Sendable {
    /// The most bytes of one; the preload library's limit too.
    public static let largest = 4096
    /// The most of them in a question; the preload library's limit too.
    public static let most = 4

    /// Its absolute path.
    public let path: String
    /// What is in it.
    public let text: String

    /// A file at `path` with this in it.
    public init(path: String, text: String) {
        self.path = path
        self.text = text
    }
}
