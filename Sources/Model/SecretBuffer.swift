/// Secret bytes that grow: what a message, a header or a body is gathered in.
///
/// Not shared between threads. Growing moves the bytes and zeroes where they were.
public struct SecretBuffer: ~Copyable {
    private var address: UInt
    private var capacity: Int
    /// How many bytes there are.
    public private(set) var count = 0

    /// An empty buffer with room for `capacity` bytes.
    public init(capacity: Int = 256) {
        self.capacity = SecretArena.blockSize(for: capacity)
        address = SecretArena.allocate(capacity)
    }

    deinit { SecretArena.free(address, capacity) }

    private var storage: UnsafeMutableRawBufferPointer {
        // The block is this buffer's alone and has `capacity` bytes.
        unsafe UnsafeMutableRawBufferPointer(start: UnsafeMutableRawPointer(bitPattern: address), count: capacity)
    }

    private mutating func reserve(_ more: Int) {
        let needed = count + more
        guard needed > capacity else { return }
        let larger = SecretArena.blockSize(for: needed)
        let moved = SecretArena.allocate(larger)
        let target = unsafe UnsafeMutableRawBufferPointer(
            start: UnsafeMutableRawPointer(bitPattern: moved), count: larger)
        unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: storage[..<count]))
        SecretArena.free(address, capacity)
        address = moved
        capacity = larger
    }

    /// Appends one byte.
    @inline(__always)
    public mutating func append(_ byte: UInt8) {
        reserve(1)
        unsafe storage[count] = byte
        count += 1
    }

    /// Appends bytes that lie in memory.
    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        reserve(bytes.count)
        // `reserve` has made room, and the source is not this buffer: nothing else has its address.
        unsafe UnsafeMutableRawBufferPointer(rebasing: storage[count...]).copyMemory(from: bytes)
        count += bytes.count
    }

    /// Appends bytes lent by a span.
    public mutating func append(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { unsafe append($0) }
    }

    /// Appends a secret.
    public mutating func append(_ secret: SecretBytes) {
        unsafe secret.withUnsafeBytes { unsafe append($0) }
    }

    /// Appends the UTF-8 of `text`.
    public mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { unsafe append(UnsafeRawBufferPointer($0)) }
    }

    /// Appends what `fill` writes into room for `capacity` bytes; it returns how many.
    /// - Returns: how many bytes were added.
    @discardableResult
    public mutating func append<E: Error>(
        upTo capacity: Int, filledBy fill: (UnsafeMutableRawBufferPointer) throws(E) -> Int
    ) throws(E) -> Int {
        reserve(capacity)
        let room = unsafe UnsafeMutableRawBufferPointer(rebasing: storage[count..<(count + capacity)])
        let added = try unsafe fill(room)
        precondition(added >= 0 && added <= capacity, "a buffer was filled beyond its room")
        count += added
        return added
    }

    /// Lends the bytes to `body`.
    public borrowing func withBytes<R, E: Error>(_ body: (Span<UInt8>) throws(E) -> R) throws(E) -> R {
        let bytes = unsafe UnsafeRawBufferPointer(rebasing: storage[..<count])
        // The span cannot leave `body`, and the buffer is borrowed meanwhile.
        return try unsafe body(Span(_unsafeElements: bytes.assumingMemoryBound(to: UInt8.self)))
    }

    /// Drops the first `dropped` bytes; what follows moves to the front.
    public mutating func removeFirst(_ dropped: Int) {
        precondition(dropped >= 0 && dropped <= count, "more was dropped than there is")
        let rest = count - dropped
        unsafe storage.copyMemory(from: UnsafeRawBufferPointer(rebasing: storage[dropped..<count]))
        unsafe UnsafeMutableRawBufferPointer(rebasing: storage[rest..<count]).initializeMemory(
            as: UInt8.self, repeating: 0)
        count = rest
    }

    /// The bytes, as a secret of their own, without a copy; the buffer is spent.
    public consuming func take() -> SecretBytes {
        let secret = SecretBytes(adopting: address, capacity: capacity, count: count)
        discard self
        return secret
    }
}
