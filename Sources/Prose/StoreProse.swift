import Model

/// Failures of the store.
extension Failure {
    /// The vault is locked.
    public static let vaultLocked = Failure(
        .storeLocked, "your vault is locked, and nobody can be asked for its passphrase here",
        mend: "in a terminal: lanyard unlock",
        lock: .vault)
    /// There is no vault yet.
    public static let vaultNew = Failure(
        .storeLocked, "there is no vault yet, and nobody can be asked for its passphrase here",
        mend: "set LANYARD_PASSPHRASE_FILE, or in a terminal: lanyard unlock", lock: .newVault)
    /// The person has locked the store, so that nobody is asked before they unlock it.
    public static let lockedByHand = Failure(
        .storeLocked, "you have locked the store", mend: "lanyard unlock", lock: .byHand)
    /// The keyring is locked.
    public static let keyringLocked = Failure(
        .storeLocked, "your keyring is locked, and nobody can be asked here",
        mend: "in a terminal: lanyard unlock (or log in to the desktop)", lock: .keyring)
    /// The keyring's dialog did not open it.
    public static let keyringNotUnlocked = Failure(
        .storeLocked, "your keyring stays locked: its dialog was closed, or could not be shown",
        mend: "lanyard unlock (or log in to the desktop)", lock: .keyring)
    /// The keyring does not open with this password.
    public static let keyringDenied = Failure(
        .storeLocked, "your keyring does not open with that password here",
        mend: "lanyard unlock (or unlock it in its own program)", lock: .keyring)
    /// The store is where it was to move to.
    public static func storeIsThere(_ name: String) -> Failure {
        Failure(
            .usage, "your sessions are in the \(name == "vault" ? "vault" : "keyring") already", mend: "lanyard status")
    }
    /// The passphrase does not open the vault.
    public static let wrongPassphrase = Failure(
        .storeLocked, "the passphrase does not open your vault", mend: "lanyard unlock", lock: .vault)
    /// The passphrase file cannot be used: the vault waits for it, or for a person.
    public static func passphraseFile(_ path: String, _ why: String, mend: String) -> Failure {
        Failure(.storeLocked, "the passphrase file \(Prose.printable(path)) \(why)", mend: mend, lock: .vault)
    }
    /// A vault was to be made where there is one.
    public static let vaultExists = Failure(.usage, "there is a vault already", mend: "lanyard unlock")
    /// The vault is open already.
    public static let vaultOpen = Failure(.usage, "your vault is open already", mend: "lanyard list")
    /// The store cannot be used, because of what Prose says.
    public static func store(_ what: (cause: String, mend: String)) -> Failure {
        Failure(.storeUnavailable, what.cause, mend: what.mend)
    }
}

