import Model
import Testing

@testable import Varlink

struct MessageTests {
    private func feed(_ framing: inout MessageFraming, _ text: String) -> Bool {
        SecretBytes(text).withBytes { framing.append($0) }
    }

    @Test func messagesAreCutAtNUL() {
        var framing = MessageFraming(limit: 100)
        #expect(feed(&framing, "one\u{0}two\u{0}th"))
        #expect(framing.next()?.exposedText() == "one")
        #expect(framing.next()?.exposedText() == "two")
        #expect(framing.next() == nil)
        #expect(feed(&framing, "ree\u{0}"))
        #expect(framing.next()?.exposedText() == "three")
    }

    @Test func aMessageOverTheLimitIsTheEnd() {
        var framing = MessageFraming(limit: 8)
        #expect(feed(&framing, "12345678"))
        #expect(!feed(&framing, "9"))
        var whole = MessageFraming(limit: 8)
        #expect(!feed(&whole, "123456789\u{0}"))
        var exact = MessageFraming(limit: 8)
        #expect(feed(&exact, "12345678\u{0}"))
    }

    @Test func callsGoThereAndBack() throws {
        let message = VarlinkCall.message("io.lanyard.Agent.Show", more: true) { $0.member("session", "a") }
        #expect(message.withBytes { $0[message.count - 1] } == 0)
        let call = try VarlinkCall(message.copy(0..<(message.count - 1)))
        #expect(call.method == "io.lanyard.Agent.Show" && call.more && !call.oneway)
        #expect(call.parameters?["session"]?.string == "a")
    }

    @Test(arguments: [
        "", "[]", "7", "{}", #"{"method":7}"#, #"{"method":"a.B","parameters":[]}"#, #"{"method":"a.B","more":1}"#,
    ])
    func whatIsNoCall(_ text: String) { #expect(throws: VarlinkFailure.self) { try VarlinkCall(SecretBytes(text)) } }

    @Test func repliesGoThereAndBack() throws {
        let message = VarlinkReply.message(continues: true) { $0.member("n", 1) }
        let reply = try VarlinkReply(message.copy(0..<(message.count - 1)))
        #expect(reply.continues && reply.error == nil && reply.parameters?["n"]?.integer == 1)
        let error = VarlinkReply.error("a.B") { $0.member("message", "no") }
        #expect(try VarlinkReply(error.copy(0..<(error.count - 1))).error == "a.B")
    }
}
