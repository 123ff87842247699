import Cookies
import Model

/// Where the answers come from, and where requests go then.
private let targets = [
    RequestTarget(scheme: .https, host: "www.example.com", port: 443, path: "/a/b"),
    RequestTarget(scheme: .http, host: "example.com", port: 80, path: "/"),
    RequestTarget(scheme: .https, host: "127.0.0.1", port: 8443, path: "/a"),
    RequestTarget(scheme: .https, host: "a.co.uk", port: 443, path: "/a/"),
]

private let now = WallInstant(seconds: 1_527_811_200)

/// Reads any bytes as Set-Cookie lines of answers, by turns from several places.
///
/// Nothing may trap; a cookie goes where its answer came from and to no public suffix; what a jar says has changed makes
/// the same jar again, and a Cookie line is one field's value.
func trySetCookie(_ input: SecretBytes) {
    let input = input.withBytes { bytes in bytes.indices.map { bytes[$0] } }
    var (jar, journal) = (CookieJar(), CookieJar())
    for (turn, line) in input.split(separator: UInt8(ascii: "\n")).enumerated() {
        let (from, later) = (targets[turn % targets.count], now + Int64(turn))
        if let cookie = try? Cookie.parse(setCookie: SecretBytes(line), from: from, now: later) { check(cookie, from) }
        journal.apply(jar.store(setCookie: [SecretBytes(line)], from: from, now: later))
    }
    precondition(jar.count == jar.cookies.count && journal.count == jar.count, "cookies that are not counted")
    for target in targets {
        let line = jar.cookieLine(for: target, now: now).value
        precondition(line == journal.cookieLine(for: target, now: now).value, "a change that was not told")
        precondition(!(line?.contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F } ?? false), "a line that is two")
        precondition((line?.count ?? 0) <= CookieJar.longestLine, "a line that is too long")
    }
}

private func check(_ cookie: Cookie, _ from: RequestTarget) {
    let isBelow = ("." + from.host).hasSuffix("." + cookie.domain)
    precondition(cookie.isHostOnly ? cookie.domain == from.host : isBelow, "another host's cookie")
    precondition(cookie.isHostOnly || !PublicSuffix.isSuffix(cookie.domain), "a cookie for a public suffix")
    precondition(cookie.path.hasPrefix("/"), "no path")
    precondition(!cookie.isSecure || from.scheme == .https, "a Secure cookie in clear")
    precondition(cookie.expiry.map { $0 <= now + (400 * 86_400 + 70_000) } ?? true, "a cookie that does not end")
}

/// Reads any bytes as a cookie file.
///
/// Nothing may trap; each line is a cookie, damaged or neither; what is written is read as the same again; and a file in
/// two parts is the same file.
func tryNetscapeFile(_ input: SecretBytes) {
    let input = input.withBytes { bytes in bytes.indices.map { bytes[$0] } }
    let content = NetscapeFile.parse(SecretBytes(input), now: now)
    let lines = input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).count
    precondition(content.cookies.count + content.damaged.count <= lines, "more than there is")
    precondition(content.damaged.allSatisfy { (1...lines).contains($0.number) }, "a line that is not there")
    for cookie in content.cookies {
        precondition(cookie.isHostOnly || !PublicSuffix.isSuffix(cookie.domain), "a cookie for a public suffix")
        precondition(!cookie.value.contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }, "a value that is two")
    }
    let again = NetscapeFile.parse(NetscapeFile.write(content.cookies), now: now)
    let kept = content.cookies.count - NetscapeFile.Losses(content.cookies).leftOut
    precondition(again.damaged.isEmpty && again.cookies.count == kept, "a line that is not read again")
    var (jar, copy) = (CookieJar(), CookieJar())
    jar.add(content.cookies.filter { !$0.name.contains("\t") }, now: now)
    copy.add(again.cookies, now: now)
    if kept == content.cookies.count { precondition(jar.cookies.map(\.key) == copy.cookies.map(\.key), "another jar") }
    if let middle = input.firstIndex(of: UInt8(ascii: "\n")) {
        let first = NetscapeFile.parse(SecretBytes(input[...middle]), now: now)
        let second = NetscapeFile.parse(SecretBytes(input[(middle + 1)...]), now: now, firstLine: 2)
        precondition(first.damaged + second.damaged == content.damaged, "another damage in parts")
        precondition(first.cookies.count + second.cookies.count == content.cookies.count, "another file in parts")
    }
}
