import CLinux
import EventLoop
import Glibc
import Model
import Prose
import Store
import Varlink

/// The methods about the daemon and its store.
extension AgentService {
    /// So many renewals are told; more is a list nobody reads.
    private static let mostRenewals = 10

    /// The daemon and its store.
    func status(_ parameters: JSONValue) throws(Failure) -> Handling {
        let looks = try readingParameters { () throws(JSONFailure) in try parameters.flag("look") }
        guard looks, agent.closedReason == nil else { return .now([status(keyring: nil)]) }
        return .later(first: nil) { [self] in status(keyring: await agent.store.keyringFault()) }
    }

    /// - Parameter fault: why the keyring takes nothing, where somebody has looked.
    private func status(keyring fault: StoreFailure.KeyringFault?) -> SecretBytes {
        let store = agent.storeWarnings(keyring: fault)
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
                json.member("mend", agent.closedFailure?.mend)
            }
            json.member("sessions", agent.closedReason == nil ? agent.registry.count : nil)
            json.array("next") { json in
                for renewal in agent.renewer.upcoming().prefix(Self.mostRenewals) {
                    json.object { json in
                        json.member("session", renewal.session.description)
                        json.member("idle", renewal.isIdle)
                        json.member("at", (wall + Int64((renewal.at - now).rounded(.up))).rfc3339)
                    }
                }
            }
            json.member("memory_locked", SecretBytes.memoryIsLocked)
            json.member("store_warnings", store)
            json.member("warnings", agent.warnings)
        }
    }

    func reload() throws(Failure) -> SecretBytes {
        let hasChanged = try agent.reload()
        return VarlinkReply.message { $0.member("changed", hasChanged) }
    }

    func unlock(_ parameters: JSONValue) throws(Failure) -> Handling {
        let (create, asks) = try readingParameters { () throws(JSONFailure) in
            (try parameters.flag("create"), try parameters.flag("ask"))
        }
        var opening = try opening(parameters)
        if case .byItself = opening {
            if create { throw .badParameter("passphrase") }
            if asks { opening = .dialog }
        }
        return .later(first: nil) { [agent] in
            do throws(Failure) {
                try await agent.unlock(opening, create: create)
                let fault = await agent.store.keyringFault()
                return VarlinkReply.message { $0.member("keyring_locked", fault == .locked) }
            } catch {
                return Self.message(of: error)
            }
        }
    }

    func move(_ parameters: JSONValue) throws(Failure) -> Handling {
        let name = try readingParameters { () throws(JSONFailure) in try parameters.text("to") }
        let opening = try opening(parameters)
        let target: Backend
        switch name {
        case "vault": target = .vault
        case "secret_service": target = .secretService
        default: throw .badParameter("to")
        }
        return .later(first: nil) { [agent] in
            do throws(Failure) {
                let moved = try await agent.move(to: target, opening)
                return VarlinkReply.message { json in
                    json.member("sessions", moved.sessions)
                    json.member("left", moved.left.map { Failure.keyring($0).message })
                }
            } catch {
                return Self.message(of: error)
            }
        }
    }

    private func opening(_ parameters: JSONValue) throws(Failure) -> Agent.Opening {
        let (passphrase, file) = try readingParameters { () throws(JSONFailure) in
            (try parameters.optionalSecret("passphrase"), try parameters.optionalText("passphrase_file"))
        }
        switch (passphrase, file) {
        case (let passphrase?, nil): return .passphrase(passphrase)
        // The daemon is not where the caller is.
        case (nil, let file?) where file.hasPrefix("/"): return .file(file)
        case (_, .some): throw .badParameter("passphrase_file")
        case (nil, nil): return .byItself
        }
    }
}
