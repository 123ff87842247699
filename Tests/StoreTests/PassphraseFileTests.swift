import Glibc
import Model
import Testing

@testable import Store

/// What may be a passphrase file.
struct PassphraseFileTests {
    @Test(arguments: [("secret", "secret"), ("secret\n", "secret"), ("secret\n\n", "secret\n"), (" s \r\n", " s \r")])
    func oneNewlineIsDropped(_ text: String, _ passphrase: String) throws {
        let folder = try TestFolder()
        try folder.write(Array(text.utf8), "file", mode: 0o400)
        #expect(try PassphraseFile.read(folder.path + "/file") == SecretBytes(passphrase))
    }

    func expect(_ fault: StoreFailure.PassphraseFault, _ path: String, line: Int = #line) {
        #expect(throws: StoreFailure.passphraseFile(path: path, fault)) { try PassphraseFile.read(path) }
    }

    @Test func whatOthersCouldReadIsRefused() throws {
        let folder = try TestFolder()
        for mode: mode_t in [0o604, 0o640, 0o644] {
            try folder.write(Array("secret".utf8), "file", mode: mode)
            expect(.readableByOthers, folder.path + "/file")
        }
    }

    @Test func whatIsNoPassphraseIsRefused() throws {
        let folder = try TestFolder()
        expect(.missing, folder.path + "/file")
        expect(.notAFile, folder.path)
        for text in ["", "\n"] {
            try folder.write(Array(text.utf8), "file")
            expect(.empty, folder.path + "/file")
        }
        try folder.write(Array(repeating: 0x61, count: 70_000), "file")
        expect(.tooLarge, folder.path + "/file")
        unsafe mkfifo(folder.path + "/fifo", 0o600)
        expect(.notAFile, folder.path + "/fifo")
    }

}
