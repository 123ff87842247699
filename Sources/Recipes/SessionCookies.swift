import Cookies
import Model

extension Recipe.SessionCookies {
    /// The name of the session's cookie among those an answer has set: the usual one, else one that is HttpOnly, as a
    /// session should be, else any that is not known to be something else; nil where there is none.
    /// - Parameter refresh: the cookie that is the refresh token.
    func session(in change: JarChange, but refresh: String? = nil) -> String? { session(among: change.set, refresh) }

    /// The same, after a login; where nothing is known of it, it may have been there before.
    func session(in change: JarChange, or jar: CookieJar, but refresh: String?) -> String? {
        session(among: change.set, refresh) ?? (session == nil ? session(among: jar.cookies, refresh) : nil)
    }

    private func session(among cookies: [Cookie], _ refresh: String?) -> String? {
        let candidates = cookies.filter { cookie in
            cookie.name != refresh && !csrf.contains(cookie.name) && !other.contains { Self.fits(cookie.name, $0) }
        }
        let found = candidates.first { cookie in session.map { Self.fits(cookie.name, $0) } ?? false }
        return (found ?? candidates.first(where: \.isHTTPOnly) ?? candidates.first)?.name
    }

    private static func fits(_ name: String, _ pattern: String) -> Bool {
        pattern.hasSuffix("*") ? name.hasPrefix(pattern.dropLast()) : name == pattern
    }

    /// The value of the cookie against cross-site requests; nil where there is none.
    func csrfToken(in jar: CookieJar, for target: RequestTarget, now: WallInstant) -> SecretBytes? {
        csrf.lazy.compactMap { jar[$0, for: target, now: now] }.first
    }
}

extension Recipe {
    /// Methods that change nothing at a server (RFC 9110, 9.2.1), which Django asks no CSRF token for.
    private static let safeMethods = ["GET", "HEAD", "OPTIONS", "TRACE"]

    /// The fields that a request of a script's needs beside the session's cookies: for an unsafe method the CSRF token,
    /// and the Referer that Django checks over https.
    /// - Parameters:
    ///   - method: the request's method.
    ///   - target: where it goes; the caller has made sure that the session may go there.
    ///   - jar: the session's cookies.
    ///   - now: the time.
    public func attachedFields(
        method: String, target: RequestTarget, jar: CookieJar, now: WallInstant
    ) -> [HTTPHeader] {
        guard let cookies, let header = cookies.csrfHeader,
            !Self.safeMethods.contains(where: method.equalsIgnoringCase),
            let token = cookies.csrfToken(in: jar, for: target, now: now), token.isFieldValue
        else { return [] }
        let field = HTTPHeader(name: header, value: token)
        return target.scheme == .https ? [field, HTTPHeader("Referer", target.origin + "/")] : [field]
    }
}
