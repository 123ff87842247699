import CLinux
import Glibc
import Model

/// A file that holds the vault's passphrase, so that the store opens without a person.
enum PassphraseFile {
    /// More is no passphrase, in bytes.
    private static let largest = 64 << 10

    /// The passphrase in the file: all of it but one final newline.
    /// - Throws: ``StoreFailure/passphraseFile(path:_:)`` where others could have read or written it, or it is not one.
    static func read(_ path: String) throws(StoreFailure) -> SecretBytes {
        // Not blocking: a FIFO would be waited for, and is refused.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        if descriptor < 0 {
            throw errno == ENOENT || errno == ENOTDIR
                ? .passphraseFile(path: path, .missing) : .io(path: path, errno: errno)
        }
        defer { close(descriptor) }
        try check(descriptor, path)
        // One more than is taken tells a file that is too large.
        let bytes = try unsafe SecretBytes(capacity: largest + 1) { room throws(StoreFailure) in
            try unsafe fill(room, descriptor, path)
        }
        if bytes.count > largest { throw .passphraseFile(path: path, .tooLarge) }
        let endsInNewline = bytes.withBytes { !$0.isEmpty && $0[$0.count - 1] == UInt8(ascii: "\n") }
        let passphrase = bytes.copy(0..<bytes.count - (endsInNewline ? 1 : 0))
        if passphrase.count == 0 { throw .passphraseFile(path: path, .empty) }
        return passphrase
    }

    private static func check(_ descriptor: Int32, _ path: String) throws(StoreFailure) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .io(path: path, errno: errno) }
        if status.st_mode & S_IFMT != S_IFREG { throw .passphraseFile(path: path, .notAFile) }
        if status.st_uid != geteuid() { throw .passphraseFile(path: path, .notYours) }
        if status.st_mode & 0o066 != 0 { throw .passphraseFile(path: path, .readableByOthers) }
    }

    private static func fill(
        _ room: UnsafeMutableRawBufferPointer, _ descriptor: Int32, _ path: String
    ) throws(StoreFailure) -> Int {
        var done = 0
        while done < room.count {
            // The range is within the room.
            let got = unsafe Glibc.read(descriptor, room.baseAddress.map { unsafe $0 + done }, room.count - done)
            if got < 0, errno == EINTR { continue }
            if got < 0 { throw .io(path: path, errno: errno) }
            if got == 0 { break }
            done += got
        }
        return done
    }
}
