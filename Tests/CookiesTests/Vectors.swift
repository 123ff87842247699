import Glibc
import Cookies
import Model

/// The rows of a file in Tests/Vectors.
func vectorLines(_ name: String, testFile: String = #filePath) -> [String] {
    var path = testFile
    for _ in 0..<2 { path.removeSubrange((path.lastIndex(of: "/") ?? path.startIndex)...) }
    // The path and the mode are NUL-terminated by Swift for the call; a missing file has no rows, which a test sees.
    guard let file = unsafe fopen(path + "/Vectors/" + name, "r") else { return [] }
    // Closed once, when nothing uses it any more.
    defer { unsafe _ = fclose(file) }
    var text: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 65_536)
    while true {
        // At most `part`'s bytes are written.
        let count = unsafe fread(&part, 1, part.count, file)
        if count == 0 { break }
        text += part[..<count]
    }
    return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
}

/// The target of an http or https URL of a test.
func target(_ url: String) -> RequestTarget {
    let scheme = url.hasPrefix("https") ? Scheme.https : .http
    let rest = url.dropFirst(scheme == .https ? 8 : 7)
    let authority = rest.prefix { $0 != "/" }
    let path = rest.dropFirst(authority.count).prefix { $0 != "?" }
    let isIPv6 = authority.hasPrefix("[")
    let host = isIPv6 ? authority.dropFirst().prefix { $0 != "]" } : authority.prefix { $0 != ":" }
    let port = authority.dropFirst(host.count + (isIPv6 ? 2 : 0)).dropFirst()
    return RequestTarget(
        scheme: scheme, host: String(host), port: UInt16(port) ?? scheme.defaultPort,
        path: path.isEmpty ? "/" : String(path))
}

/// 2018-06-01, when the rows of the vectors are to be read.
let june2018 = WallInstant(seconds: 1_527_811_200)

/// A secret of a test, in which there are none.
func text(_ secret: SecretBytes?) -> String { secret?.exposedText() ?? "" }

extension CookieJar {
    /// Stores lines that are text.
    @discardableResult
    mutating func store(_ lines: [String], from url: String, now: WallInstant = june2018) -> JarChange {
        store(setCookie: lines.map { SecretBytes($0) }, from: target(url), now: now)
    }

    /// The Cookie field for a URL; empty for none.
    func line(_ url: String, now: WallInstant = june2018) -> String {
        text(cookieLine(for: target(url), now: now).value)
    }
}
