import CLinux
import Client
import Glibc
import Prose
import Varlink

/// Whether the preload library can serve a program, and if not, why and what to do instead.
public struct ProgramCheck {
    private let name: String

    /// A check of the program that a shell would run for `name`.
    public init(_ name: String) { self.name = name }

    /// The loaders of the GNU C library, which take a list of libraries from `LD_PRELOAD`.
    private static let glibcLoaders = ["ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"]
    /// The oldest libcurl whose requests can be served: it has the pre-request callback.
    static let oldestLibcurl = (7, 80)
    /// Programs that load libcurl only once they run.
    private static let lateLoaders = ["python", "php", "perl", "ruby", "R", "node", "lua"]

    /// Programs that make no requests, and are there to start others.
    private static let starters: Set = [
        "sh", "dash", "bash", "zsh", "ksh", "mksh", "fish", "busybox", "env", "make", "ninja", "xargs", "find",
        "parallel",
        "timeout", "nice", "nohup", "setsid", "stdbuf", "time", "watch", "flock", "script", "tmux", "screen", "entr",
    ]

    /// What was found.
    public func finding() -> Finding {
        guard let path = Self.find(name) else {
            return Self.nothing(at: name)
        }
        if Self.isFolder(path) { return Finding(.fail, path, DoctorProse.isFolder, mend: DoctorProse.mendNoProgram) }
        guard let file = FileBytes(path) else { return Finding(.fail, path, DoctorProse.cannotBeRead) }
        if Self.hasPrivileges(path) {
            return Finding(.fail, path, DoctorProse.hasPrivileges, mend: DoctorProse.instead(name))
        }
        let start = file.read(at: 0, count: 256)
        if start.starts(with: Array("#!".utf8)) {
            let line = String(decoding: start.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
            return Self.script(path, line)
        }
        if path.hasSuffix("/git"), Self.isTheSystems(path) { return git(path) }
        guard let program = ELFFile(file) else {
            return Finding(.fail, path, DoctorProse.isNoProgram, mend: DoctorProse.mendNoProgram)
        }
        return Self.finding(path, program, name)
    }

    /// What a shell would say instead of running it.
    private static func nothing(at name: String) -> Finding {
        guard name.contains("/") else {
            return Finding(.fail, name, DoctorProse.notFound, mend: DoctorProse.mendNotFound)
        }
        // A Swift string is lent to C as a path for the length of the call.
        if unsafe access(name, F_OK) == 0 {
            return Finding(.fail, name, DoctorProse.isNotExecutable, mend: "chmod +x \(name)")
        }
        return Finding(.fail, name, DoctorProse.isNotThere, mend: DoctorProse.mendNoProgram)
    }

    /// A script, by its first line after `#!`: the interpreter and perhaps one argument, env(1)'s the program it starts.
    private static func script(_ path: String, _ line: String) -> Finding {
        let words = line.split { $0 == " " || $0 == "\t" }.map(String.init)
        let isEnv = words.first?.split(separator: "/").last == "env"
        let needed = [words.first ?? "", isEnv ? words.dropFirst().first { !$0.hasPrefix("-") } : nil].compactMap(
            \.self)
        if let missing = needed.first(where: { find($0) == nil }) {
            return Finding(.fail, path, DoctorProse.hasNoInterpreter(missing), mend: DoctorProse.mendInterpreter)
        }
        return Finding(.ok, path, DoctorProse.isScript(line))
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        // The struct is filled during the call.
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// git itself does not use libcurl: a program of its own does, that it runs for http and https.
    private func git(_ path: String) -> Finding {
        let folder =
            (Child.output(of: [path, "--exec-path"]) ?? "").split(separator: "\n").first.map(String.init) ?? ""
        let transport = folder + "/git-remote-http"
        guard !folder.isEmpty, FileBytes(transport) != nil else {
            return Finding(.fail, path, DoctorProse.gitHasNoHTTP, mend: DoctorProse.mendGit)
        }
        let found = ProgramCheck(transport).finding()
        return Finding(found.result, path, DoctorProse.throughItsTransport(found.text), mend: found.mend)
    }

    private static func finding(_ path: String, _ program: ELFFile, _ name: String) -> Finding {
        let instead = DoctorProse.instead(name)
        if !program.isOurMachine { return Finding(.fail, path, DoctorProse.otherMachine, mend: instead) }
        guard let loader = program.interpreter else {
            return Finding(.fail, path, program.isGo ? DoctorProse.isStaticGo : DoctorProse.isStatic, mend: instead)
        }
        // It is run, to list the libraries: only one that nobody but root can have put there.
        guard glibcLoaders.contains(where: { loader.hasSuffix("/" + $0) }), isTheSystems(loader) else {
            return Finding(.fail, path, DoctorProse.otherLoader(loader), mend: instead)
        }
        guard let library = libcurl(path, loader) else {
            if program.isGo { return Finding(.fail, path, DoctorProse.isGo, mend: instead) }
            let base = path.split(separator: "/").last.map(String.init) ?? path
            if starters.contains(base) { return Finding(.ok, path, DoctorProse.startsOthers) }
            let mayLoadLate = lateLoaders.contains { base.hasPrefix($0) }
            return mayLoadLate
                ? Finding(.ok, path, DoctorProse.mayLoadLate)
                : Finding(.fail, path, DoctorProse.hasNoLibcurl, mend: instead)
        }
        guard let version = LibcurlVersion(library: library) else {
            return Finding(.warn, path, DoctorProse.unknownLibcurl(library))
        }
        return version.isServed
            ? Finding(.ok, path, DoctorProse.isServed(version.text))
            : Finding(.fail, path, DoctorProse.isTooOld(version.text), mend: instead)
    }

    /// The libcurl that the loader finds for the program, which is not run.
    private static func libcurl(_ path: String, _ loader: String) -> String? {
        let listed = Child.output(of: [loader, "--list", path]) ?? ""
        for line in listed.split(separator: "\n") {
            let words = line.split(separator: " ").map { $0.trimmingTabs() }
            if words.count >= 3, words[0].hasPrefix("libcurl"), words[1] == "=>" { return words[2] }
        }
        return nil
    }

    /// Whether the file, links followed, belongs to root and nobody else can write to it.
    private static func isTheSystems(_ path: String) -> Bool {
        var status = stat()
        // The struct is filled during the call.
        return unsafe path.hasPrefix("/") && stat(path, &status) == 0 && status.st_uid == 0
            && status.st_mode & (S_IWGRP | S_IWOTH) == 0
    }

    /// Set-user-id, set-group-id or file capabilities: the loader then takes no library of the caller's.
    private static func hasPrivileges(_ path: String) -> Bool {
        var status = stat()
        // The struct is filled during the call; the path is lent to C for the length of the calls.
        guard unsafe stat(path, &status) == 0 else { return false }
        if status.st_mode & (S_ISUID | S_ISGID) != 0 { return true }
        return unsafe lanyard_has_capabilities(path) != 0
    }

    /// The path of the program, found as a shell finds it, links followed.
    static func find(_ name: String) -> String? {
        let candidates =
            name.contains("/")
            ? [name]
            : (Environment.value("PATH") ?? "/usr/bin:/bin").split(separator: ":").map { "\($0)/\(name)" }
        for candidate in candidates where unsafe access(candidate, X_OK) == 0 {
            // realpath allocates the text, which is copied and freed.
            guard let resolved = unsafe realpath(candidate, nil) else { continue }
            defer { unsafe free(resolved) }
            return unsafe String(cString: resolved)
        }
        return nil
    }
}

/// A version of libcurl, as the library's own file has it.
struct LibcurlVersion: Equatable {
    let text: String
    /// Whether it has the pre-request callback.
    let isServed: Bool

    /// The largest library that is looked through, in bytes: libcurl has less than one MiB.
    private static let largest = 16 << 20

    /// The version in the file of a library: `libcurl/` and a number, which is what it says of itself in every request.
    init?(library path: String) {
        guard let file = FileBytes(path) else { return nil }
        self.init(in: file.read(at: 0, count: Self.largest))
    }

    init?(in bytes: [UInt8]) {
        let mark = Array("libcurl/".utf8)
        var at = 0
        while at + mark.count < bytes.count {
            guard bytes[at] == mark[0], bytes[at..<at + mark.count].elementsEqual(mark) else {
                at += 1
                continue
            }
            let digits = bytes[(at + mark.count)...].prefix(16).prefix { $0 == 0x2E || (0x30...0x39).contains($0) }
            let numbers = digits.split(separator: 0x2E).compactMap { Int(String(decoding: $0, as: UTF8.self)) }
            if numbers.count >= 2 {
                text = String(decoding: digits, as: UTF8.self)
                isServed = (numbers[0], numbers[1]) >= ProgramCheck.oldestLibcurl
                return
            }
            at += mark.count
        }
        return nil
    }
}

extension Substring {
    fileprivate func trimmingTabs() -> String { String(drop { $0 == "\t" }) }
}
