import Glibc
import Testing

@testable import Doctor

/// What is told of a program from its file alone.
struct LibcurlVersionTests {
    @Test(arguments: [
        ("…\0libcurl/7.88.1\0", "7.88.1", true), ("libcurl/7.80.0\n", "7.80.0", true),
        ("libcurl/%s\0libcurl/8.5.0 ", "8.5.0", true), ("libcurl/7.79.1", "7.79.1", false),
        ("libcurl/7.8", "7.8", false), ("libcurllibcurl/10.1.0", "10.1.0", true),
    ]) func found(_ content: String, _ version: String, _ isServed: Bool) {
        let found = LibcurlVersion(in: Array(content.utf8))
        #expect(found?.text == version && found?.isServed == isServed)
    }

    @Test(arguments: ["", "libcurl", "libcurl/", "libcurl/x7.88.1", "libcurl/7", "LIBCURL/7.88.1"])
    func notFound(_ content: String) { #expect(LibcurlVersion(in: Array(content.utf8)) == nil) }
}

/// Files that somebody else may have written.
struct ELFFileTests {
    private func read(_ bytes: [UInt8]) throws -> ELFFile? {
        let parent = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/lanyard-doctor-XXXXXX".utf8CString)
        let descriptor = unsafe mkstemp(&template)
        try #require(descriptor >= 0)
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { unsafe unlink(path) }
        _ = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        close(descriptor)
        let file = try #require(FileBytes(path))
        return ELFFile(file)
    }

    @Test func aRealProgram() throws {
        let file = try #require(FileBytes("/proc/self/exe"))
        let program = try #require(ELFFile(file))
        #expect(program.isOurMachine && !program.isGo && program.interpreter?.contains("ld-linux") == true)
    }

    @Test func whatIsNoneIsNone() throws {
        for content in ["", "x", "#!/bin/sh\n", "\u{7F}EL"] { #expect(try read(Array(content.utf8)) == nil) }
    }

    @Test func anotherMachines() throws {
        #expect(try read([0x7F, 0x45, 0x4C, 0x46, 1, 1] + Array(repeating: 0, count: 58))?.isOurMachine == false)
        #expect(try read([0x7F, 0x45, 0x4C, 0x46])?.isOurMachine == false)
    }

    @Test func headersThatPointAnywhere() throws {
        let bytes: [UInt8]
        do {
            let file = try #require(FileBytes("/proc/self/exe"))
            bytes = file.read(at: 0, count: 4096)
        }
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            var damaged = bytes
            for _ in 0..<8 {
                damaged[Int.random(in: 16..<200, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            // It ends, and reads nothing that is not there.
            _ = try read(damaged)
        }
    }

    @Test func aFolderAndAPipeAreNotRead() {
        #expect(FileBytes("/tmp") == nil && FileBytes("/dev/null") == nil && FileBytes("/nowhere") == nil)
    }
}
