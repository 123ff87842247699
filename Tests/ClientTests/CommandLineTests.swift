import Testing

@testable import Client
@testable import Prose
@testable import Varlink

@Suite struct CommandLineTests {
    private func token(_ words: String...) -> TokenRequest? {
        guard case .token(let request) = PlainCommand(["lanyard", "token"] + words) else { return nil }
        return request
    }

    private func run(_ words: String...) -> RunRequest? {
        guard case .run(let request) = PlainCommand(["lanyard", "run"] + words) else { return nil }
        return request
    }

    @Test func plainTokens() {
        #expect(token("api")?.subject == "api")
        #expect(token("--min-ttl", "30", "api", "--header")?.lifetime == 30)
        #expect(token("api", "--header")?.wantsHeader == true)
    }

    @Test func whatIsNotPlainIsLeftToTheParser() {
        #expect(token() == nil)
        #expect(token("a", "b") == nil)
        #expect(token("--help") == nil)
        #expect(token("api", "--min-ttl", "soon") == nil)
        #expect(token("api", "--min-ttl") == nil)
        #expect(token("api", "--min-ttl", "-1") == nil)
        #expect(run() == nil)
        #expect(run("--") == nil)
        #expect(run("--help", "--", "x") == nil)
        #expect(run("--session") == nil)
    }

    @Test func runTakesItsOptionsBeforeTheProgram() {
        let request = run("--session", "a", "--require", "--session", "b", "--", "curl", "--quiet")
        #expect(request?.sessions == ["a", "b"])
        #expect(request?.isRequired == true)
        #expect(request?.isQuiet == false)
        #expect(request?.program.first == 8)
        #expect(run("sh", "-c", "--", "true")?.program.first == 2)
    }

    @Test func allAfterCurlIsCurls() {
        guard case .run(let request) = PlainCommand(["lanyard", "curl", "--session", "--help", "--"]) else {
            Issue.record("curl is run")
            return
        }
        #expect(request.program.first == 1)
        #expect(request.sessions.isEmpty)
    }

    @Test func childEnvironment() {
        let child = ChildEnvironment(
            library: "/lib/l.so", preloaded: "libfaketime.so /lib/l.so:x.so", sessions: ["a", "b"], isQuiet: false,
            isRequired: true)
        #expect(child.variables.map(\.name) == ["LD_PRELOAD", "LANYARD_RUN", "LANYARD_SESSION"])
        #expect(child.variables.map(\.value) == ["/lib/l.so:libfaketime.so:x.so", "say,require", "a,b"])
    }

    @Test func aRunWithoutSessionsKeepsTheOnesThatAreSet() {
        let child = ChildEnvironment(library: "/l.so", preloaded: nil, sessions: [], isQuiet: true, isRequired: false)
        #expect(child.variables.map(\.name) == ["LD_PRELOAD", "LANYARD_RUN"])
        #expect(child.variables.map(\.value) == ["/l.so", "quiet"])
    }

    @Test func whatWasAttachedIsRevealedWhereThatIsAsked() {
        #expect(run("--reveal", "--", "curl", "-v")?.isRevealing == true)
        #expect(run("--", "curl", "--reveal")?.isRevealing == false)
        let child = ChildEnvironment(
            library: "/l.so", preloaded: nil, sessions: [], isQuiet: false, isRequired: true, isRevealing: true)
        #expect(child.variables.map(\.value) == ["/l.so", "say,require,reveal"])
    }

    @Test func socketPaths() {
        func path(_ named: String?, _ runtime: String?, _ hasRunFolder: Bool) -> String {
            SocketPath(named: named, runtime: runtime, user: 7, hasRunFolder: hasRunFolder).text
        }
        #expect(path("/s", "/r", true) == "/s")
        #expect(path(nil, "/r", true) == "/r/lanyard/socket")
        #expect(path(nil, "relative", true) == "/run/user/7/lanyard/socket")
        #expect(path(nil, nil, false) == "/tmp/lanyard-7/socket")
    }
}
