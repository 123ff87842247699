import EventLoop
import Model
import Prose
import Varlink

/// `why`: the last decisions.
extension AgentService {
    /// So many decisions are one message: with the longest names and paths about 800 KiB.
    private static let decisionsPerMessage = 200

    func why(_ parameters: JSONValue, more: Bool) throws(Failure) -> [SecretBytes] {
        let wanted = try readingParameters { () throws(JSONFailure) in try parameters.optionalInteger("count") }
        guard (1...Int64(Decisions.most)).contains(wanted ?? 1) else { throw .badParameter("count") }
        let limit = Int(wanted ?? Int64(Decisions.most))
        let told = agent.decisions.last(more ? limit : min(limit, Self.decisionsPerMessage))[...]
        return VarlinkReply.messages(told, perMessage: Self.decisionsPerMessage) { part, json in
            json.array("decisions") { json in
                for decision in part { json.object { Self.write(decision, &$0) } }
            }
            json.member("count", agent.decisions.count)
            json.member("since", (agent.decisions.oldestKept ?? agent.started).rfc3339)
            json.member("complete", agent.decisions.oldestKept == nil)
        }
    }

    private static func write(_ decision: Decision, _ json: inout JSONWriter) {
        json.member("time", decision.time.rfc3339)
        json.member("program", decision.program)
        json.member("pid", decision.pid)
        json.member("method", decision.method)
        json.member("url", decision.target.map { $0.origin + $0.path })
        switch decision.outcome {
        case .attached(let name, let dropped, let file):
            json.member("session", name.description)
            json.member("reason", AttachReason.attached.rawValue)
            json.member("text", Prose.decided(name, dropped: dropped, file: file))
        case .nothing(let nothing):
            json.member("session", nil as String?)
            json.member("reason", nothing.reason.rawValue)
            json.member("text", Prose.decided(nothing))
        case .refused(let name):
            json.member("session", name.description)
            json.member("reason", "refused")
            json.member("text", Prose.decidedRefused(name))
        case .renewed(let name):
            json.member("session", name.description)
            json.member("reason", "renewed")
            json.member("text", Prose.decidedRenewed(name))
        case .notRenewed(let name, let failure):
            json.member("session", name.description)
            json.member("reason", "not-renewed")
            json.member("text", Prose.decidedNotRenewed(name, failure))
        }
    }
}

extension Agent {
    /// Keeps what was decided about a request.
    func note(_ answer: Attacher.Answer, _ question: AttachQuestion, _ caller: Caller) {
        let outcome: Decision.Outcome
        switch answer {
        case .attached(let attachment):
            outcome = .attached(attachment.session, dropped: attachment.droppedCookies, file: attachment.file)
        case .nothing(let nothing): outcome = .nothing(nothing)
        case .waits: return
        }
        decisions.note(
            Decision(
                time: clock.wall(), pid: caller.pid, program: caller.program(claimed: question.program),
                method: question.method, target: question.target, outcome: outcome))
    }

    /// Keeps that a server refused what a request carried.
    func noteRefusal(_ name: SessionName, method: String, _ target: RequestTarget, _ caller: Caller) {
        decisions.note(
            Decision(
                time: clock.wall(), pid: caller.pid, program: caller.program(claimed: ""), method: method,
                target: target, outcome: .refused(name)))
    }

    /// Keeps what came of a renewal.
    func noteRenewal(_ name: SessionName, _ failure: Failure?) {
        let url = registry.find(name)?.session.recipe?.url
        decisions.note(
            Decision(
                time: clock.wall(), pid: Caller.daemon.pid, program: Caller.daemon.program(claimed: ""),
                method: "renew", target: url.flatMap(syntax.parse),
                outcome: failure.map { .notRenewed(name, $0) } ?? .renewed(name)))
    }
}
