import CLinux
import EventLoop
import Glibc
import Model
import Prose
import Varlink

/// The methods about the daemon and its store.
extension AgentService {
    /// So many renewals are told; more is a list nobody reads.
    private static let mostRenewals = 10

    func status() -> SecretBytes {
        let now = agent.clock.boot()
        let wall = agent.clock.wall()
        return VarlinkReply.message { json in
            json.member("version", Lanyard.version)
            json.member("protocol", Lanyard.protocolVersion)
            json.member("pid", getpid())
            json.member("socket", agent.socketPath)
            json.member("started", agent.started.rfc3339)
            json.object("store") { json in
                json.member("kind", agent.store.kind)
                json.member("state", agent.storeState)
                json.member("reason", agent.storeReason)
            }
            json.member("sessions", agent.closedReason == nil ? agent.registry.count : nil)
            json.array("next") { json in
                for renewal in agent.renewer.upcoming().prefix(Self.mostRenewals) {
                    json.object { json in
                        json.member("session", renewal.session.description)
                        json.member("at", (wall + Int64((renewal.at - now).rounded(.up))).rfc3339)
                    }
                }
            }
            json.member("memory_locked", SecretBytes.memoryIsLocked)
            json.member("warnings", agent.warnings)
        }
    }

    func reload() throws(Failure) -> SecretBytes {
        let hasChanged = try agent.reload()
        return VarlinkReply.message { $0.member("changed", hasChanged) }
    }

    func unlock(_ parameters: JSONValue) throws(Failure) -> Handling {
        let (passphrase, file, create) = try readingParameters { () throws(JSONFailure) in
            (
                try parameters.optionalSecret("passphrase"), try parameters.optionalText("passphrase_file"),
                try parameters.flag("create")
            )
        }
        let opening: Agent.Opening
        switch (passphrase, file) {
        case (let passphrase?, nil): opening = .passphrase(passphrase)
        // The daemon is not where the caller is.
        case (nil, let file?) where file.hasPrefix("/"): opening = .file(file)
        case (_, .some): throw .badParameter("passphrase_file")
        case (nil, nil):
            if create { throw .badParameter("passphrase") }
            opening = .byItself
        }
        return .later(first: nil) { [agent] in
            do throws(Failure) {
                try await agent.unlock(opening, create: create)
                return VarlinkReply.message()
            } catch {
                return Self.message(of: error)
            }
        }
    }
}
