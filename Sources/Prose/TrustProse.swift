import Model

/// What people are told of `.lanyard` files.
extension Prose {
    /// A path's end: as much of it as is shown.
    static func shownPath(_ path: String) -> String {
        let end = path.suffix(120)
        return (end.count < path.count ? "…" : "") + printable(end)
    }

    /// To stand after the names of sessions: the file that names them; empty where there is none.
    static func named(in file: String?) -> String { file.map { " (named in \(shownPath($0)))" } ?? "" }

    /// A file is not what it was when the person trusted it.
    public static func changedFile(_ path: String) -> String {
        "\(shownPath(path)) has changed since you trusted it, and does not count; if it is right: lanyard trust"
    }

    /// What `explain` says of files that do not count; nil where there are none.
    public static func untrusted(changed: String?, unknown: String?) -> String? {
        if let changed { return changedFile(changed) }
        return unknown.map { "there is \(shownPath($0)), which you have not trusted; if it is right: lanyard trust" }
    }
}

extension Failure {
    /// Too many files are trusted.
    public static func tooManyTrusted(_ most: Int) -> Failure {
        Failure(.usage, "\(most) .lanyard files are trusted already", mend: "lanyard trust --list, lanyard trust --off")
    }
}

extension CommandProse {
    /// There is no `.lanyard` file.
    package static func noFolderFile() -> Failure {
        Failure(
            .usage, "there is no .lanyard file here, and none above",
            mend: "make one that says: session = \"NAME\"")
    }

    /// A `.lanyard` file that does not count, whatever is in it.
    package static func unusableFolderFile(_ path: String, _ why: String) -> Failure {
        Failure(
            .usage, "\(shown(path)) does not count: \(why)",
            mend: "let it be a file of your own, of text, and of 4 KiB at most")
    }

    package static let folderFileIsNoFile = "it is a link, or no file at all"
    package static let folderFileIsForeign = "it belongs to another user"
    package static let folderFileIsLarge = "it is larger than 4 KiB"
    package static let folderFileIsNoText = "it is not text"

    /// What trusting a file means.
    package static func trusted(_ path: String, _ sessions: [String]) -> String {
        let names = sessions.map { "\"\(shown($0))\"" }.joined(separator: ", ")
        return "trusted \(shown(path)) · requests from there and below choose among: \(names)"
    }

    /// A session that a trusted file names is not there.
    package static func isMissing(_ session: String) -> String {
        "there is no session \"\(shown(session))\" yet: until there is, nothing is attached there"
    }

    /// A file is trusted no longer, or never was.
    package static func distrusted(_ path: String, was: Bool) -> String {
        was ? "\(shown(path)) is no longer trusted" : "\(shown(path)) was not trusted"
    }
}