/// What is wrong with the store.
extension Prose {
    /// The key file is damaged.
    public static func keyFileDamaged(_ path: String) -> (String, mend: String) {
        (
            "the vault's key file \(path) is damaged",
            "put back a copy of it; without it nothing in the vault can be read"
        )
    }
    /// The key file is gone.
    public static func keyFileMissing(_ path: String) -> (String, mend: String) {
        ("there is a journal, but not the key file \(path) that opens it", "put back a copy of the key file")
    }
    /// The journal's header is damaged.
    public static func journalDamaged(_ path: String) -> (String, mend: String) {
        ("the journal \(path) is damaged: its header cannot be read", "put back a copy, or move it away to begin anew")
    }
    /// Journal and key do not belong together.
    public static func journalOfOtherKey(_ path: String) -> (String, mend: String) {
        (
            "the journal \(path) was sealed with another key",
            "put back the key that belongs to it, or move the journal away to go on without it"
        )
    }
    /// A folder is not as it has to be.
    public static func folder(_ path: String, _ why: String) -> (String, mend: String) {
        ("the folder \(path) \(why)", "let it be your own, with mode 700")
    }
    /// What a file or folder is.
    public static let isMissing = "is not there"
    /// It is no regular file.
    public static let isNotAFile = "is no regular file"
    /// It belongs to somebody else.
    public static let isNotYours = "belongs to somebody else"
    /// Others can read it.
    public static let isReadableByOthers = "can be read by others"
    /// It is empty.
    public static let isEmpty = "is empty"
    /// It is too large.
    public static let isTooLarge = "is too large for a passphrase"
    /// It is no folder.
    public static let isNotAFolder = "is no folder"
    /// Others can write to it.
    public static let isWritableByOthers = "can be written by others"
    /// A file of a later version.
    public static func newerFormat(_ path: String, _ found: Int) -> (String, mend: String) {
        ("\(path) has format \(found), which this version does not know", "use the Lanyard that wrote it")
    }
    /// A second daemon writes.
    public static let anotherWriter = (
        "another lanyardd has the store open",
        mend: "use that one: XDG_RUNTIME_DIR or LANYARD_SOCKET was another when it was started"
    )
    /// The mend of a passphrase file's mode.
    public static let mendMode = "chmod 600 it, and let it be your own; then: lanyard unlock"
    /// The mend of a passphrase file that holds none.
    public static let mendPassphraseFile = "put the passphrase into a file of your own, mode 600; then: lanyard unlock"
    /// The record of the backend is damaged.
    public static func recordDamaged(_ path: String) -> (String, mend: String) {
        ("\(path), which says where your sessions are, is damaged", "write vault into it")
    }
    /// A system call failed.
    public static func io(_ path: String, _ reason: String) -> (String, mend: String) {
        ("\(path): \(reason)", "free the disk or mend the folder, then try again")
    }
    /// Another backend was asked for than the one recorded.
    public static func otherBackend(recorded: String, asked: String) -> (String, mend: String) {
        (
            "your sessions are in the \(printable(recorded)) store, and the setting store (config.toml, LANYARD_STORE) says \(printable(asked))",
            "take it out of config.toml, or unset LANYARD_STORE; then: lanyard daemon stop"
        )
    }
    /// The store was to move to another than the setting names.
    public static func settingForbids(_ target: String, asked: String) -> (String, mend: String) {
        (
            "LANYARD_STORE or the settings file says \(printable(asked)), so your sessions stay there and not in the \(target)",
            "let it say auto, then: lanyard daemon stop"
        )
    }
    /// A backend this version has not got.
    public static func unknownBackend(_ name: String) -> (String, mend: String) {
        (
            "there is no store \(printable(name)), which the setting store names",
            "store = \"auto\", \"secret-service\" or \"vault\" in config.toml, or LANYARD_STORE"
        )
    }
    /// A copy of the header was damaged.
    public static let damagedHeader = "the journal's header was damaged; nothing is lost"
    /// Records that did not authenticate.
    public static func damagedRecords(_ count: Int) -> String {
        count == 1
            ? "a record of the journal did not authenticate" : "\(count) records of the journal did not authenticate"
    }
    /// Bytes that are no record.
    public static func strayBytes(_ count: Int) -> String { "\(count) bytes of the journal are no record" }
    /// A record that was moved.
    public static let outOfPlace = "a record of the journal stands where it does not belong, and was not used"
    /// A record of unknown content.
    public static let notUnderstood = "a record of the journal says what this version does not understand"
    /// There is no session bus.
    public static let keyringNoBus = (
        "your keyring cannot be reached: there is no session bus",
        mend: "log in to the desktop, or set DBUS_SESSION_BUS_ADDRESS and: lanyard daemon stop"
    )
    /// There is no Secret Service.
    public static let keyringNoService = (
        "your keyring cannot be reached: there is none on the session bus",
        mend: "start GNOME Keyring, KWallet or KeePassXC"
    )
    /// The Secret Service has no collection.
    public static let keyringNoCollection = (
        "your keyring has no default collection", mend: "make one in the keyring's own program, or put it back"
    )
    /// The Secret Service does not answer.
    public static let keyringTimedOut = (
        "your keyring does not answer", mend: "see whether its program hangs; Lanyard tries again by itself"
    )
    /// It asks before it makes or deletes an item.
    public static let keyringAsking = (
        "your keyring asks you something, in a window of its own",
        mend: "answer it there; what waits is then tried again"
    )
    /// It would have secrets in the clear.
    public static let keyringUnencrypted = (
        "your keyring takes no encrypted session, and secrets are not sent in the clear",
        mend: "use GNOME Keyring, KWallet or KeePassXC, or: LANYARD_STORE=vault"
    )
    /// What was stored was not there when it was read back.
    public static let keyringNotKept = (
        "your keyring did not keep what was stored in it; your sessions are where they were",
        mend: "see what the keyring's own program says"
    )
    /// An item of a later version.
    public static func newerItem(_ found: Int) -> (String, mend: String) {
        (
            "your keyring holds an item of format \(found), which this version does not know",
            "use the Lanyard that wrote it"
        )
    }
    /// The keyring is locked, where that is no matter.
    public static let keyringIsLocked = "it is locked"
    /// The keyring was locked after its sessions were read.
    public static let keyringLockedMeanwhile =
        "your keyring is locked; your sessions go on, and changes wait in the journal; to open it: lanyard unlock"
    /// The keyring went away after its sessions were read.
    public static func keyringGone(_ reason: String) -> String {
        "\(reason); your sessions go on, and changes wait in the journal"
    }
    /// The keyring does not take what it should have.
    public static func itemsBehind(_ count: Int, _ reason: String) -> String {
        let what = count == 1 ? "a session is" : "\(count) sessions are"
        return "\(what) newer here than in your keyring, and safe in the journal: \(reason)"
    }
    /// The vault would serve better.
    public static func manyItems(_ count: Int) -> String {
        "\(count) sessions make a keyring slow; better: lanyard store move vault"
    }
    /// The Secret Service refused.
    public static func keyringRefused(_ reason: String) -> (String, mend: String) {
        ("your keyring refused: \(printable(reason))", "see what the keyring's own program says")
    }
    /// The keyring no longer has the journal's key.
    public static let noKey = "the keyring no longer has the journal's key: only what the keyring holds is used"
    /// The journal is gone.
    public static let noJournal = "the journal is gone: sessions that were in it are lost"
    /// Where the damaged file is.
    public static func kept(_ what: String, _ path: String) -> String {
        "\(what); the file as it was is kept in \(path)"
    }
    /// The kernel refused to lock memory.
    public static let memoryNotLocked =
        "the kernel refused to lock memory: secrets may be swapped out (raise ulimit -l)"
}

