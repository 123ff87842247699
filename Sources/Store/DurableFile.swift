/// A small file of the person's own state that is written whole.
public enum DurableFile {
    /// Puts a file of these bytes, 0600, at `path`, an absolute one; its folders are made (0700) where they are missing. A
    /// crash at any instant leaves the old file or the new one whole, and once this returns the new one.
    /// - Throws: ``StoreFailure/folder(path:_:)``, ``StoreFailure/io(path:errno:)``; then the old one is in its place.
    public static func replace(_ path: String, with bytes: [UInt8]) throws(StoreFailure) {
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        let folder = try Folder(String(path[..<slash]))
        _ = try folder.replace(String(path[slash...].dropFirst()), with: bytes)
        try folder.sync()
    }
}
