import Cookies
import EventLoop
import JOSE
import Model
import Prose
import Recipes

/// A credential that the person already has, as `add` brings it.
struct Addition {
    /// What the credential is.
    enum Kind: String {
        case bearer, token, basic, header, cookie, cookiejar

        /// Others have no end, or a file that says it.
        var takesExpiry: Bool { [.bearer, .token, .cookie].contains(self) }
    }

    var name: SessionName
    var places: ProtectionSpace
    var kind: Kind
    /// The scheme, user, header field or cookie name that the kind asks for.
    var label: String?
    var secret: SecretBytes
    /// Seconds from now, or RFC 3339.
    var expires: String?
    var refreshToken: SecretBytes?
    var tokenEndpoint: String?
    var clientID: String?

    /// The session and its jar.
    func session(_ clock: Clock, syntax: URLSyntax) throws(Failure) -> (Session, CookieJar) {
        var jar = CookieJar()
        let credential = try credential(clock, &jar)
        var session = Session(name: name, space: places, credential: credential, created: clock.wall())
        if case .basic(let user, _) = credential { session.account = user }
        if let refreshToken {
            guard credential.accessToken != nil, let endpoint = tokenEndpoint else {
                throw .badParameter("--token-endpoint")
            }
            guard refreshToken.isFieldValue else { throw .badSecret }
            guard let target = syntax.parse(endpoint) else { throw .badURL(endpoint) }
            if target.scheme == .http, !LoopbackAddress.isName(target.host) { throw .plainHTTP(target.origin) }
            session.refresh = RefreshToken(value: refreshToken)
            session.recipe = Session.RecipeUse(recipe: Recipe.refreshOnly, url: endpoint, clientID: clientID)
        }
        return (session, jar)
    }

    private func credential(_ clock: Clock, _ jar: inout CookieJar) throws(Failure) -> Credential {
        guard expires == nil || kind.takesExpiry else { throw .badParameter("expires") }
        if kind == .cookiejar {
            jar = try readJar(clock)
            return .cookies(sessionCookie: nil)
        }
        guard secret.isFieldValue else { throw .badSecret }
        switch kind {
        case .bearer: return try token("Bearer", clock)
        case .token:
            return try token(try label(or: .badScheme) { $0.isToken }, clock)
        case .basic:
            let user = try label(or: .badUser) {
                !$0.isEmpty && !$0.contains(":") && !$0.unicodeScalars.contains { $0.value < 0x20 }
            }
            return .basic(user: user, password: secret)
        case .header:
            let name = try label(or: .badHeader) { $0.isToken }
            if Self.notCredentials.contains(name.lowercased()) { throw .noCredentialHeader(name) }
            return .header(name: name, value: secret)
        case .cookie, .cookiejar:
            let name = try label(or: .badCookieName) { $0.isToken }
            let end = try expiry(clock)
            for place in places.places {
                do { try jar.add(name: name, value: secret, place: place, expiry: end, now: clock.wall()) } catch {
                    throw .badCookie(name, error)
                }
            }
            return .cookies(sessionCookie: name)
        }
    }

    private func token(_ scheme: String, _ clock: Clock) throws(Failure) -> Credential {
        var token = AccessToken(scheme: scheme, value: secret)
        let now = clock.boot()
        let jwt = JWT.decode(secret)
        if let end = try expiry(clock) {
            token.expiry = Expiry(wall: end, clock: clock)
        } else if let exp = jwt?.expires {
            // The token was made some time ago: its own clock says when it ends, and when it began.
            token.expiry = Expiry(wall: exp, clock: clock)
        }
        token.lifetime = jwt?.lifetime.map(Double.init) ?? token.expiry.map { $0.boot - now }
        return jwt == nil ? .token(token) : .jwt(token)
    }

    /// Fields that say where a message ends or goes (RFC 9110, 7.6.1; RFC 9112, 6), and those that have options of their
    /// own: as a session's they would forge requests.
    private static let notCredentials: Set<String> = [
        "connection", "content-length", "cookie", "expect", "host", "keep-alive", "proxy-authorization",
        "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    ]

    private func label(or failure: Failure, _ isGood: (String) -> Bool) throws(Failure) -> String {
        guard let label else { throw .badParameter("label") }
        guard label.utf8.count <= 256, isGood(label) else { throw failure }
        return label
    }

    private func expiry(_ clock: Clock) throws(Failure) -> WallInstant? {
        guard let expires else { return nil }
        guard let moment = clock.moment(expires) else { throw .badMoment }
        // A cookie would be dropped at once, and a token is of no use that nothing renews.
        guard moment > clock.wall() || refreshToken != nil else { throw .expiresInThePast }
        return moment
    }

    private func readJar(_ clock: Clock) throws(Failure) -> CookieJar {
        let file = NetscapeFile.parse(secret, now: clock.wall())
        if let line = file.damaged.first { throw .badJarLine(line.number, line.cause.word) }
        var jar = CookieJar()
        jar.add(file.cookies, now: clock.wall())
        return jar
    }
}

extension Clock {
    /// A hundred years, in seconds: more is a mistake.
    private static let longest: Int64 = 3_153_600_000

    /// The moment that a person means by `text`: seconds from now, or RFC 3339; nil where it is neither.
    func moment(_ text: String) -> WallInstant? {
        if let seconds = Int64(text), (0...Self.longest).contains(seconds) { return wall() + seconds }
        return WallInstant(rfc3339: text)
    }
}