/// The daemon's folder and socket.
extension Failure {
    /// The runtime folder is a link or no folder.
    public static func folderIsLink(_ path: String) -> Failure {
        Failure(.refused, "\(path) is a link or no folder: somebody may have put it there", mend: "rm \(path)")
    }
    /// The runtime folder is another user's.
    public static func folderIsForeign(_ path: String) -> Failure {
        Failure(.refused, "\(path) belongs to somebody else", mend: "set XDG_RUNTIME_DIR to a folder of your own")
    }
    /// Others may enter the runtime folder.
    public static func folderIsOpen(_ path: String) -> Failure {
        Failure(.refused, "others may enter \(path)", mend: "chmod 700 \(path)")
    }
    /// A system call for the socket failed.
    public static func socket(_ path: String, _ reason: String) -> Failure {
        Failure(
            .internal, "\(path): \(reason)",
            mend: "set XDG_RUNTIME_DIR to a folder of your own, or LANYARD_SOCKET to a path; or unset both")
    }
    /// What the service manager has passed is no socket to serve on.
    public static let socketsPassed = Failure(
        .internal, "the service manager has passed something else than one Unix socket that listens",
        mend: "look into lanyardd.socket")
    /// The daemon's own program is not where it was.
    public static func programGone(_ path: String) -> Failure {
        Failure(
            .internal, "there is no lanyardd at \(path) any more", mend: "install Lanyard again; the daemon runs on")
    }
    /// The daemon is ending.
    public static let stopping = Failure(.internal, "the daemon is ending", mend: "try again")
    /// Another daemon has the socket's lock, and does not listen.
    public static func daemonDoesNotListen(_ path: String) -> Failure {
        Failure(.internal, "another lanyardd has \(path) and does not answer there", mend: "lanyard daemon stop")
    }
    /// Another daemon has the socket.
    public static func daemonRunsAlready(_ path: String) -> Failure {
        Failure(.internal, "another lanyardd answers at \(path)", mend: "lanyard daemon stop")
    }
}

