import EventLoop
import Model
import Prose
import Varlink

/// The methods about `.lanyard` files, and what such a file comes to for a question.
extension AgentService {
    func trust(_ parameters: JSONValue) throws(Failure) -> SecretBytes {
        let file = try readingParameters { () throws(JSONFailure) in try FolderFile(parameters) }
        let sessions = try agent.trusted.trust(file)
        return VarlinkReply.message { json in
            json.member("sessions", sessions.map(\.description))
            // While the store is locked nobody knows.
            let missing = sessions.filter { agent.closedReason == nil && agent.registry.find($0) == nil }
            json.member("missing", missing.map(\.description))
        }
    }

    func distrust(_ parameters: JSONValue) throws(Failure) -> SecretBytes {
        let path = try readingParameters { () throws(JSONFailure) in try parameters.text("path", limit: 2 * 4096) }
        let wasTrusted = try agent.trusted.distrust(path)
        return VarlinkReply.message { $0.member("trusted", wasTrusted) }
    }

    func trustedFiles() -> SecretBytes { VarlinkReply.message { $0.member("files", agent.trusted.paths) } }
}

extension Agent {
    /// Limits `question` to what a trusted file of `parameters` names, unless the person named sessions by hand.
    func limit(_ question: inout AttachQuestion, by parameters: JSONValue) throws(Failure) {
        let files = try readingParameters { () throws(JSONFailure) in try FolderFile.all(parameters["files"]) }
        if question.sessions.isEmpty, !question.namesNonsense { question.folder = trusted.choose(among: files) }
    }
}
