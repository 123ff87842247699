import Glibc
import Model

/// The vault's key file: the journal's key, wrapped with a passphrase.
///
///     magic 16 ‖ version 4 ‖ passes 4 ‖ memory in KiB 4 ‖ salt 16 ‖ nonce 24 ‖ wrapped key 48 ‖ checksum 32
///
/// The passphrase is stretched with Argon2id, the key wrapped with XChaCha20-Poly1305, bound to all that stands before
/// it. The checksum (BLAKE2b, no key) ends the file in every version of the format: so a damaged file is told from
/// a wrong passphrase, and from a newer format. Integers are little-endian.
struct VaultKey {
    static let fileName = "vault.key"
    private static let version = UInt32(Lanyard.vaultKeyFormat)
    private static let magic = Array("lanyard vault\0\0\n".utf8)
    private static let checksumSize = 32
    private static let wrappedSize = Sodium.keySize + Sodium.tagSize
    private static let headerSize = 16 + 4 + 4 + 4 + Sodium.saltSize + Sodium.nonceSize
    private static let fileSize = headerSize + wrappedSize + checksumSize
    /// Any version's file is smaller than this; a larger one is not ours.
    private static let largestFile = 4096

    /// RFC 9106, 4: the second recommended option, for where memory is not plentiful (libsodium has one lane, not four).
    private static let passes: UInt32 = 3
    private static let memory: UInt32 = 64 << 10
    /// What is taken from a file: somebody else may have written it, and 4 TiB of memory would be a way to stop us.
    private static let acceptedPasses: ClosedRange<UInt32> = 1...16
    private static let acceptedMemory: ClosedRange<UInt32> = 8 << 10...1 << 20

    private let folder: Folder

    /// The key file in the data folder.
    init(in folder: Folder) { self.folder = folder }

    private var path: String { folder.path(of: Self.fileName) }

    /// Whether there is one.
    func exists() throws(StoreFailure) -> Bool { try folder.exists(Self.fileName) }

    /// Makes a new key, and its file. Takes a second.
    func make(passphrase: SecretBytes) throws(StoreFailure) -> SecretBytes {
        let key = Sodium.randomKey()
        try wrap(key, passphrase: passphrase)
        return key
    }

    /// Makes the file of a key, in the place of any other. Takes a second.
    func wrap(_ key: SecretBytes, passphrase: SecretBytes) throws(StoreFailure) {
        var bytes = Self.magic
        bytes.append(littleEndian: Self.version)
        bytes.append(littleEndian: Self.passes)
        bytes.append(littleEndian: Self.memory)
        let salt = Sodium.randomBytes(Sodium.saltSize)
        let nonce = Sodium.randomBytes(Sodium.nonceSize)
        bytes += salt + nonce
        let wrapping = try stretch(passphrase, salt, Self.passes, Self.memory)
        Sodium.seal(key, nonce: nonce, binding: bytes, key: wrapping, into: &bytes)
        bytes += Sodium.hash(bytes, length: Self.checksumSize)
        _ = try folder.replace(Self.fileName, with: bytes)
        try folder.sync()
    }

    /// The key in the file. Takes a second.
    func open(passphrase: SecretBytes) throws(StoreFailure) -> SecretBytes {
        let bytes = try read()
        var at = Self.magic.count + 4
        let passes = bytes.littleEndian(at: at, UInt32.self)
        let memory = bytes.littleEndian(at: at + 4, UInt32.self)
        at += 8
        guard Self.acceptedPasses.contains(passes), Self.acceptedMemory.contains(memory) else {
            throw .keyFileDamaged(path: path)
        }
        let salt = Array(bytes[at..<at + Sodium.saltSize])
        let nonce = Array(bytes[at + Sodium.saltSize..<Self.headerSize])
        let wrapped = bytes[Self.headerSize...].prefix(Self.wrappedSize)
        let wrapping = try stretch(passphrase, salt, passes, memory)
        let header = Array(bytes.prefix(Self.headerSize))
        guard let key = Sodium.open(wrapped, nonce: nonce, binding: header, key: wrapping) else {
            throw .wrongPassphrase
        }
        return key
    }

    /// The file's bytes, which are a key file of this version and as they were written.
    private func read() throws(StoreFailure) -> [UInt8] {
        guard let file = try folder.open(Self.fileName) else { throw .noVault }
        let bytes = try file.read(limit: Self.largestFile)
        let checked = bytes.dropLast(Self.checksumSize)
        guard checked.count >= Self.magic.count + 4, checked.starts(with: Self.magic),
            bytes.suffix(Self.checksumSize).elementsEqual(Sodium.hash(checked, length: Self.checksumSize))
        else { throw .keyFileDamaged(path: path) }
        let version = bytes.littleEndian(at: Self.magic.count, UInt32.self)
        if version > Self.version { throw .newerFormat(path: path, found: Int(version)) }
        guard bytes.count == Self.fileSize else { throw .keyFileDamaged(path: path) }
        return bytes
    }

    private func stretch(
        _ passphrase: SecretBytes, _ salt: [UInt8], _ passes: UInt32, _ memory: UInt32
    ) throws(StoreFailure) -> SecretBytes {
        guard passphrase.count > 0 else { throw .emptyPassphrase }
        let size = Int(memory) << 10
        guard let key = Sodium.stretch(passphrase, salt: salt, passes: passes, memory: size) else {
            throw .io(path: path, errno: ENOMEM)
        }
        return key
    }
}
