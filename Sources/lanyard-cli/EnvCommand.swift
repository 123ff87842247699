import ArgumentParser
import Client
import Model

/// `lanyard env`.
struct Env: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What a shell evaluates to have plain curl logged in, with sessions marked ambient.",
        discussion: """
            In bash and zsh:  eval "$(lanyard env)"
            In fish:          lanyard env | source

            Sessions are marked with: lanyard set NAME ambient=true
            """)

    @Flag(help: "Put LD_PRELOAD back as it was.")
    var off = false

    @Option(help: "The shell: bash, zsh or fish; else the one that SHELL names.")
    var shell: ShellEnvironment.Shell?

    func run() throws { try ShellEnvironment.perform(shell, off: off) }
}

extension ShellEnvironment.Shell: ExpressibleByArgument {}

/// `lanyard curl-config`.
struct CurlConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "curl-config", abstract: "Print a file for curl -K: for a curl that lanyard curl cannot serve.",
        discussion: """
              lanyard curl-config https://api.example.com/me | ssh host curl -K -

            The file holds the secret that a request for the URL would get, and the URL: one for each -K. But for a \
            bearer token, curl would send that on to wherever a redirect leads; so the file has it follow none.
            """)

    @Argument(help: "A URL.")
    var url: String

    func run() throws {
        var agent = try Agent.reach()
        let answer = try agent.withOpenStore { agent throws(Failure) in
            try agent.call(.curlConfig) { json in
                json.member("url", url)
                NamedSessions.write(&json)
            }
        }
        try Output.write(CurlConfig.text(answer, url: url))
        for line in answer["notice"]?.elements?.compactMap(\.string) ?? [] { ErrorLine.say(line) }
    }
}
