import CLinux
import Synchronization

/// The memory that secrets live in: locked against swapping, left out of core dumps, emptied in a forked child,
/// zeroed when a secret ends.
///
/// One region for all, because `RLIMIT_MEMLOCK` is small (8 MiB on Debian) and a guarded page pair for each secret would
/// use up the kernel's 65,530 mappings at 16,000 secrets. Blocks are powers of two from 32 bytes; freed blocks wait in a
/// list for their size.
enum SecretArena {
    /// The smallest block, in bytes: room for a session id.
    private static let smallestBlock = 32
    /// Above this a block is a mapping of its own and is given back when freed, in bytes: what a journal's record or a
    /// jar's file takes while it is read must not stay. Questions of the preload library are smaller.
    private static let largestPooledBlock = 64 << 10
    /// The size of a region beyond the first, in bytes.
    private static let regionSize = 4 << 20

    private struct State {
        var freeBlocks: [[UInt]] = Array(
            repeating: [], count: largestPooledBlock.trailingZeroBitCount + 1)
        var next: UInt = 0
        var end: UInt = 0
        var isLocked = true
        var hasFirstRegion = false
    }

    private static let state = Mutex(State())

    /// Whether every secret so far lies in locked memory; false once the kernel has refused a lock.
    static var isLocked: Bool { state.withLock { $0.isLocked } }

    /// The bytes a block for `count` bytes has.
    static func blockSize(for count: Int) -> Int {
        var size = smallestBlock
        while size < count { size <<= 1 }
        return size
    }

    /// The address of zeroed memory of `blockSize(for: count)` bytes.
    static func allocate(_ count: Int) -> UInt {
        let size = blockSize(for: count)
        return state.withLock { state in
            if size > largestPooledBlock { return map(size, &state) }
            if let block = state.freeBlocks[size.trailingZeroBitCount].popLast() { return block }
            if state.end - state.next < UInt(size) { addRegion(&state) }
            defer { state.next += UInt(size) }
            return state.next
        }
    }

    /// Zeroes the block at `address`, made for `count` bytes, and takes it back.
    static func free(_ address: UInt, _ count: Int) {
        let size = blockSize(for: count)
        guard let start = unsafe UnsafeMutableRawPointer(bitPattern: address) else { return }
        // The caller owned this block alone, and gives it up with this call.
        unsafe lanyard_wipe(start, size)
        if size > largestPooledBlock {
            unsafe munmap(start, size)
        } else {
            state.withLock { $0.freeBlocks[size.trailingZeroBitCount].append(address) }
        }
    }

    private static func addRegion(_ state: inout State) {
        var size = regionSize
        if !state.hasFirstRegion {
            state.hasFirstRegion = true
            // Half of the limit: libsecret's own locked pool needs the rest.
            let limit = lanyard_locked_memory_limit()
            if limit < 2 * UInt(regionSize) { size = max(1 << 20, Int(limit / 2) & ~4095) }
        }
        state.next = map(size, &state)
        state.end = state.next + UInt(size)
    }

    private static func map(_ size: Int, _ state: inout State) -> UInt {
        // An anonymous mapping shares nothing with other memory; the flags are those that mmap(2) documents.
        let start = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let start = unsafe start, unsafe lanyard_map_failed(start) == 0 else {
            // Without memory for a secret nothing can go on, and nothing has been written.
            preconditionFailure("no memory for secrets")
        }
        if unsafe lanyard_mlock_onfault(start, size) != 0 { state.isLocked = false }
        unsafe madvise(start, size, MADV_DONTDUMP)
        unsafe madvise(start, size, MADV_WIPEONFORK)
        // Else the first secret takes two megabytes where the kernel gives huge pages unasked.
        unsafe madvise(start, size, MADV_NOHUGEPAGE)
        return UInt(bitPattern: start)
    }
}
