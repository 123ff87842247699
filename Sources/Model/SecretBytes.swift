import CLinux

/// Bytes that must not be seen: a password, a token, a key, a message that carries one.
///
/// They lie in locked memory (see ``memoryIsLocked``), never change, and are zeroed when the last reference goes.
/// They print as `***`. Equality takes the same time wherever two values differ.
public final class SecretBytes: @unchecked Sendable {
    // Unchecked: the memory is written in init alone, before anyone else has the reference.
    private let address: UInt
    private let capacity: Int
    /// How many bytes there are.
    public let count: Int

    /// Whether the kernel has locked the memory of every secret so far.
    public static var memoryIsLocked: Bool { SecretArena.isLocked }

    /// Takes over a block of the arena.
    init(adopting address: UInt, capacity: Int, count: Int) {
        self.address = address
        self.capacity = capacity
        self.count = count
    }

    /// Room for `capacity` bytes, filled by `fill`, which returns how many it wrote.
    public convenience init<E: Error>(
        capacity: Int, filledBy fill: (UnsafeMutableRawBufferPointer) throws(E) -> Int
    ) throws(E) {
        let address = SecretArena.allocate(capacity)
        // The block is ours alone and has at least `capacity` bytes.
        let room = unsafe UnsafeMutableRawBufferPointer(
            start: UnsafeMutableRawPointer(bitPattern: address), count: capacity)
        do {
            let count = try unsafe fill(room)
            precondition(count >= 0 && count <= capacity, "a secret was filled beyond its room")
            self.init(adopting: address, capacity: capacity, count: count)
        } catch {
            SecretArena.free(address, capacity)
            throw error
        }
    }

    /// A copy of `bytes`; who has read them from outside wipes the original.
    public convenience init(_ bytes: some Collection<UInt8>) {
        unsafe self.init(capacity: bytes.count) { room in
            unsafe room.copyBytes(from: bytes)
            return bytes.count
        }
    }

    /// A copy of `text`'s UTF-8, for text that is no secret where one is expected.
    public convenience init(_ text: String) { self.init(text.utf8) }

    deinit { SecretArena.free(address, capacity) }

    /// Lends the bytes to `body`.
    @inline(__always)
    public func withBytes<R, E: Error>(_ body: (Span<UInt8>) throws(E) -> R) throws(E) -> R {
        try unsafe withUnsafeBytes { raw throws(E) in
            // The span cannot leave `body`, and `self` outlives it.
            try unsafe body(Span(_unsafeElements: raw.assumingMemoryBound(to: UInt8.self)))
        }
    }

    /// Lends the bytes to C; the pointer must not leave `body`.
    @inline(__always)
    public func withUnsafeBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        defer { withExtendedLifetime(self) {} }
        return try unsafe body(UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: address), count: count))
    }

    /// A copy of the bytes in `range`.
    public func copy(_ range: Range<Int>) -> SecretBytes {
        withBytes { bytes in
            let part = bytes.extracting(range)
            return unsafe SecretBytes(capacity: part.count) { room in
                for index in part.indices { unsafe room[index] = part[index] }
                return part.count
            }
        }
    }

    /// Whether a byte satisfies `predicate`.
    public func contains(where predicate: (UInt8) -> Bool) -> Bool {
        withBytes { bytes in bytes.indices.contains { predicate(bytes[$0]) } }
    }

    /// Whether the bytes are UTF-8; looked at where they are, so that no copy is left behind.
    public var isUTF8: Bool { withBytes { (try? UTF8Span(validating: $0)) != nil } }

    /// The bytes as text, for values that turn out to be no secret (a header's date, a claim); nil where not UTF-8.
    public func exposedText() -> String? {
        unsafe withUnsafeBytes { unsafe String(validating: $0, as: UTF8.self) }
    }
}

extension SecretBytes: Equatable {
    /// Compares in a time that depends on the lengths alone.
    public static func == (left: SecretBytes, right: SecretBytes) -> Bool {
        guard left.count == right.count else { return false }
        return left.withBytes { a in
            right.withBytes { b in
                var difference: UInt8 = 0
                for index in a.indices { difference |= a[index] ^ b[index] }
                return difference == 0
            }
        }
    }
}

extension SecretBytes: CustomStringConvertible, CustomReflectable {
    /// `***`, whatever the bytes are.
    public var description: String { "***" }
    /// Nothing to look into.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
