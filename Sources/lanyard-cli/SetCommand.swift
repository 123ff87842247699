import ArgumentParser
import Client
import Model
import Prose

/// `lanyard set`.
struct SetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Change settings of a session.",
        discussion: """
            ambient=true    plain programs get it too, in a shell with lanyard env
            default=true    it is taken where another session is equally good
            insecure=true   it is sent although TLS verification is off (curl -k)
            confirm=true    you are asked before a program gets it for the first time
            for=ORIGIN      its protection space; for+=ORIGIN adds to it, for-=ORIGIN takes away

              lanyard set api ambient=true for+=https://files.example.com
            """)

    @OptionGroup var session: SessionArgument

    @Argument(help: ArgumentHelp("What to set.", valueName: "key=value"), completion: .list(SettingsRequest.keys))
    var settings: [String]

    @OptionGroup var result: ResultOptions

    func run() throws {
        let request = try SettingsRequest(settings)
        var agent = try Agent.reach()
        var notice: [String] = []
        let changed = try agent.withOpenStore { agent throws(Failure) in
            let answer = try agent.call(.set) { json in
                json.member("session", session.name)
                request.write(&json)
            }
            notice = (answer["notice"]?.elements ?? []).compactMap(\.string)
            guard let session = answer["session"].flatMap({ SessionView($0) }) else {
                throw CommandProse.notOurDaemon()
            }
            return session
        }
        try result.write(changed, [CommandProse.settings(changed)])
        for line in notice { ErrorLine.say(line) }
    }
}
