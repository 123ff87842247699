import EventLoop
import Model
import Varlink

/// Takes a message to the interface it is for.
@LoopActor struct Services {
    let agent: AgentService

    /// Answers a message.
    /// - Parameter caller: who has sent it.
    /// - Returns: nil where it is no varlink call: whoever sent it is not talked to any more.
    func handle(_ message: SecretBytes, from caller: Caller) -> (AgentService.Handling, oneway: Bool)? {
        guard let call = try? VarlinkCall(message) else { return nil }
        if let handling = agent.handle(call, from: caller) { return (handling, call.oneway) }
        return (.now([service(call)]), call.oneway)
    }

    /// `org.varlink.service` (https://varlink.org/Service-Interface).
    private func service(_ call: VarlinkCall) -> SecretBytes {
        switch call.method {
        case "org.varlink.service.GetInfo":
            return VarlinkReply.message { json in
                json.member("vendor", "Lanyard")
                json.member("product", "lanyardd")
                json.member("version", Lanyard.version)
                json.member("url", "https://varlink.org/")
                json.member("interfaces", ["org.varlink.service", AgentService.interface])
            }
        case "org.varlink.service.GetInterfaceDescription": return description(call.parameters?["interface"]?.string)
        default:
            let interface = call.method.split(separator: ".").dropLast().joined(separator: ".")
            guard [AgentService.interface, "org.varlink.service"].contains(interface) else {
                return VarlinkReply.error("org.varlink.service.InterfaceNotFound") {
                    $0.member("interface", interface)
                }
            }
            return VarlinkReply.error("org.varlink.service.MethodNotFound") { $0.member("method", call.method) }
        }
    }

    private func description(_ interface: String?) -> SecretBytes {
        switch interface {
        case AgentService.interface: return VarlinkReply.message { $0.member("description", agentInterfaceDescription) }
        case "org.varlink.service":
            return VarlinkReply.message { $0.member("description", serviceInterfaceDescription) }
        case let other?:
            return VarlinkReply.error("org.varlink.service.InterfaceNotFound") { $0.member("interface", other) }
        case nil:
            return VarlinkReply.error("org.varlink.service.InvalidParameter") { $0.member("parameter", "interface") }
        }
    }
}
