import EventLoop
import Model
import Prose
import Store
import Varlink

/// `io.lanyard.Agent`: takes a call apart, lets the owner of the state do it, and writes the reply.
@LoopActor final class AgentService {
    /// How a call is answered.
    enum Handling {
        /// With these messages, now.
        case now([SecretBytes])
        /// With `first` now, where there is one, and with what the body returns when it is done.
        case later(first: SecretBytes?, @LoopActor @Sendable () async -> SecretBytes)
        /// With what the body hands out on its way, and at last with what it returns; a caller that hangs up cancels it.
        case stream(@LoopActor @Sendable (@escaping Emit) async -> SecretBytes)
    }

    /// Takes a message of a stream.
    typealias Emit = @LoopActor @Sendable (SecretBytes) -> Void

    /// The interface's name.
    static let interface = "io.lanyard.Agent"
    private static let prefix = interface + "."

    let agent: Agent

    init(agent: Agent) { self.agent = agent }

    /// Answers a call of this interface; nil where it has no such method.
    /// - Parameter caller: who calls.
    func handle(_ call: VarlinkCall, from caller: Caller) -> Handling? {
        guard call.method.hasPrefix(Self.prefix) else { return nil }
        let method = String(call.method.dropFirst(Self.prefix.count))
        guard let parameters = call.parameters ?? Self.nothing else { return nil }
        do throws(Failure) {
            if let theirs = try readingParameters({ () throws(JSONFailure) in try parameters.optionalInteger("protocol")
            }),
                theirs != Int64(Lanyard.protocolVersion)
            {
                throw Failure.otherProtocol(theirs: theirs)
            }
            switch method {
            case "Attach": return try attach(parameters, more: call.more, caller)
            case "Status": return try status(parameters)
            case "List": return .now(try list(more: call.more))
            case "Show": return .now([try show(parameters, caller)])
            case "Explain": return .now([try explain(parameters, caller)])
            case "Cookies": return .now(try cookies(parameters, more: call.more, caller))
            case "ExportCookies": return .now(try exportCookies(parameters, more: call.more, caller))
            case "Why": return .now(try why(parameters, more: call.more))
            case "Consents": return .now([try consents()])
            case "Consent": return .now([try consent(parameters)])
            case "Recipes": return .now([recipes()])
            case "CheckRecipe": return .now([try checkRecipe(parameters)])
            case "Trust": return .now([try trust(parameters)])
            case "Distrust": return .now([try distrust(parameters)])
            case "Trusted": return .now([trustedFiles()])
            case "Reload": return .now([try reload()])
            case "Lock" where agent.store.isInMemory: throw Failure.keepsNothing
            case "Lock":
                return .later(first: nil) { [agent] in
                    await agent.lock()
                    return VarlinkReply.message()
                }
            case "Unlock": return try unlock(parameters)
            case "Move": return try move(parameters)
            case "Discover" where call.more: return try discoverInSteps(parameters)
            case "Login" where call.more: return try loginInSteps(parameters)
            case "Stop":
                return .later(first: nil) { [agent] in
                    await agent.onStop()
                    return VarlinkReply.message()
                }
            default:
                guard let work = try waiting(method, parameters, caller) else { return nil }
                if agent.isStopping { throw Failure.stopping }
                let task = agent.calls.begin(work)
                return .later(first: nil) { [agent] in
                    do throws(Failure) { return try await task.value.get() } catch {
                        // Whatever a call was told when it was broken off, that is why.
                        return Self.message(of: agent.isLockedByHand ? .lockedByHand : error)
                    }
                }
            }
        } catch {
            return .now([Self.message(of: error)])
        }
    }

    /// Carries out a call that says what it does meanwhile.
    func stream(
        _ work: @escaping @LoopActor @Sendable (@escaping Emit) async throws(Failure) -> SecretBytes
    ) throws(Failure) -> Handling {
        if agent.isStopping { throw Failure.stopping }
        return .stream { [agent] emit in
            let task = agent.calls.begin { () throws(Failure) in try await work(emit) }
            let result = await withTaskCancellationHandler {
                await task.value
            } onCancel: {
                task.cancel()
            }
            do throws(Failure) { return try result.get() } catch {
                return Self.message(of: agent.isLockedByHand ? .lockedByHand : error)
            }
        }
    }

    /// The methods that wait for the network or the journal; nil where there is no such method.
    private func waiting(
        _ method: String, _ parameters: JSONValue, _ caller: Caller
    ) throws(Failure) -> (@LoopActor @Sendable () async throws(Failure) -> SecretBytes)? {
        switch method {
        case "Token": try token(parameters, caller)
        case "Received": try received(parameters, caller)
        case "Discover": try discover(parameters)
        case "Login": try login(parameters)
        case "Add": try add(parameters)
        case "Rename": try rename(parameters)
        case "Set": try set(parameters)
        case "SetCookie": try setCookie(parameters)
        case "DeleteCookies": try deleteCookies(parameters)
        case "ImportCookies": try importCookies(parameters, caller)
        case "CurlConfig": try curlConfig(parameters, caller)
        case "IssuerKeys": try issuerKeys(parameters)
        case "Refresh": try refresh(parameters)
        case "Logout": try logout(parameters)
        case "Remove": try remove(parameters)
        default: nil
        }
    }

    /// The varlink error of a failure.
    static func message(of failure: Failure) -> SecretBytes {
        if let parameter = failure.parameter {
            return VarlinkReply.error("org.varlink.service.InvalidParameter") { $0.member("parameter", parameter) }
        }
        return VarlinkReply.error(prefix + failure.code.rawValue) { json in
            json.member("message", failure.message)
            json.member("session", failure.session)
            json.member("mend", failure.mend)
            if failure.code == .storeLocked {
                json.member("lock", failure.lock?.rawValue)
            }
            if failure.code == .otherProtocol {
                json.member("version", Lanyard.version)
                json.member("protocol", Lanyard.protocolVersion)
            }
        }
    }

    private static let nothing = try? JSONDocument(SecretBytes("{}")).root
}

/// Reads parameters; what does not fit the interface is a failure that names the member.
func readingParameters<R>(_ body: () throws(JSONFailure) -> R) throws(Failure) -> R {
    do throws(JSONFailure) { return try body() } catch {
        if case .member(let name) = error { throw .badParameter(name) }
        throw .badParameter("parameters")
    }
}

extension JSONValue {
    /// The session name in the member `session`.
    func sessionName(_ member: String = "session") throws(Failure) -> SessionName {
        let text = try readingParameters { () throws(JSONFailure) in try self.text(member) }
        guard let name = SessionName(text) else { throw .badName }
        return name
    }

    /// The session name in an optional member.
    func optionalSessionName(_ member: String) throws(Failure) -> SessionName? {
        guard let value = self[member], !value.isNull else { return nil }
        return try sessionName(member)
    }
}
