import Model
import Prose

/// Opening a locked store: the person is asked for the vault's passphrase.
extension Agent {
    /// How often a passphrase may be wrong before the command gives up.
    private static let mostTries = 3

    /// Does `body`; where the store is locked and a person is there to be asked, opens it and does `body` again. What a
    /// person has locked stays so: that takes ``openStore()``.
    /// - Parameter making: a vault that is still to be made is made; else there is nothing in it to do `body` with.
    /// - Throws: what `body` throws; with the store locked and nobody to ask, that.
    public mutating func withOpenStore<R>(
        making: Bool = false, _ body: (inout Agent) throws(Failure) -> R
    ) throws(Failure) -> R {
        do {
            return try body(&self)
        } catch {
            guard error.mayAsk, making || !error.isNew, let terminal = Terminal() else { throw error }
            try openStore(terminal, isNew: error.isNew)
        }
        return try body(&self)
    }

    /// Opens the store where it is locked, and makes a vault where there is none. Asks only for what the store needs.
    /// - Throws: a ``Failure``: `storeLocked` where nobody can be asked.
    public mutating func openStore() throws(Failure) {
        do { _ = try call(.unlock) { $0.member("create", false) } } catch {
            guard error.mayAsk, let terminal = Terminal() else { throw error }
            try openStore(terminal, isNew: error.isNew)
        }
    }

    /// Opens the store where it is locked and a person is there; a vault that is still to be made is left alone.
    /// - Throws: a ``Failure`` where the passphrase is wrong, or none is given.
    public mutating func openExistingStore() throws(Failure) {
        do {
            _ = try call(.list)
        } catch {
            guard error.mayAsk, !error.isNew, let terminal = Terminal() else { return }
            try openStore(terminal, isNew: false)
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
                if error.code == .usage { return }
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
