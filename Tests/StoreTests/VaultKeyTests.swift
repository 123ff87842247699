import Model
import Testing

@testable import Store

/// The key file.
struct VaultKeyTests {
    static let passphrase = SecretBytes("correct horse")

    static func made(_ folder: TestFolder) throws -> (key: SecretBytes, bytes: [UInt8]) {
        let key = try VaultKey(in: folder.folder()).make(passphrase: passphrase)
        return (key, try folder.read("data/vault.key"))
    }

    @Test func opensWithItsPassphraseAlone() throws {
        let folder = try TestFolder()
        let (key, _) = try Self.made(folder)
        let vault = VaultKey(in: try folder.folder())
        #expect(try vault.open(passphrase: Self.passphrase) == key)
        #expect(throws: StoreFailure.wrongPassphrase) { try vault.open(passphrase: SecretBytes("Correct horse")) }
        #expect(throws: StoreFailure.emptyPassphrase) { try vault.open(passphrase: SecretBytes("")) }
        #expect(try folder.names() == ["data/vault.key"])
    }

    @Test func aFlippedBitIsDamageNotAWrongPassphrase() throws {
        let folder = try TestFolder()
        let (_, bytes) = try Self.made(folder)
        let vault = VaultKey(in: try folder.folder())
        let damaged = StoreFailure.keyFileDamaged(path: folder.path + "/data/vault.key")
        for bit in 0..<bytes.count * 8 {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << (bit % 8)
            try folder.write(flipped, "data/vault.key")
            #expect(throws: damaged) { try vault.open(passphrase: Self.passphrase) }
        }
        for length in 0..<bytes.count {
            try folder.write(Array(bytes[..<length]), "data/vault.key")
            #expect(throws: damaged) { try vault.open(passphrase: Self.passphrase) }
        }
    }

    @Test func aNewerFormatIsRefusedByItsName() throws {
        let folder = try TestFolder()
        let (_, bytes) = try Self.made(folder)
        var newer = Array(bytes.dropLast(32))
        newer[16] = 3
        newer += [1, 2, 3]
        newer += Sodium.hash(newer, length: 32)
        try folder.write(newer, "data/vault.key")
        #expect(throws: StoreFailure.newerFormat(path: folder.path + "/data/vault.key", found: 3)) {
            try VaultKey(in: folder.folder()).open(passphrase: Self.passphrase)
        }
    }

    @Test(arguments: [(20, UInt32(1 << 30)), (24, UInt32(1 << 30)), (24, UInt32(8))])
    func parametersOutOfBoundsAreRefused(_ offset: Int, _ value: UInt32) throws {
        let folder = try TestFolder()
        let (_, bytes) = try Self.made(folder)
        var number: [UInt8] = []
        number.append(littleEndian: value)
        var hostile = Array(bytes.dropLast(32))
        hostile.replaceSubrange(offset..<offset + 4, with: number)
        hostile += Sodium.hash(hostile, length: 32)
        try folder.write(hostile, "data/vault.key")
        #expect(throws: StoreFailure.keyFileDamaged(path: folder.path + "/data/vault.key")) {
            try VaultKey(in: folder.folder()).open(passphrase: Self.passphrase)
        }
    }

    /// RFC 9106, 4: less would make a stolen disk's passphrase cheap to guess.
    @Test func thePassphraseIsStretchedAsSaid() throws {
        let folder = try TestFolder()
        let (_, bytes) = try Self.made(folder)
        #expect(bytes.littleEndian(at: 20, UInt32.self) == 3)
        #expect(bytes.littleEndian(at: 24, UInt32.self) == 64 << 10)
        #expect(bytes[28..<44] != (try Self.made(folder)).bytes[28..<44], "a salt of its own")
    }
}
