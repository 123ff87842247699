import Model

/// What answers of OAuth servers have in common.
extension HTTPResponse {
    /// The longest wait that is believed, in seconds: a day.
    private static let longestWait = 86_400.0

    /// The JSON object in the body.
    func object() throws(OAuthFailure) -> JSONValue {
        guard let document = try? JSONDocument(body), document.root.isObject else { throw .notJSON(place) }
        return document.root
    }

    /// The error that the body names (RFC 6749, 5.2); nil where it names none.
    var error: OAuthError? {
        guard let document = try? JSONDocument(body) else { return nil }
        return document.root["error"]?.string.map(OAuthError.init(code:))
    }

    /// What an answer without success means.
    var failure: OAuthFailure {
        if status == 429 || status == 503 { return .retryLater(seconds: retryAfter) }
        if (300..<400).contains(status) { return .redirected(place) }
        // Only with a status of its own kind: a gateway's page may say anything.
        if status < 500, let error { return .refused(error) }
        return .unexpectedStatus(status, place)
    }

    /// The URL without query and fragment.
    var place: String { String(url.prefix { $0 != "?" && $0 != "#" }) }

    /// Retry-After (RFC 9110, 10.2.3) in seconds; nil where it does not say.
    private var retryAfter: Double? {
        guard let text = text(of: "retry-after") else { return nil }
        if let seconds = Double(text) { return seconds.isFinite ? min(max(0, seconds), Self.longestWait) : nil }
        guard let now = self.text(of: "date").flatMap(HTTPDate.parse), let end = HTTPDate.parse(text) else {
            return nil
        }
        return min(max(0, Double(end - now)), Self.longestWait)
    }
}

extension HTTPRequest {
    /// A form that is sent to an endpoint (RFC 6749, appendix B).
    static func form(to url: String, _ fields: [(name: String, value: SecretBytes)]) -> HTTPRequest {
        var encoding = FormEncoding()
        for field in fields { encoding.append(field.name, field.value) }
        return HTTPRequest(
            method: "POST", url: url,
            headers: [
                HTTPHeader("Accept", "application/json"),
                HTTPHeader("Content-Type", "application/x-www-form-urlencoded"),
            ], body: encoding.finish())
    }
}

/// Where secrets of a login may go: https, or this machine (RFC 6749, 3.1.2.1 and 3.2; RFC 8252, 8.3).
struct TransportRule: Sendable {
    let syntax: URLSyntax
    /// Plain http to this machine is taken: only where the issuer is on it too.
    let allowsLoopback: Bool

    /// The rule for what the server `issuer` names.
    init(for issuer: String, _ syntax: URLSyntax) {
        self.syntax = syntax
        allowsLoopback = syntax.parse(issuer).map { LoopbackAddress.isName($0.host) } ?? false
    }

    /// Whether `url` may be used.
    func allows(_ url: String) -> Bool {
        guard let target = syntax.parse(url) else { return false }
        return target.scheme == .https || (allowsLoopback && LoopbackAddress.isName(target.host))
    }
}
