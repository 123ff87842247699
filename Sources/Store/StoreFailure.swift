/// Why the store cannot do what it was asked. Never carries a secret.
public enum StoreFailure: Error, Equatable, Sendable {
    /// The passphrase does not open the vault.
    case wrongPassphrase
    /// A passphrase has to have at least one byte.
    case emptyPassphrase
    /// There is no vault yet, and none was to be made.
    case noVault
    /// A vault was to be made, and there is one.
    case vaultExists
    /// The store is locked: it has to be opened first.
    case locked
    /// The store is open already.
    case alreadyOpen
    /// The key file is not as it was written.
    case keyFileDamaged(path: String)
    /// There is a journal, but not the key file that opens it.
    case keyFileMissing(path: String)
    /// Neither copy of the journal's header can be read: without it no record can be.
    case journalDamaged(path: String)
    /// The journal was sealed with another key than the one that opens this vault.
    case journalOfOtherKey(path: String)
    /// The file has a format that a newer Lanyard has written; it is left as it is.
    case newerFormat(path: String, found: Int)
    /// Another process has the store open; the path is that of the lock.
    case anotherWriter(path: String)
    /// The file that is to hold the passphrase cannot be used.
    case passphraseFile(path: String, PassphraseFault)
    /// A folder of the store is not as it has to be.
    case folder(path: String, FolderFault)
    /// One backend was chosen at the first store, and now another is asked for.
    case otherBackend(recorded: String, asked: String)
    /// The record of the choice names no backend; its path.
    case recordDamaged(path: String)
    /// The keyring cannot be used now.
    case keyring(KeyringFault)
    /// An item in the keyring has a format that a newer Lanyard has written.
    case newerItem(Int)
    /// The store was to move, and the setting names where it is.
    case settingForbids(target: String, asked: String)
    /// The store is where it was to move to.
    case isThere(String)
    /// No backend has this name.
    case unknownBackend(String)
    /// A system call failed; `errno` after it. `EFBIG` also for a batch above 64 MiB.
    case io(path: String, errno: Int32)

    /// What is wrong with the keyring.
    public enum KeyringFault: Equatable, Sendable {
        /// There is no session bus.
        case noBus
        /// Nothing on the bus is a Secret Service.
        case noService
        /// The Secret Service has no default collection.
        case noCollection
        /// It does not answer in time.
        case timedOut
        /// The person has sent the prompt away, or there is nobody to be asked.
        case dismissed
        /// It asks the person something, who has not answered yet.
        case asking
        /// The password is wrong, or it takes none from a program.
        case denied
        /// What was stored in it was not there when it was read back.
        case notKept
        /// It is locked.
        case locked
        /// It refused, with its reason.
        case refused(String)
    }

    /// What is wrong with a passphrase file.
    public enum PassphraseFault: Equatable, Sendable {
        /// It is not there.
        case missing
        /// It is no regular file.
        case notAFile
        /// It belongs to somebody else.
        case notYours
        /// Its group or everybody can read it.
        case readableByOthers
        /// It has no bytes but perhaps a newline.
        case empty
        /// It is larger than 64 KiB: not a passphrase.
        case tooLarge
    }

    /// What is wrong with a folder.
    public enum FolderFault: Equatable, Sendable {
        /// It is something else than a folder.
        case notAFolder
        /// It belongs to somebody else.
        case notYours
        /// Its group or everybody can write to it.
        case writableByOthers
    }
}

/// Something in the journal that was lost or put there, told to the person; what could be read is in use.
public struct Damage: Equatable, Sendable {
    /// What it is.
    public var what: What
    /// Where the damaged file was kept, byte for byte; nil where there is no file.
    public var keptAt: String?

    /// The kinds.
    public enum What: Equatable, Sendable {
        /// One of the two copies of the header; nothing is lost.
        case header
        /// These records are gone or do not authenticate.
        case records(ClosedRange<UInt64>)
        /// So many bytes between records or at the end are no record.
        case strayBytes(Int)
        /// The record of this number stands where it does not belong, and was not applied.
        case outOfPlace(UInt64)
        /// The record of this number authenticates, but says nothing that this version understands.
        case notUnderstood(UInt64)
        /// The keyring no longer has the journal's key: the items alone are used.
        case noKey
        /// The store was in use, and its journal is gone.
        case noJournal
    }
}
