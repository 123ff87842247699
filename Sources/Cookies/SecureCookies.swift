import Model

/// The Secure cookies that a plain-http answer must not hide (5.7, step 16: "leave Secure cookies alone").
struct SecureCookies {
    private var byName: [String: [Cookie]] = [:]

    /// Those of `jar` that an answer from `host` could hide with cookies of these names: of the domains above it, and of
    /// all in its registrable domain, because a cookie for a domain also hides one for a host far below.
    init(of jar: CookieJar, near host: String, named names: Set<String>, now: WallInstant) {
        let site = PublicSuffix.registrableDomain(host) ?? host
        let (below, parents) = ("." + site, Host.parents(of: host))
        for (domain, kept) in jar.domains
        where domain == site || domain.hasSuffixBytes(below) || parents.contains(domain) {
            // By index: a cookie that is not asked for is not copied.
            for index in kept.cookies.indices
            where kept.cookies[index].isSecure && names.contains(kept.cookies[index].name)
                && !kept.cookies[index].isExpired(at: now)
            {
                byName[kept.cookies[index].name, default: []].append(kept.cookies[index])
            }
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
