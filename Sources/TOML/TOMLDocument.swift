import CTOML
import Model

/// A TOML document as a person wrote it, each key with its line.
public struct TOMLDocument: Sendable {
    /// The most that is read, in bytes: settings and recipes are a few KiB, and toml++ follows a name of many parts by
    /// recursion, so that this bounds its stack too (16,384 parts).
    public static let largest = 32 << 10

    /// The document's own table.
    public let root: TOMLTable

    /// Reads a document.
    /// - Throws: ``FileMistake``: too large, not UTF-8, or no TOML.
    public init(_ bytes: [UInt8]) throws(FileMistake) {
        guard bytes.count <= Self.largest else { throw FileMistake(.tooLarge(Self.largest)) }
        guard String(validating: bytes, as: UTF8.self) != nil else { throw FileMistake(.notText) }
        let reading = TOMLReading()
        // The object outlives the call, whose callbacks get it back; the bytes are lent to the call.
        let line = unsafe bytes.withUnsafeBytes { bytes in
            unsafe lanyard_toml_read(
                bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count,
                Unmanaged.passUnretained(reading).toOpaque(), takeValue, takeWords)
        }
        if line != 0 { throw FileMistake(.syntax(reading.words), line: max(0, Int(line))) }
        guard let root = reading.root else { throw FileMistake(.syntax(reading.words)) }
        self.root = root
    }
}

/// A value and its line.
public struct TOMLValue: Sendable {
    /// The line of its key, or its own in an array, from 1.
    public let line: Int
    /// The column there.
    let column: Int
    /// What it is.
    public let content: Content

    /// What a value can be.
    public enum Content: Sendable {
        case text(String)
        case integer(Int)
        case flag(Bool)
        case array([TOMLValue])
        case table(TOMLTable)
        /// A float, a date or a time, which nothing here takes.
        case other
    }
}

/// Puts the values together that the parser tells one by one.
private final class TOMLReading {
    /// A table or an array that has begun.
    private struct Open {
        var key: String?
        var line: Int
        var column: Int
        var isTable: Bool
        var entries: [TOMLTable.Entry] = []
        var elements: [TOMLValue] = []

        var value: TOMLValue {
            TOMLValue(
                line: line, column: column,
                content: isTable ? .table(TOMLTable(line: line, entries: entries)) : .array(elements))
        }
    }

    private var open: [Open] = []
    var root: TOMLTable?
    var words = ""

    func begin(_ key: String?, isTable: Bool, line: Int, column: Int) {
        // A table that only the keys of its children name has their line, once they are known.
        open.append(Open(key: key, line: line, column: column, isTable: isTable))
    }

    func add(_ key: String?, _ value: TOMLValue) {
        guard !open.isEmpty else { return }
        if let key {
            open[open.count - 1].entries.append(TOMLTable.Entry(key: key, value: value))
        } else {
            open[open.count - 1].elements.append(value)
        }
    }

    func end() {
        guard let ended = open.popLast() else { return }
        if open.isEmpty, case .table(let table) = ended.value.content {
            root = table
        } else {
            add(ended.key, ended.value)
        }
    }
}

// Written at file level, because they are called from C: no context but the object that was passed.

private let takeValue: @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<lanyard_toml_value>?) -> Void = {
    data, value in
    guard let data = unsafe data, let value = unsafe value?.pointee else { return }
    // The reader holds the object during the call, and its texts are copied.
    let reading = unsafe Unmanaged<TOMLReading>.fromOpaque(data).takeUnretainedValue()
    let key = unsafe value.key.map { unsafe text($0, value.key_length) }
    let (line, column) = unsafe (Int(value.line), Int(value.column))
    switch unsafe value.kind {
    case LANYARD_TOML_TABLE: reading.begin(key, isTable: true, line: line, column: column)
    case LANYARD_TOML_ARRAY: reading.begin(key, isTable: false, line: line, column: column)
    case LANYARD_TOML_END: reading.end()
    case LANYARD_TOML_STRING:
        reading.add(
            key, TOMLValue(line: line, column: column, content: .text(unsafe text(value.text, value.text_length))))
    case LANYARD_TOML_INTEGER:
        reading.add(key, TOMLValue(line: line, column: column, content: .integer(unsafe Int(value.number))))
    case LANYARD_TOML_BOOLEAN:
        reading.add(key, TOMLValue(line: line, column: column, content: .flag(unsafe value.number != 0)))
    default: reading.add(key, TOMLValue(line: line, column: column, content: .other))
    }
}

private let takeWords: @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>?, Int) -> Void = {
    data, words, length in
    guard let data = unsafe data else { return }
    // As above.
    unsafe Unmanaged<TOMLReading>.fromOpaque(data).takeUnretainedValue().words = unsafe text(words, length)
}

/// A copy of `length` bytes at `start`.
private func text(_ start: UnsafePointer<CChar>?, _ length: Int) -> String {
    unsafe String(decoding: UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : length), as: UTF8.self)
}
