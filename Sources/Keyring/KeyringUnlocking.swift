import CSecret
import EventLoop
import Model

extension Keyring {
    /// How long a person may take to answer a dialog, in seconds.
    static let patience: Double = 300

    private static let promptInterface = "org.freedesktop.Secret.Prompt"

    /// Has the keyring ask the person to unlock what is needed, and waits for their answer, five minutes at most. Who
    /// asks while the dialog is there waits for the same one. Returns when the keyring is open, which it may have been
    /// before.
    public func unlock() async throws(KeyringFailure) {
        try await sharedUnlocking.get(keeping: false) { [self] () async throws(KeyringFailure) in
            let (collection, isLocked) = try await defaultCollection(until: moment())
            if isLocked { try await unlock([collection]) }
            _ = try await openCollection(until: moment())
            // Items of ours may lie in another collection, which was the default once.
            let bus = try await bus(until: moment())
            let locked = try await bus.callService("SearchItems", .search(application, nil), "(aoao)", moment())[1]
                .texts
            if !locked.isEmpty { try await unlock(locked) }
        }
    }

    /// Nobody need wait for the person any more: the keyring was opened otherwise. The dialog itself stays until somebody
    /// answers it.
    public func stopAsking() {
        for prompt in prompts.values { prompt.end(.success(())) }
    }

    /// Unlocks the default collection with its password, without a dialog: where there is no display. GNOME Keyring
    /// alone has a method for that, in an interface that it calls unsupported; elsewhere `denied`, as where the
    /// password is wrong.
    public func unlock(password: SecretBytes) async throws(KeyringFailure) {
        let moment = moment()
        let (collection, isLocked) = try await defaultCollection(until: moment)
        guard isLocked else { return }
        let bus = try await bus(until: moment)
        do throws(KeyringFailure) {
            _ = try await withSession(bus, until: moment) { session throws(KeyringFailure) in
                let encoded = session.encode(password)
                return try await bus.call(
                    LANYARD_SECRETS_PATH, "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface",
                    "UnlockWithMasterPassword", .path(collection, secret: encoded), answer: "()", until: moment)
            }
        } catch {
            // There is no such method, or no such collection any more.
            throw error == .gone ? .denied : error
        }
    }

    private func unlock(_ paths: [String]) async throws(KeyringFailure) {
        let moment = moment()
        let bus = try await bus(until: moment)
        let answer = try await bus.callService("Unlock", .paths(paths), "(aoo)", moment)
        let path = answer[1].text
        if path == "/" { return }
        let prompt = Prompt()
        prompts[ObjectIdentifier(prompt)] = prompt
        defer { prompts[ObjectIdentifier(prompt)] = nil }
        // Before it is shown: one that cannot be is completed at once.
        let completed = bus.subscribe(path: path, interface: Self.promptInterface, signal: "Completed") { answer in
            prompt.complete(answer)
        }
        defer { bus.forget(completed) }
        _ = try await bus.call(
            path, Self.promptInterface, "Prompt", .string(""), answer: "()",
            until: moment)
        // A dialog that nobody has answered stays: GNOME Keyring 42 ends with a failed assertion when one is dismissed.
        // Who answers it later unlocks the keyring, and `onChange` tells.
        try await prompt.wait(until: Clock.system.boot() + Self.patience)
    }
}

/// A dialog of the keyring's, which ends in one way and one only.
@LoopActor final class Prompt {
    private var outcome: Result<Void, KeyringFailure>?
    private var continuation: CheckedContinuation<Void, Never>?

    /// Waits for the person; `timedOut` at `moment`.
    func wait(until moment: BootInstant) async throws(KeyringFailure) {
        let timer = Timer(at: moment) { self.end(.failure(.timedOut)) }
        if outcome == nil { await withCheckedContinuation { continuation = $0 } }
        timer.cancel()
        try outcome?.get()
    }

    func end(_ outcome: Result<Void, KeyringFailure>) {
        guard self.outcome == nil else { return }
        self.outcome = outcome
        continuation?.resume()
        continuation = nil
    }

    /// Takes the parameters of the signal Completed: whether it was dismissed, and the result.
    func complete(_ answer: Variant) {
        guard unsafe g_variant_check_format_string(answer.pointer, "(bv)", 0) != 0 else { return }
        let dismissed = unsafe g_variant_get_boolean(answer[0].pointer) != 0
        end(dismissed ? .failure(.dismissed) : .success(()))
    }
}
