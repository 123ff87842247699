import CLinux
import Glibc
import Model
import Prose
import Testing

@testable import Client
@testable import Prose

/// The other end of a connection.
private struct Peer: ~Copyable {
    let descriptor: Int32

    deinit { close(descriptor) }

    func write(_ text: String) { _ = writeAll(Array(text.utf8).span, to: descriptor) }

    /// What was sent here so far.
    func received() -> String {
        var room = [UInt8](repeating: 0, count: 4096)
        let count = unsafe room.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        return String(decoding: room[..<max(0, count)], as: UTF8.self)
    }
}

@Suite struct AgentTests {
    /// Two ends of a connection.
    private func pair() -> (Int32, Int32) {
        var ends: [Int32] = [-1, -1]
        unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends)
        return (ends[0], ends[1])
    }

    /// The failure of a `Status` call that is answered with `answer` and then with the end of the connection.
    private func failure(answering answer: String) -> Failure? {
        let (near, far) = pair()
        var agent = Agent(over: Connection(adopting: near))
        do {
            let peer = Peer(descriptor: far)
            peer.write(answer)
            shutdown(peer.descriptor, Int32(SHUT_WR))
            _ = try agent.call(.list, within: 5)
            return nil
        } catch {
            return error
        }
    }

    @Test func aCallAndItsAnswer() throws {
        let (near, far) = pair()
        var agent = Agent(over: Connection(adopting: near))
        let peer = Peer(descriptor: far)
        peer.write("{\"parameters\":{\"a\":1}}\0{\"parameters\":{\"a\":2}}\0")
        #expect(try agent.call(.show) { $0.member("session", "x") }["a"]?.integer == 1)
        #expect(
            peer.received()
                == "{\"method\":\"io.lanyard.Agent.Show\",\"parameters\":{\"protocol\":1,\"session\":\"x\"}}\0")
        #expect(try agent.call(.status)["a"]?.integer == 2)
        #expect(peer.received() == "{\"method\":\"io.lanyard.Agent.Status\",\"parameters\":{}}\0")
    }

    @Test func theDaemonsFailures() {
        let locked = failure(
            answering: """
                {"error":"io.lanyard.Agent.StoreLocked","parameters":{"message":"it is locked","session":null,\
                "mend":"lanyard unlock","lock":"new_vault"}}\0
                """)
        #expect(locked == Failure(.storeLocked, "it is locked", mend: "lanyard unlock", lock: .newVault))
        let byHand = failure(
            answering: """
                {"error":"io.lanyard.Agent.StoreLocked","parameters":{"message":"you have locked the store",\
                "session":null,"mend":"lanyard unlock","lock":"by_hand"}}\0
                """)
        #expect(byHand == Failure.lockedByHand)
        let other = failure(
            answering: """
                {"error":"io.lanyard.Agent.OtherProtocol","parameters":{"message":"no","version":"0.9.0","protocol":7}}\0
                """)
        #expect(other?.code == .otherProtocol)
        #expect(other?.message.contains("0.9.0") == true)
        #expect(other?.mend == "lanyard daemon stop")
    }

    @Test(arguments: [
        "{\"error\":\"org.varlink.service.MethodNotFound\",\"parameters\":{\"method\":\"x\"}}\0",
        "{\"error\":\"io.lanyard.Agent.Invented\",\"parameters\":{\"message\":\"x\"}}\0", "HTTP/1.1 400\r\n\0", "\0",
        "[]\0", "{\"parameters\":[]}\0", "{}\0",
        String(repeating: "[", count: 100_000) + "\0",
    ])
    func anotherDaemonIsToldApart(_ answer: String) {
        #expect(failure(answering: answer)?.code == .otherProtocol)
    }

    @Test func halfAnAnswer() {
        #expect(failure(answering: "{\"parameters\":{")?.code == .noDaemon)
        #expect(failure(answering: "")?.code == .noDaemon)
    }

    @Test func anAnswerWithoutAnEnd() {
        let (near, far) = pair()
        // A process of its own writes until the agent hangs up: no thread of the tests waits.
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawn_file_actions_adddup2(&actions, far, STDOUT_FILENO)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        var yes = pid_t()
        let arguments = unsafe [strdup("yes"), nil]
        defer { unsafe free(arguments[0]) }
        #expect(unsafe posix_spawnp(&yes, "yes", &actions, nil, arguments, lanyard_environment()) == 0)
        close(far)
        var code: Failure.Code?
        do {
            var agent = Agent(over: Connection(adopting: near))
            _ = try agent.call(.list)
        } catch {
            code = error.code
        }
        var status: Int32 = 0
        unsafe waitpid(yes, &status, 0)
        #expect(code == .otherProtocol)
    }

    @Test func aDaemonThatDoesNotAnswer() {
        let (near, far) = pair()
        var agent = Agent(over: Connection(adopting: near))
        let peer = Peer(descriptor: far)
        let failure = #expect(throws: Failure.self) { try agent.call(.list, within: 0.02) }
        #expect(failure?.code == .noDaemon)
        #expect(peer.descriptor == far)
    }

    @Test func aCallThatIsTooLong() {
        let (near, far) = pair()
        var agent = Agent(over: Connection(adopting: near))
        let peer = Peer(descriptor: far)
        let secret = SecretBytes([UInt8](repeating: 0x61, count: 1 << 20))
        let failure = #expect(throws: Failure.self) { try agent.call(.add) { $0.member("secret", secret) } }
        #expect(failure?.code == .usage)
        #expect(peer.descriptor == far)
    }
}
