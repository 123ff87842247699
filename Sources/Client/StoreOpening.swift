import Model
import Prose
import Varlink

/// Opening a locked store: with the file that the environment names, or the person is asked for the vault's passphrase.
extension Agent {
    /// How often a passphrase may be wrong before the command gives up.
    private static let mostTries = 3

    /// Names a file with the passphrase.
    private static let passphraseFile = "LANYARD_PASSPHRASE_FILE"

    /// Whether there is a file with the passphrase, or a person who could be asked for it.
    static var mayOpenStore: Bool { Environment.value(passphraseFile) != nil || Terminal.isPresent }

    /// Does `body`; where the store is locked, opens it and does `body` again. What a person has locked stays so: that
    /// takes ``openStore()``.
    /// - Parameter making: a person is asked to make a vault that is still to be made; else there is nothing in it to do
    ///   `body` with.
    /// - Throws: what `body` throws; with the store locked and nobody to ask, why.
    public mutating func withOpenStore<R>(
        making: Bool = false, _ body: (inout Agent) throws(Failure) -> R
    ) throws(Failure) -> R {
        do {
            return try body(&self)
        } catch {
            try open(after: error, making: making)
        }
        return try body(&self)
    }

    /// Opens the store where it is locked, and makes a vault where there is none. Asks only for what the store needs.
    /// - Throws: a ``Failure``: `storeLocked` where nobody can be asked.
    public mutating func openStore() throws(Failure) {
        do { _ = try call(.unlock) { $0.member("create", false) } } catch {
            try open(after: error, making: true)
        }
    }

    /// Opens the store where it is locked, if that can be done; a person is not asked to make a vault.
    /// - Throws: a ``Failure`` where the passphrase that a person types is wrong, or they give none.
    public mutating func openExistingStore() throws(Failure) {
        do {
            _ = try call(.list)
        } catch {
            guard let failure = failureByFile(after: error), failure.mayAsk, !failure.isNew, let terminal = Terminal()
            else { return }
            try openStore(terminal, isNew: false)
        }
    }

    private mutating func open(after failure: Failure, making: Bool) throws(Failure) {
        guard let failure = failureByFile(after: failure) else { return }
        guard failure.mayAsk, making || !failure.isNew, let terminal = Terminal() else { throw failure }
        try openStore(terminal, isNew: failure.isNew)
    }

    /// Opens the store with the file that `LANYARD_PASSPHRASE_FILE` names here: the daemon may have been started without
    /// it, or before it was put right.
    /// - Returns: why the store is not open; nil where it is now.
    private mutating func failureByFile(after failure: Failure) -> Failure? {
        guard failure.mayAsk, let path = Environment.value(Self.passphraseFile) else { return failure }
        let file = Environment.absolute(path)
        do { try unlock(file: file, create: failure.isNew) } catch {
            // A daemon whose own file is no good has not said whether there is a vault.
            guard error.isNew, !failure.isNew else { return error }
            do { try unlock(file: file, create: true) } catch { return error }
        }
        return nil
    }

    private mutating func unlock(file: String, create: Bool) throws(Failure) {
        _ = try call(.unlock) { json in
            json.member("passphrase_file", file)
            json.member("create", create)
        }
    }

    private mutating func openStore(_ terminal: borrowing Terminal, isNew: Bool) throws(Failure) {
        var triesLeft = Self.mostTries
        while true {
            let passphrase = try isNew ? Self.newPassphrase(terminal) : terminal.askSecret(CommandProse.passphrase)
            do {
                _ = try call(.unlock) { json in
                    json.member("passphrase", passphrase)
                    json.member("create", isNew)
                }
                return
            } catch {
                // Somebody else was asked at the same time, and was faster.
                if error == .vaultOpen { return }
                if error.isNew, !isNew { return try openStore(terminal, isNew: true) }
                triesLeft -= 1
                guard error.code == .storeLocked, !isNew, triesLeft > 0 else { throw error }
                terminal.say(error.message)
            }
        }
    }

    private static func newPassphrase(_ terminal: borrowing Terminal) throws(Failure) -> SecretBytes {
        terminal.say(CommandProse.newVault)
        for _ in 0..<mostTries {
            let passphrase = try terminal.askSecret(CommandProse.newPassphrase)
            let again = try terminal.askSecret(CommandProse.newPassphraseAgain)
            if passphrase == again { return passphrase }
            terminal.say(CommandProse.passphrasesDiffer)
        }
        throw CommandProse.noPassphrase()
    }
}

extension Failure {
    /// A passphrase would mend it, and the person may be asked for one.
    fileprivate var mayAsk: Bool { code == .storeLocked && !isByHand }
}
