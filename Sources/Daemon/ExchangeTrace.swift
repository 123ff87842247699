import EventLoop
import Model
import Prose

/// Tells a person who wants to know what a login asks servers for, and what they answer: never a body, a query or a secret.
typealias ExchangeTrace = @LoopActor @Sendable (String) -> Void

extension HTTPResponse {
    /// The answer in a line, after what was asked.
    func told(after method: String) -> String {
        let place = String(url.prefix { $0 != "?" && $0 != "#" })
        let challenges = HTTPChallenge.parse(values(of: "www-authenticate")).map { challenge in
            challenge.parameters["resource_metadata"] == nil
                ? challenge.scheme : "\(challenge.scheme) resource_metadata"
        }
        let to = (300..<400).contains(status) ? text(of: "location").map { $0.prefix { $0 != "?" && $0 != "#" } } : nil
        return Prose.traced(method, place, status, (challenges + [to.map(String.init)].compactMap(\.self)))
    }
}
