/// Integers as the store's files have them: little-endian, of fixed width.
extension [UInt8] {
    /// Appends the bytes of `number`.
    mutating func append(littleEndian number: some FixedWidthInteger & UnsignedInteger) {
        for shift in stride(from: 0, to: number.bitWidth, by: 8) { append(UInt8(truncatingIfNeeded: number >> shift)) }
    }

    /// The integer at `offset`, which has to be far enough from the end.
    func littleEndian<Number: FixedWidthInteger & UnsignedInteger>(at offset: Int, _: Number.Type) -> Number {
        let width = Number.bitWidth / 8
        return self[offset..<offset + width].reversed().reduce(0) { $0 << 8 | Number($1) }
    }
}