/// The daemon's log and status.
extension Prose {
    /// It serves.
    public static func listening(_ path: String) -> String { "lanyardd \(Lanyard.version) listens at \(path)" }
    /// What `systemctl --user status lanyardd` shows.
    public static func serviceStatus(_ store: String?) -> String { "the store is \(store ?? "closed")" }
    /// It has begun to end.
    public static let stopping = "finishing what is under way"
    /// It is not known where things are kept.
    public static let noHome =
        "HOME is not set, so there is nowhere to keep sessions; set it, or XDG_DATA_HOME and XDG_STATE_HOME"
    /// It could not come up, because of what a part of it says.
    public static func cannotStart(_ reason: String) -> String { "lanyardd cannot start: \(printable(reason))" }
    /// It ends.
    public static let stopped = "stopped"
    /// The person has locked the store.
    public static let locked = "locked; sessions and keys are forgotten until: lanyard unlock"
    /// The store was opened.
    public static let unlocked = "unlocked"
    /// A daemon that is started now would not know that the store is to stay locked.
    public static func lockNotMarked(_ path: String, _ reason: String) -> String {
        "cannot note at \(path) that the store is locked: a daemon that is started anew may open it (\(reason))"
    }
    /// A session was renewed.
    public static func renewed(_ name: SessionName) -> String { "renewed \"\(name)\"" }
    /// A renewal failed.
    public static func notRenewed(_ name: SessionName, _ failure: Failure) -> String {
        "could not renew \"\(name)\": \(failure.message)"
    }
    /// How lanyardd is called.
    public static let lanyarddUsage = """
        usage: lanyardd [--socket PATH] [--detach] [--ephemeral PID]

        Keeps your web sessions and renews them; started by lanyard when it is needed.

          --socket PATH   listen there instead of $XDG_RUNTIME_DIR/lanyard/socket
          --detach        return once it listens, and go on in the background
          --ephemeral PID
                          keep nothing on the disk, end with that process, and then remove the socket's folder
          --version       print the version
          --help          print this
        """
    /// Why a store is one in memory.
    public static let storeForOneProgram = "for one program alone, and ends with it"
    /// A process to end with that is not there.
    public static let noSuchProcess = "--ephemeral needs the number of a running process, and --socket"
    /// An option that lanyardd does not have.
    public static func unknownOption(_ text: String) -> String { "there is no option \(printable(text))" }
    /// An option without its value.
    public static func missingValue(_ option: String) -> String { "\(option) needs a value" }
    /// It did not come up in time.
    public static let notUpInTime = "lanyardd did not come up within 5 s"
    /// A dialog waits.
    public static let storeAsksPerson = "your keyring waits for its password, in a window of its own"
    /// It is locked because the person said so.
    public static let storeLockedByHand = "you have locked it"
    /// The sessions are there because they were at the last start.
    public static let storeRecorded = "chosen at its first use; to change it: lanyard store move"
    /// The sessions are there because the person said so.
    public static let storeAsked = "store in config.toml, or LANYARD_STORE, says so"
    /// The sessions are there because there is a keyring.
    public static let storeKeyringIsThere = "there is a keyring"
    /// The sessions are there because there is no keyring.
    public static let storeNoKeyring = "there is no keyring here"
}
