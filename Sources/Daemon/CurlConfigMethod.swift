import EventLoop
import Model
import Prose
import Varlink

/// `curl-config`: what a request for a URL would get, for a curl that the library cannot be loaded into.
extension AgentService {
    func curlConfig(_ parameters: JSONValue, _ caller: Caller) throws(Failure) -> (
        @LoopActor @Sendable () async throws(Failure) -> SecretBytes
    ) {
        try agent.requireOpen()
        let (url, names) = try readingParameters { () throws(JSONFailure) in
            (try parameters.text("url"), try parameters.texts("sessions", limit: 64))
        }
        var question = AttachQuestion(about: try agent.exchange.target(url), sessions: names)
        question.program = "curl-config"
        question.caller = caller
        try agent.limit(&question, by: parameters)
        let asked = question
        return { [agent] () throws(Failure) in
            let answer = await agent.attacher.answerWaiting(asked)
            // The store may have been locked while the token was renewed.
            try agent.requireOpen()
            switch answer {
            case .attached(let attachment): return Self.message(attachment, asked, agent)
            case .nothing(let nothing): throw .notAttached(nothing)
            case .waits: throw .notAttached(NotAttached(.expired, origin: asked.target.origin))
            }
        }
    }

    private static func message(_ attachment: Attachment, _ question: AttachQuestion, _ agent: Agent) -> SecretBytes {
        VarlinkReply.message { json in
            json.member("session", attachment.session.description)
            let bearer = agent.registry.find(attachment.session)?.session.credential.accessToken.flatMap {
                $0.scheme.equalsIgnoringCase("Bearer") ? $0.value : nil
            }
            json.member("bearer", bearer)
            json.array("headers") { json in
                for header in bearer == nil ? attachment.headers : [] {
                    json.object { json in
                        json.member("name", header.name)
                        json.member("value", header.value)
                    }
                }
            }
            if let cookie = attachment.cookie { json.bytes("cookie", cookie) }
            json.member("plain", question.target.scheme == .http)
            json.member("notice", attachment.notice)
        }
    }
}
