import Cookies
import Model
import Prose

/// A cookie file that comes in parts: nothing of it is kept before the last, so that it is one change.
struct CookieImport {
    /// The largest file, in bytes: its cookies fit one record of the journal, with what that writes around them.
    private static let largest = 16 << 20

    /// The cookies so far, expired ones too.
    private(set) var cookies: [Cookie] = []
    /// The number of the line that comes next.
    private var nextLine = 1
    private var size = 0

    /// Takes in the next part, which begins with the line of this number.
    /// - Returns: the lines that were skipped.
    /// - Throws: a ``Failure`` where it is not the next one, or where it is too much.
    mutating func take(_ part: SecretBytes, line: Int64, now: WallInstant) throws(Failure) -> [NetscapeFile.DamagedLine]
    {
        // What came before it has been let go of: the store was locked meanwhile, or it came too late.
        guard line == nextLine else { throw .importInterrupted }
        size += part.count
        guard size <= Self.largest else { throw .cookieFileTooLarge(megabytes: Self.largest >> 20) }
        let content = NetscapeFile.parse(part, now: now, firstLine: nextLine)
        cookies += content.cookies
        guard cookies.count <= CookieJar.most else { throw .tooManyCookies(CookieJar.most) }
        nextLine += part.withBytes { bytes in bytes.indices.count { bytes[$0] == UInt8(ascii: "\n") } }
        return content.damaged
    }

    /// The cookies that have not ended: an old line of a file deletes nothing.
    func live(_ now: WallInstant) -> [Cookie] { cookies.filter { !$0.isExpired(at: now) } }
}
