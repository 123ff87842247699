import Model
import Prose
import Varlink

/// Opening a store that is locked: with the file that the environment names, by the keyring's own dialog, or the person
/// is asked for the vault's passphrase.
extension Agent {
    /// How often a passphrase may be wrong before the command gives up.
    private static let mostTries = 3
    /// As long as the keyring's dialog may wait for the person, and what else the daemon does then, in seconds.
    private static let dialogPatience = 320.0

    /// Names a file with the passphrase.
    private static let passphraseFile = "LANYARD_PASSPHRASE_FILE"

    /// Whether there is a file with the passphrase, or a person who could be asked for it.
    static var mayOpenStore: Bool { Environment.value(passphraseFile) != nil || Terminal.isPresent }

    /// Whether the keyring's dialog could be shown to whoever calls this.
    private static var hasDisplay: Bool {
        ["DISPLAY", "WAYLAND_DISPLAY"].contains { !(Environment.value($0) ?? "").isEmpty }
    }

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
            if let failure = openUnasked(after: error) { try open(after: failure, making: making) }
        }
        return try body(&self)
    }

    /// Opens the store where it is locked, and makes a vault where there is none. Asks only for what the store needs. The
    /// file that `LANYARD_PASSPHRASE_FILE` names here comes before one that the daemon was started with.
    /// - Throws: a ``Failure``: `storeLocked` where nobody can be asked.
    public mutating func openStore() throws(Failure) {
        let failure: Failure
        let file = Environment.value(Self.passphraseFile).map { Environment.absolute($0) }
        do throws(Failure) {
            let answer = try call(.unlock) { json in
                json.member("create", false)
                json.member("passphrase_file", file)
            }
            // Whoever has the sessions and cannot be asked has what they need.
            guard answer["keyring_locked"]?.bool == true, Terminal.isPresent else { return }
            failure = .keyringLocked
        } catch {
            failure = error
        }
        if failure.lock == .keyring, !Self.hasDisplay, let terminal = Terminal() {
            return try askForKeyring(terminal)
        }
        try open(after: failure, making: true)
    }

    /// Opens the store where it is locked, if that can be done; a person is not asked to make a vault.
    /// - Throws: a ``Failure`` where the passphrase that a person types is wrong, or they give none.
    public mutating func openExistingStore() throws(Failure) {
        do {
            _ = try call(.list)
        } catch {
            guard let failure = openUnasked(after: error).flatMap({ failureByFile(after: $0) }), failure.isMendable,
                failure.lock != .newVault
            else {
                return
            }
            if failure.lock == .keyring, !Self.hasDisplay { return }
            guard let terminal = Terminal() else { return }
            try ask(terminal, for: failure)
        }
    }

    /// What was wrong with the store may have been mended since the daemon last looked, or the keyring unlocked.
    /// - Returns: what is wrong now; nil where it is open.
    private mutating func openUnasked(after failure: Failure) -> Failure? {
        failure.code == .storeUnavailable || failure.lock == .keyring ? openUnasked() : failure
    }

    /// Opens the store where nobody has to be asked.
    /// - Returns: why it is not open; nil where it is.
    private mutating func openUnasked() -> Failure? {
        do throws(Failure) { _ = try call(.unlock) { $0.member("create", false) } } catch { return error }
        return nil
    }

    private mutating func open(after failure: Failure, making: Bool) throws(Failure) {
        guard let failure = failureByFile(after: failure) else { return }
        guard failure.isMendable, making || failure.lock != .newVault,
            failure.lock != .keyring || Self.hasDisplay, let terminal = Terminal()
        else { throw failure }
        try ask(terminal, for: failure)
    }

    private mutating func ask(_ terminal: borrowing Terminal, for failure: Failure) throws(Failure) {
        guard failure.lock == .keyring else { return try openVault(terminal, isNew: failure.lock == .newVault) }
        terminal.say(CommandProse.keyringAsks)
        _ = try call(.unlock, within: Self.dialogPatience) { json in
            json.member("create", false)
            json.member("ask", true)
        }
    }

    /// Opens the store with the file that `LANYARD_PASSPHRASE_FILE` names here: the daemon may have been started without
    /// it, or before it was put right.
    /// - Returns: why the store is not open; nil where it is now.
    private mutating func failureByFile(after failure: Failure) -> Failure? {
        guard failure.isMendable, failure.lock != .keyring, let path = Environment.value(Self.passphraseFile) else {
            return failure
        }
        let file = Environment.absolute(path)
        do { try unlock(file: file, create: failure.lock == .newVault) } catch {
            // A daemon whose own file is no good has not said whether there is a vault.
            guard error.lock == .newVault, failure.lock != .newVault else { return error }
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

    private mutating func openVault(_ terminal: borrowing Terminal, isNew: Bool) throws(Failure) {
        if isNew { terminal.say(CommandProse.newVault) }
        var triesLeft = Self.mostTries
        while true {
            let passphrase = try isNew ? Self.newPassphrase(terminal) : terminal.askSecret(CommandProse.passphrase)
            do {
                return try unlock(passphrase, create: isNew)
            } catch {
                // Somebody else was asked at the same time, and was faster.
                if error == .vaultOpen { return }
                if error.lock == .newVault, !isNew { return try openVault(terminal, isNew: true) }
                triesLeft -= 1
                guard error.code == .storeLocked, !isNew, triesLeft > 0 else { throw error }
                terminal.say(error.message)
            }
        }
    }

    /// Asks for the keyring's own password: where there is no display for its dialog, some keyrings take it so.
    private mutating func askForKeyring(_ terminal: borrowing Terminal) throws(Failure) {
        var triesLeft = Self.mostTries
        while true {
            let password = try terminal.askSecret(CommandProse.keyringPassword)
            do {
                return try unlock(password, create: false)
            } catch {
                triesLeft -= 1
                guard error.code == .storeLocked, triesLeft > 0 else { throw error }
                terminal.say(error.message)
            }
        }
    }

    private mutating func unlock(_ passphrase: SecretBytes, create: Bool) throws(Failure) {
        _ = try call(.unlock) { json in
            json.member("passphrase", passphrase)
            json.member("create", create)
        }
    }

    private static func newPassphrase(_ terminal: borrowing Terminal) throws(Failure) -> SecretBytes {
        for _ in 0..<mostTries {
            do throws(Failure) {
                let passphrase = try terminal.askSecret(CommandProse.newPassphrase)
                let again = try terminal.askSecret(CommandProse.newPassphraseAgain)
                if passphrase == again { return passphrase }
                terminal.say(CommandProse.passphrasesDiffer)
            } catch {
                // Nothing was typed, by mistake perhaps.
                guard error.code == .usage else { throw error }
                terminal.say(error.message)
            }
        }
        throw CommandProse.noPassphrase()
    }
}

extension Agent {
    /// Moves the sessions to the other store. Into a vault, its passphrase comes from the file that
    /// `LANYARD_PASSPHRASE_FILE` names, or the person is asked for it.
    /// - Returns: how many sessions there are, and why the keyring still holds what was there; nil where it does not.
    public mutating func moveStore(to target: StoreKind) throws(Failure) -> (sessions: Int, left: String?) {
        var passphrase: SecretBytes?
        let file = Environment.value(Self.passphraseFile).map { Environment.absolute($0) }
        if target == .vault, file == nil {
            guard let terminal = Terminal() else { throw CommandProse.noPassphraseForVault() }
            terminal.say(CommandProse.newVault)
            passphrase = try Self.newPassphrase(terminal)
        }
        let answer = try call(.move) { json in
            json.member("to", target.rawValue)
            if let passphrase { json.member("passphrase", passphrase) }
            if target == .vault, let file { json.member("passphrase_file", file) }
        }
        guard let sessions = answer["sessions"]?.integer else { throw CommandProse.notOurDaemon() }
        return (Int(sessions), answer["left"]?.shownText)
    }
}

/// The stores that sessions can be moved to; the names are those of the protocol.
public enum StoreKind: String, Sendable {
    /// A file wrapped with a passphrase.
    case vault
    /// The person's keyring.
    case secretService = "secret_service"
}

extension Failure {
    /// A passphrase or a dialog would mend it, and the person may be asked for it.
    fileprivate var isMendable: Bool { code == .storeLocked && lock != .byHand }
}
