import Model

/// Who an account is, for the person who owns it.
public struct AccountNames: Sendable, Equatable {
    /// The claims that people know their account by, the best one first (OpenID Connect Core, 5.1).
    private static let claims = ["email", "preferred_username", "nickname", "name"]

    /// All of them, the best one first.
    public private(set) var all: [String]

    /// No name.
    public init() { all = [] }

    /// The names in these claims.
    public init(_ claims: JSONValue) {
        all = Self.claims.compactMap { claims[$0]?.string }.filter { !$0.isEmpty && $0.utf8.count <= 256 }
    }

    /// The best one; nil where there is none.
    public var best: String? { all.first }

    /// Whether a person who says `text` means this account.
    public func has(_ text: String) -> Bool { all.contains { $0.equalsIgnoringCase(text) } }

    /// Takes over the names of `other`, which is the same account, as less good ones.
    public mutating func add(_ other: AccountNames) { all += other.all.filter { !all.contains($0) } }
}

/// Asks for the claims of the account (OpenID Connect Core, 5.3).
public struct UserinfoRun: OAuthRun {
    private let url: String
    private let token: AccessToken
    private let subject: String

    /// A run that has not begun.
    /// - Parameter subject: that of the verified ID token.
    public init(at url: String, _ token: AccessToken, subject: String) {
        self.url = url
        self.token = token
        self.subject = subject
    }

    /// The first step.
    public mutating func begin() -> OAuthStep<AccountNames> {
        var field = SecretBuffer()
        field.append("Bearer ")
        field.append(token.value)
        return .request(
            HTTPRequest(
                method: "GET", url: url,
                headers: [
                    HTTPHeader("Accept", "application/json"), HTTPHeader(name: "Authorization", value: field.take()),
                ]))
    }

    /// The step after the answer: the account's names. Claims about somebody else are not used (5.3.2).
    public mutating func receive(_ answer: HTTPResponse) -> OAuthStep<AccountNames> {
        .of { () throws(OAuthFailure) in
            guard answer.status == 200 else { throw answer.failure }
            let claims = try answer.object()
            guard let found = claims["sub"]?.string else { throw .missingMember("sub") }
            guard found.hasSameBytes(as: subject) else { throw .wrongSubject }
            return .finished(AccountNames(claims))
        }
    }
}
