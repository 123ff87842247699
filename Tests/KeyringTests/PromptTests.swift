import CSecret
import EventLoop
import LoopTesting
import Model
import Testing

@testable import Keyring

@Suite(.timeLimit(.minutes(1))) struct PromptTests {
    @Test func endsAsThePersonSays() async throws {
        let outcomes = try await onLoop {
            var outcomes: [KeyringFailure?] = []
            for text in ["(false, <['/item']>)", "(true, <''>)"] {
                let prompt = Prompt()
                EventLoop.task { if let answer = try? parse(text) { prompt.complete(answer) } }
                outcomes.append(
                    await failure { () throws(KeyringFailure) in try await prompt.wait(until: .init(nanoseconds: .max))
                    })
            }
            return outcomes
        }
        #expect(outcomes == [nil, .dismissed])
    }

    @Test func endsOnce() async throws {
        let outcomes = try await onLoop {
            let prompt = Prompt()
            // No answer at all, and one of another type.
            prompt.complete(try parse("('yes', 1)"))
            let late = await failure { () throws(KeyringFailure) in try await prompt.wait(until: Clock.system.boot()) }
            prompt.complete(try parse("(false, <''>)"))
            let again = await failure { () throws(KeyringFailure) in try await prompt.wait(until: Clock.system.boot()) }
            return [late, again]
        }
        #expect(outcomes == [.timedOut, .timedOut])
    }
}

private func parse(_ text: String) throws -> Variant {
    // GLib ends at the NUL, and gives a reference of our own.
    unsafe Variant(taking: try #require(g_variant_parse(nil, text, nil, nil, nil)))
}
