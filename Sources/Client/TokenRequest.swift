import CLinux
import Glibc
import Model
import Prose

/// `lanyard token`: print a token that is valid for long enough.
public struct TokenRequest: Sendable {
    /// A session's name, or a URL.
    public let subject: String
    /// How many seconds the token has to live; nil for the daemon's rule.
    public var lifetime: Int64?
    /// The whole header field is printed.
    public var wantsHeader = false

    /// A request for the token of `subject`.
    public init(_ subject: String) { self.subject = subject }

    /// Prints the token on stdout, and what has to be said about it on stderr.
    /// - Throws: a ``Failure``.
    public func perform(_ agent: inout Agent) throws(Failure) {
        let answer = try agent.call(.token) { json in
            json.member("of", subject)
            // Of several sessions for a URL, the ones that a request would choose among.
            if subject.contains("://") { NamedSessions.write(&json) }
            json.member("min_ttl", lifetime)
            json.member("header", wantsHeader)
        }
        guard let token = answer["token"]?.secret else { throw CommandProse.notOurDaemon() }
        for line in answer["notice"]?.elements?.compactMap(\.string) ?? [] { ErrorLine.say(line) }
        var line = SecretBuffer(capacity: token.count + 1)
        line.append(token)
        line.append(UInt8(ascii: "\n"))
        try Output.write(line.take())
    }
}
