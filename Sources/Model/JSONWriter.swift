/// Writes JSON (RFC 8259) into secret memory.
///
/// Members and elements get their commas by themselves:
/// `json.object { $0.member("token", secret); $0.array("for") { $0.element("https://…") } }`
public struct JSONWriter: ~Copyable {
    private var buffer: SecretBuffer
    private var needsComma = false

    /// A writer of one value; `capacity` is the expected length in bytes.
    public init(capacity: Int = 512) { buffer = SecretBuffer(capacity: capacity) }

    /// The text, as a secret; the writer is spent.
    public consuming func finish() -> SecretBytes { buffer.take() }

    /// The text and what `append` adds to it, the end of a message, say; the writer is spent.
    public consuming func finish(appending byte: UInt8) -> SecretBytes {
        buffer.append(byte)
        return buffer.take()
    }

    /// An object as the whole value or as an element.
    public mutating func object<E: Error>(_ body: (inout JSONWriter) throws(E) -> Void) throws(E) {
        try nest(UInt8(ascii: "{"), UInt8(ascii: "}"), body)
    }

    /// An array as the whole value or as an element.
    public mutating func array<E: Error>(_ body: (inout JSONWriter) throws(E) -> Void) throws(E) {
        try nest(UInt8(ascii: "["), UInt8(ascii: "]"), body)
    }

    /// A member that is an object.
    public mutating func object<E: Error>(_ name: String, _ body: (inout JSONWriter) throws(E) -> Void) throws(E) {
        self.name(name)
        try object(body)
    }

    /// A member that is an array.
    public mutating func array<E: Error>(_ name: String, _ body: (inout JSONWriter) throws(E) -> Void) throws(E) {
        self.name(name)
        try array(body)
    }

    /// A member that is a text; null for nil.
    public mutating func member(_ name: String, _ value: String?) {
        self.name(name)
        element(value)
    }

    /// A member that is a secret, which has to be UTF-8; null for nil.
    public mutating func member(_ name: String, _ value: SecretBytes?) {
        self.name(name)
        element(value)
    }

    /// A member that is an integer; null for nil.
    public mutating func member(_ name: String, _ value: (some BinaryInteger)?) {
        self.name(name)
        raw(value.map { String($0) } ?? "null")
    }

    /// A member that is a boolean.
    public mutating func member(_ name: String, _ value: Bool) {
        self.name(name)
        raw(value ? "true" : "false")
    }

    /// A member that is an array of texts.
    public mutating func member(_ name: String, _ values: [String]) {
        array(name) { json in
            for value in values { json.element(value) }
        }
    }

    /// A member copied from a document.
    public mutating func member(_ name: String, _ value: JSONValue?) {
        self.name(name)
        element(value)
    }

    /// A text as an element; null for nil.
    public mutating func element(_ value: String?) {
        guard var value else { return raw("null") }
        comma()
        buffer.append(UInt8(ascii: "\""))
        value.withUTF8 { unsafe escape(Span(_unsafeElements: $0)) }
        buffer.append(UInt8(ascii: "\""))
    }

    /// A secret as an element; null for nil.
    public mutating func element(_ value: SecretBytes?) {
        guard let value else { return raw("null") }
        comma()
        buffer.append(UInt8(ascii: "\""))
        value.withBytes { escape($0) }
        buffer.append(UInt8(ascii: "\""))
    }

    /// A value copied from a document; null for nil.
    public mutating func element(_ value: JSONValue?) {
        guard let value else { return raw("null") }
        comma()
        buffer.append(value.source)
    }

    private mutating func nest<E: Error>(
        _ opening: UInt8, _ closing: UInt8, _ body: (inout JSONWriter) throws(E) -> Void
    ) throws(E) {
        comma()
        buffer.append(opening)
        needsComma = false
        try body(&self)
        buffer.append(closing)
        needsComma = true
    }

    private mutating func name(_ name: String) {
        element(name)
        buffer.append(UInt8(ascii: ":"))
        needsComma = false
    }

    private mutating func raw(_ text: String) {
        comma()
        buffer.append(text)
    }

    private mutating func comma() {
        if needsComma { buffer.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func escape(_ bytes: Span<UInt8>) {
        let hexadecimal: StaticString = "0123456789abcdef"
        for index in bytes.indices {
            switch bytes[index] {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                buffer.append(UInt8(ascii: "\\"))
                buffer.append(bytes[index])
            case 0x00..<0x20, 0x7F:
                buffer.append("\\u00")
                // Both indices are below 16, and a StaticString's bytes live as long as the program.
                unsafe buffer.append(hexadecimal.utf8Start[Int(bytes[index] >> 4)])
                unsafe buffer.append(hexadecimal.utf8Start[Int(bytes[index] & 15)])
            default: buffer.append(bytes[index])
            }
        }
    }
}
