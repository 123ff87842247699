import Model

/// The Secure cookies that a plain-http answer must not hide (5.7, step 16: "leave Secure cookies alone").
struct SecureCookies {
    private var byName: [String: [Cookie]] = [:]

    /// Those of `jar` that an answer from `host` could hide: one pass over the domains, because a cookie for a domain
    /// also hides one for a host far below it.
    init(of jar: CookieJar, near host: String) {
        let last = Host.parents(of: host).last ?? host
        for (domain, kept) in jar.domains where Host.domainMatches(domain, last) || Host.domainMatches(last, domain) {
            for cookie in kept.cookies where cookie.isSecure { byName[cookie.name, default: []].append(cookie) }
        }
    }

    /// Whether `cookie`, which is not Secure, would hide one of these.
    func isHidden(by cookie: Cookie) -> Bool {
        guard !cookie.isSecure, let kept = byName[cookie.name] else { return false }
        return kept.contains { old in
            (Host.domainMatches(old.domain, cookie.domain) || Host.domainMatches(cookie.domain, old.domain))
                && Host.pathMatches(cookie.path, old.path)
        }
    }
}
