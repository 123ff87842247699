import CLinux
import Glibc

/// A folder of the store, open, and what is done to files in it. For one thread.
///
/// `unsafe` at a system call here: it is given a text that lives until it returns, and keeps no pointer.
final class Folder {
    let path: String
    private let descriptor: Int32

    /// Opens the folder, and makes it and those above it (0700) where they are missing.
    /// - Throws: ``StoreFailure/folder(path:_:)`` where it is somebody else's or others can write to it.
    init(_ path: String) throws(StoreFailure) {
        self.path = path
        try Self.make(path)
        let opened = unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if opened < 0 {
            throw errno == ENOTDIR ? .folder(path: path, .notAFolder) : .io(path: path, errno: errno)
        }
        // Looked at through the descriptor, so that what is checked is what is used.
        var status = stat()
        let looked = unsafe fstat(opened, &status)
        let fault: StoreFailure? =
            if looked != 0 { .io(path: path, errno: errno) } else if status.st_uid != geteuid() {
                .folder(path: path, .notYours)
            } else if status.st_mode & 0o022 != 0 { .folder(path: path, .writableByOthers) } else { nil }
        if let fault {
            close(opened)
            throw fault
        }
        descriptor = opened
    }

    deinit { close(descriptor) }

    private static func make(_ path: String) throws(StoreFailure) {
        if unsafe mkdir(path, 0o700) != 0 {
            if errno == EEXIST { return }
            guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
                throw .io(path: path, errno: errno)
            }
            try make(String(path[..<slash]))
            if unsafe mkdir(path, 0o700) != 0, errno != EEXIST { throw .io(path: path, errno: errno) }
        }
        // What is written into it must not be lost with its name. A parent that only lets pass is not ours to sync.
        let parent = unsafe Glibc.open(path + "/..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if parent >= 0 {
            fsync(parent)
            close(parent)
        }
    }

    /// The path of the file `name`.
    func path(of name: String) -> String { path + "/" + name }

    /// The file `name`, for reading and writing; nil where there is none.
    func open(_ name: String) throws(StoreFailure) -> File? {
        let opened = unsafe openat(descriptor, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        if opened >= 0 { return File(opened, path: path(of: name)) }
        if errno == ENOENT { return nil }
        throw .io(path: path(of: name), errno: errno)
    }

    /// A new file `name`, 0600, empty; nil where there is one and `isNew` asks for none.
    func create(_ name: String, isNew: Bool = false) throws(StoreFailure) -> File? {
        let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (isNew ? O_EXCL : 0)
        let opened = unsafe openat(descriptor, name, flags, 0o600)
        if opened >= 0 { return File(opened, path: path(of: name)) }
        if isNew, errno == EEXIST { return nil }
        throw .io(path: path(of: name), errno: errno)
    }

    func exists(_ name: String) throws(StoreFailure) -> Bool {
        if unsafe faccessat(descriptor, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0 { return true }
        if errno == ENOENT { return false }
        throw .io(path: path(of: name), errno: errno)
    }

    /// Puts a file of these bytes in the place of `name`, so that a crash at any instant leaves the old or the new whole.
    /// Which of the two is not settled before ``sync()``. Where this throws, the old one is in its place.
    func replace(_ name: String, with bytes: [UInt8]) throws(StoreFailure) -> File {
        let temporary = name + ".new"
        remove(temporary)
        guard let file = try create(temporary, isNew: true) else {
            throw .io(path: path(of: temporary), errno: EEXIST)
        }
        file.path = path(of: name)
        do throws(StoreFailure) {
            try file.write(bytes, at: 0)
            try file.sync()
            if unsafe renameat(descriptor, temporary, descriptor, name) != 0 { throw file.failure() }
        } catch {
            remove(temporary)
            throw error
        }
        return file
    }

    /// Removes the file `name`, if it is there.
    func remove(_ name: String) { unsafe unlinkat(descriptor, name, 0) }

    /// Gives the file `name` the name `other`, or the first free one after it, for good.
    /// - Returns: its path then.
    func setAside(_ name: String, as other: String) throws(StoreFailure) -> String {
        var candidate = other
        var number = 1
        while try exists(candidate) {
            number += 1
            candidate = "\(other)-\(number)"
        }
        if unsafe renameat(descriptor, name, descriptor, candidate) != 0 {
            throw .io(path: path(of: name), errno: errno)
        }
        try sync()
        return path(of: candidate)
    }

    /// Makes the folder's entries outlast a crash.
    func sync() throws(StoreFailure) {
        if fsync(descriptor) != 0 { throw .io(path: path, errno: errno) }
    }
}

/// An open file of the store. For one thread. Not final, so that a test can have a disk that fails.
class File {
    /// Where it is, for messages.
    var path: String
    private let descriptor: Int32

    init(_ descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    /// The failure of the call before.
    func failure() -> StoreFailure { .io(path: path, errno: errno) }

    /// Takes the lock that one process alone can have, until the file is closed.
    func lock() throws(StoreFailure) {
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            throw errno == EWOULDBLOCK ? .anotherWriter(path: path) : failure()
        }
    }

    /// The whole file, which must not be larger than `limit` bytes (else `EFBIG`).
    func read(limit: Int) throws(StoreFailure) -> [UInt8] {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw failure() }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= limit else {
            throw .io(path: path, errno: EFBIG)
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var done = 0
        while done < bytes.count {
            // The range is within the array.
            let got = unsafe bytes.withUnsafeMutableBytes { room in
                unsafe pread(descriptor, room.baseAddress.map { unsafe $0 + done }, room.count - done, off_t(done))
            }
            if got < 0, errno == EINTR { continue }
            if got < 0 { throw failure() }
            if got == 0 { break }
            done += got
        }
        bytes.removeLast(bytes.count - done)
        return bytes
    }

    /// Writes all of `bytes` at `offset`. Where it fails, part of them may be there.
    func write(_ bytes: [UInt8], at offset: Int) throws(StoreFailure) {
        var done = 0
        while done < bytes.count {
            // The range is within the array.
            let put = unsafe bytes.withUnsafeBytes { room in
                unsafe pwrite(
                    descriptor, room.baseAddress.map { unsafe $0 + done }, room.count - done, off_t(offset + done))
            }
            if put < 0, errno == EINTR { continue }
            if put < 0 { throw failure() }
            // A regular file takes nothing only where there is no room.
            if put == 0 { throw .io(path: path, errno: ENOSPC) }
            done += put
        }
    }

    /// Cuts the file to `length` bytes.
    func cut(to length: Int) throws(StoreFailure) {
        if ftruncate(descriptor, off_t(length)) != 0 { throw failure() }
    }

    /// Makes the file's bytes outlast a crash.
    func sync() throws(StoreFailure) {
        if fdatasync(descriptor) != 0 { throw failure() }
    }
}
