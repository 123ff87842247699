import EventLoop
import LoopTesting
import Model

@testable import Keyring

/// Runs `body` on the loop with a client of the bus at `address`, and closes it.
func withKeyring<Answer: Sendable>(
    at address: String, application: String = "lanyard", deadline: Double = 20,
    _ body: @escaping @LoopActor @Sendable (Keyring) async throws -> Answer
) async throws -> Answer {
    try await onLoop {
        let keyring = Keyring(application: application, deadline: deadline, address: address)
        defer { keyring.close() }
        return try await body(keyring)
    }
}

/// The failure of `body`; nil where there is none.
@LoopActor func failure(
    _ body: @LoopActor () async throws(KeyringFailure) -> some Any
) async -> KeyringFailure? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error
    }
}

/// Counts the changes that a keyring tells, and waits for them.
@LoopActor final class Changes {
    private(set) var count = 0
    private let keyring: Keyring
    private var continuation: CheckedContinuation<Void, Never>?

    init(_ keyring: Keyring) {
        self.keyring = keyring
        keyring.onChange = { [unowned self] in
            count += 1
            continuation?.resume()
            continuation = nil
        }
    }

    /// Asks for the state after each change until it is `state`; the test's time limit ends a wait in vain.
    func wait(for state: Keyring.State) async {
        while true {
            let seen = count
            if await keyring.state() == state { return }
            if count == seen { await withCheckedContinuation { continuation = $0 } }
        }
    }
}
