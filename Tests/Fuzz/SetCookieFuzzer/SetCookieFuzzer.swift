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
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSetCookie(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    // libFuzzer lends `size` bytes for this call.
    let input = unsafe Array(UnsafeBufferPointer(start: data, count: size))
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
    return 0
}

private func check(_ cookie: Cookie, _ from: RequestTarget) {
    let isBelow = ("." + from.host).hasSuffix("." + cookie.domain)
    precondition(cookie.isHostOnly ? cookie.domain == from.host : isBelow, "another host's cookie")
    precondition(cookie.isHostOnly || !PublicSuffix.isSuffix(cookie.domain), "a cookie for a public suffix")
    precondition(cookie.path.hasPrefix("/"), "no path")
    precondition(!cookie.isSecure || from.scheme == .https, "a Secure cookie in clear")
    precondition(cookie.expiry.map { $0 <= now + (400 * 86_400 + 70_000) } ?? true, "a cookie that does not end")
}
