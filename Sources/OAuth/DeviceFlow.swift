import Model

/// What a person does to let this device in (RFC 8628, 3.2).
public struct DeviceAuthorization: Sendable {
    /// The code that only this device has.
    public let deviceCode: SecretBytes
    /// The code that the person enters.
    public let userCode: String
    /// Where.
    public let verificationURI: String
    /// The same with the code in it; nil where the server gives none.
    public let completeURI: String?
    /// When the codes end.
    public let end: BootInstant
    /// The least seconds between two questions.
    public let interval: Double
}

/// Begins the device flow (RFC 8628, 3.1).
public struct DeviceAuthorizationRun: OAuthRun {
    /// Between two questions where the server does not say, in seconds (3.2).
    private static let usualInterval = 5.0
    /// The longest life of a code that is waited for, in seconds: half an hour.
    private static let longestLife = 1800.0

    private let server: AuthorizationServer
    private let client: OAuthClient
    private let scopes: [String]
    private let resource: String?
    private let syntax: URLSyntax

    /// A run that has not begun.
    public init(
        at server: AuthorizationServer, of client: OAuthClient, scopes: [String], resource: String?, syntax: URLSyntax
    ) {
        self.server = server
        self.client = client
        self.scopes = scopes
        self.resource = resource
        self.syntax = syntax
    }

    /// The first step.
    public mutating func begin() -> OAuthStep<DeviceAuthorization> {
        guard let url = server.deviceAuthorizationEndpoint else { return .failed(.noEndpoint(.device)) }
        var fields: [(name: String, value: SecretBytes)] = []
        if !scopes.isEmpty { fields.append(("scope", SecretBytes(scopes.joined(separator: " ")))) }
        if let resource { fields.append(("resource", SecretBytes(resource))) }
        var request = client.request(to: url, fields)
        // Required here whatever the authentication (3.1).
        if case .basic = client.authentication {
            request = client.request(to: url, fields + [("client_id", SecretBytes(client.id))])
        }
        return .request(request)
    }

    /// The step after the answer.
    public mutating func receive(_ answer: HTTPResponse) -> OAuthStep<DeviceAuthorization> {
        .of { () throws(OAuthFailure) in
            guard answer.status == 200 else { throw answer.failure }
            let object = try answer.object()
            guard let code = object["device_code"]?.secret, code.count > 0 else { throw .missingMember("device_code") }
            guard let userCode = object["user_code"]?.string, Self.isShowable(userCode) else {
                throw .missingMember("user_code")
            }
            // `verification_url` is Google's, from before the RFC.
            guard let uri = (object["verification_uri"] ?? object["verification_url"])?.string else {
                throw .missingMember("verification_uri")
            }
            let rule = TransportRule(for: server.issuer, syntax)
            guard rule.allows(uri) else { throw .insecure("verification_uri") }
            let complete = object["verification_uri_complete"]?.string
            let life = object["expires_in"]?.number ?? Self.longestLife
            let interval = object["interval"]?.number ?? Self.usualInterval
            return .finished(
                DeviceAuthorization(
                    deviceCode: code, userCode: userCode, verificationURI: uri,
                    completeURI: complete.flatMap { rule.allows($0) ? $0 : nil },
                    end: answer.started + min(max(life, 0), Self.longestLife), interval: min(max(interval, 1), 60)))
        }
    }

    private static func isShowable(_ code: String) -> Bool {
        (1...64).contains(code.utf8.count) && code.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
    }
}

/// Asks whether the person has entered the code, until they have (RFC 8628, 3.4 and 3.5).
public struct DevicePollRun: OAuthRun {
    /// What `slow_down` adds, in seconds (3.5).
    private static let slowDown = 5.0

    private let authorization: DeviceAuthorization
    private var run: TokenRun
    private let clock: Clock
    private var interval: Double
    private var hasBegun = false

    /// A run that has not begun.
    public init(
        _ authorization: DeviceAuthorization, at server: AuthorizationServer, of client: OAuthClient, resource: String?,
        clock: Clock
    ) {
        self.authorization = authorization
        self.clock = clock
        interval = authorization.interval
        run = TokenRun(
            at: server.tokenEndpoint, .deviceCode(authorization.deviceCode), of: client, resource: resource,
            clock: clock)
    }

    /// First a wait, since nobody enters a code at once; then the question.
    public mutating func begin() -> OAuthStep<Tokens> {
        guard hasBegun else {
            hasBegun = true
            return .wait(seconds: interval)
        }
        return clock.boot() >= authorization.end ? .failed(.codeExpired) : run.begin()
    }

    /// The step after the answer.
    public mutating func receive(_ answer: HTTPResponse) -> OAuthStep<Tokens> {
        switch run.receive(answer) {
        case .failed(.refused(.authorizationPending)): return .wait(seconds: interval)
        case .failed(.refused(.slowDown)):
            interval += Self.slowDown
            return .wait(seconds: interval)
        case .failed(.retryLater(let seconds)):
            // Not beyond the code's end, of which the person is told then.
            return .wait(
                seconds: min(max(interval, seconds ?? 0), max(0, authorization.end - clock.boot())))
        case .failed(.refused(.expiredToken)): return .failed(.codeExpired)
        case let step: return step
        }
    }

    /// No answer: the questions become rarer (RFC 8628, 3.5).
    public mutating func resume() -> OAuthStep<Tokens>? {
        interval *= 2
        return .wait(seconds: min(interval, max(0, authorization.end - clock.boot())))
    }
}
