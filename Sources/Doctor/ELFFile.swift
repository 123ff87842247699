import CLinux
import Glibc

/// What can be told of an executable file without running it (System V ABI, "Object Files").
struct ELFFile: Equatable {
    /// The loader it asks for; nil where it is linked statically.
    var interpreter: String?
    /// It has the section in which Go keeps what it was built from.
    var isGo = false
    /// It is of this machine's kind, 64 bits with the low byte first, as the preload library is.
    var isOurMachine = true

    private static let magic: [UInt8] = [0x7F, 0x45, 0x4C, 0x46]
    private static let headerSize = 64
    /// The type of the program header that names the loader.
    private static let programInterpreter: UInt64 = 3
    private static let programHeaderSize = 56
    private static let sectionHeaderSize = 64
    /// More headers, longer names or names further in than any program has are not read.
    private static let mostHeaders = 4096
    private static let longestName = 1 << 20

    /// Reads the headers of the file; nil where it is no ELF file.
    init?(_ file: FileBytes) {
        let header = file.read(at: 0, count: Self.headerSize)
        guard header.starts(with: Self.magic) else { return nil }
        guard header.count == Self.headerSize, header[4] == 2, header[5] == 1,
            header.number(at: 18, bytes: 2) == Self.ourMachine
        else {
            isOurMachine = false
            return
        }
        readInterpreter(file, header)
        readSections(file, header)
    }

    #if arch(x86_64)
        private static let ourMachine: UInt64 = 62
    #elseif arch(arm64)
        private static let ourMachine: UInt64 = 183
    #endif

    private mutating func readInterpreter(_ file: FileBytes, _ header: [UInt8]) {
        let count = min(Int(header.number(at: 56, bytes: 2)), Self.mostHeaders)
        let table = file.read(at: header.number(at: 32, bytes: 8), count: count * Self.programHeaderSize)
        for start in stride(from: 0, to: table.count - Self.programHeaderSize + 1, by: Self.programHeaderSize)
        where table.number(at: start, bytes: 4) == Self.programInterpreter {
            let size = Int(min(table.number(at: start + 32, bytes: 8), 4096))
            let name = file.read(at: table.number(at: start + 8, bytes: 8), count: size)
            interpreter = String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
            return
        }
    }

    private mutating func readSections(_ file: FileBytes, _ header: [UInt8]) {
        let count = min(Int(header.number(at: 60, bytes: 2)), Self.mostHeaders)
        let names = Int(header.number(at: 62, bytes: 2)) * Self.sectionHeaderSize
        let table = file.read(at: header.number(at: 40, bytes: 8), count: count * Self.sectionHeaderSize)
        guard names + Self.sectionHeaderSize <= table.count else { return }
        let size = Int(min(table.number(at: names + 32, bytes: 8), UInt64(Self.longestName)))
        let text = file.read(at: table.number(at: names + 24, bytes: 8), count: size)
        for start in stride(from: 0, to: table.count - Self.sectionHeaderSize + 1, by: Self.sectionHeaderSize) {
            let name = text.dropFirst(Int(table.number(at: start, bytes: 4))).prefix { $0 != 0 }
            if name.elementsEqual(".go.buildinfo".utf8) { isGo = true }
        }
    }
}

/// A file that is read in parts. Whatever it is, a part that is not there is empty.
final class FileBytes {
    private let descriptor: Int32

    /// Opens a regular file for reading; nil where it cannot be.
    init?(_ path: String) {
        let opened = unsafe lanyard_open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0)
        guard opened >= 0 else { return nil }
        var status = stat()
        guard unsafe fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(opened)
            return nil
        }
        descriptor = opened
    }

    deinit { close(descriptor) }

    func read(at offset: UInt64, count: Int) -> [UInt8] {
        guard count > 0, let offset = off_t(exactly: offset) else { return [] }
        var bytes = [UInt8](repeating: 0, count: count)
        // pread writes at most the array's size.
        let got = unsafe bytes.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, $0.count, offset) }
        return got < 0 ? [] : Array(bytes.prefix(got))
    }
}

extension [UInt8] {
    /// The number of so many bytes at `offset`, its low byte first; 0 where they are not all there.
    fileprivate func number(at offset: Int, bytes: Int) -> UInt64 {
        guard offset >= 0, offset + bytes <= count else { return 0 }
        return self[offset..<offset + bytes].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
