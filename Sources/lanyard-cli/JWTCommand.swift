import ArgumentParser
import Client
import JOSE
import Model
import Prose

/// `lanyard jwt`.
struct JWTCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jwt", abstract: "Look into a JWT, or check it.", subcommands: [Decode.self, Verify.self])

    struct Decode: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print its header and its claims; its signature is not checked.",
            discussion: """
                The token of a session, or one that is read from stdin or asked on the terminal; never from the command \
                line, which other users can read.

                  lanyard jwt decode api
                  lanyard jwt decode < token.txt
                """)

        @Argument(help: "A session's name; without it a token is read.", completion: sessionNames)
        var name: String?

        @OptionGroup var output: OutputOptions

        func run() throws {
            let jwt = try token()
            let page = TokenPage(header: jwt.header.root, claims: jwt.claims.root)
            try Output.write(output.json ? JSONPage.text(of: page.json()) : page.text(output.color.style))
        }

        private func token() throws(Failure) -> JWT {
            guard let name else {
                guard let jwt = JWT.decode(try SecretInput.ask(for: "token")) else { throw CommandProse.noJWT() }
                return jwt
            }
            let (token, session) = try JWTCommand.token(of: name, for: "decode")
            guard let jwt = JWT.decode(token) else { throw CommandProse.hasNoJWT(session) }
            return jwt
        }
    }

    /// The token that a session sends.
    /// - Parameter command: the subcommand that asks, to say how it takes a token that is no session's.
    static func token(of name: String, for command: String) throws(Failure) -> (SecretBytes, SessionView) {
        guard SessionName(name) != nil, !name.hasPrefix("eyJ") || !name.contains(".") else {
            throw CommandProse.tokenInArguments(command)
        }
        var agent = try Agent.reach()
        let answer = try agent.withOpenStore { agent throws(Failure) in
            try agent.call(.show) { json in
                json.member("session", name)
                json.member("reveal", false)
                json.member("reveal_token", true)
            }
        }
        guard let session = answer["session"].flatMap({ SessionView($0) }) else { throw CommandProse.notOurDaemon() }
        guard let token = answer["details"]?["token"]?.secret else { throw CommandProse.hasNoJWT(session) }
        return (token, session)
    }
}
