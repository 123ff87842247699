import CLinux
import Glibc
import Model

/// The command lines that scripts use most, taken apart without the argument parser: `token`, `curl` and `run` in their
/// plain forms. Whatever does not fit is ``other``, and `lanyard-cli` says what is wrong with it.
public enum PlainCommand: Sendable {
    case token(TokenRequest)
    case run(RunRequest)
    case other

    /// Takes `arguments` apart, the command's own name first.
    public init(_ arguments: [String]) {
        switch arguments.count > 1 ? arguments[1] : "" {
        case "token": self = Self.token(arguments)
        case "curl": self = .run(RunRequest(Program(firstArgument: 1)))
        case "run": self = Self.run(arguments)
        default: self = .other
        }
    }

    private static func token(_ arguments: [String]) -> PlainCommand {
        var subject: String?
        var lifetime: Int64?
        var wantsHeader = false
        var at = 2
        while at < arguments.count {
            switch arguments[at] {
            case "--header": wantsHeader = true
            case "--min-ttl" where at + 1 < arguments.count:
                at += 1
                guard let seconds = Int64(arguments[at]), seconds >= 0 else { return .other }
                lifetime = seconds
            case let word where !word.hasPrefix("-") && subject == nil: subject = word
            default: return .other
            }
            at += 1
        }
        guard let subject else { return .other }
        var request = TokenRequest(subject)
        request.lifetime = lifetime
        request.wantsHeader = wantsHeader
        return .token(request)
    }

    private static func run(_ arguments: [String]) -> PlainCommand {
        var request = RunRequest(Program(firstArgument: arguments.count))
        var at = 2
        while at < arguments.count {
            switch arguments[at] {
            case "--require": request.isRequired = true
            case "--quiet": request.isQuiet = true
            case "--reveal": request.isRevealing = true
            case "--session" where at + 1 < arguments.count:
                at += 1
                request.sessions.append(arguments[at])
            case "--": return at + 1 < arguments.count ? .run(request.of(Program(firstArgument: at + 1))) : .other
            case let word: return word.hasPrefix("-") ? .other : .run(request.of(Program(firstArgument: at)))
            }
            at += 1
        }
        return .other
    }

    /// Does what the command line says.
    /// - Returns: the exit status; not at all where the process becomes another program.
    public func perform() -> Int32 {
        switch self {
        case .token(let request): Self.perform(request)
        case .run(let request): request.perform(whenLocked: Self.leaveToCompleteCommand)
        case .other: Program.becomeCompleteCommand()
        }
    }

    private static func perform(_ request: TokenRequest) -> Int32 {
        do {
            var agent = try Agent.reach()
            try request.perform(&agent)
            return 0
        } catch {
            let mayOpen = error.code == .storeLocked && Agent.mayOpenStore || error.code == .storeUnavailable
            if mayOpen { return Program.becomeCompleteCommand() }
            return ErrorLine.report(error)
        }
    }

    /// The complete command knows how to open a store.
    private static func leaveToCompleteCommand(_ agent: inout Agent) throws(Failure) {
        exit(Program.becomeCompleteCommand())
    }
}

extension RunRequest {
    /// The same run of another program.
    fileprivate func of(_ program: Program) -> RunRequest {
        var request = RunRequest(program)
        request.sessions = sessions
        request.isRequired = isRequired
        request.isQuiet = isQuiet
        request.isRevealing = isRevealing
        return request
    }
}
