import Model

/// An answer to a script's request by which a site says that the session has ended.
public struct LoggedOutRule: Sendable, Equatable {
    /// Its statuses.
    public let statuses: [Int]
    /// Where it redirects to: a reference from the address of the login; nil where it does not matter.
    public let location: String?
    /// What its body has in it; nil where that does not matter.
    public let body: String?

    /// A rule; what is nil does not matter.
    public init(_ statuses: [Int], location: String? = nil, body: String? = nil) {
        self.statuses = statuses
        self.location = location
        self.body = body
    }
}

/// What an answer to a script's request says of the session that it carried.
public enum SessionWord: Equatable, Sendable {
    /// Nothing against it.
    case nothing
    /// It has ended.
    case loggedOut
    /// That may be so: the recipe wants to see the body of what ``Recipe/check`` brings.
    case look
}

extension Recipe {
    /// What an answer says.
    /// - Parameters:
    ///   - status: its status.
    ///   - location: its Location, as it stands there; nil where it has none.
    ///   - target: what was asked.
    ///   - url: the address of the login.
    public func word(
        status: Int, location: String?, target: RequestTarget, loginURL url: String, syntax: URLSyntax
    ) -> SessionWord {
        // What is asked for a login says nothing of the session.
        guard let login = syntax.parse(url), target != login else { return .nothing }
        let led = location.flatMap { syntax.resolve($0, target.origin + target.path) }.flatMap(syntax.parse)
        for rule in loggedOut where rule.statuses.contains(status) {
            if let place = rule.location {
                guard let led, led == syntax.resolve(place, url).flatMap(syntax.parse) else { continue }
            }
            if rule.body == nil { return .loggedOut }
            if check != nil { return .look }
        }
        return .nothing
    }

    /// Where to look at a body that tells; nil where the recipe does not say, or says another origin than the login's.
    public func checkURL(loginURL url: String, syntax: URLSyntax) -> String? {
        guard let check, let login = syntax.parse(url), let found = syntax.resolve(check, url),
            syntax.parse(found)?.origin == login.origin
        else { return nil }
        return found
    }

    /// Whether what ``check`` has brought says that the session has ended.
    public func isLoggedOut(_ answer: HTTPResponse) -> Bool {
        loggedOut.contains { rule in
            rule.statuses.contains(answer.status) && rule.location == nil
                && (rule.body.map { answer.body.hasText($0) } ?? true)
        }
    }
}
