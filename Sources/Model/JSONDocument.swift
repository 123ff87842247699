/// Why a text is not JSON that is read here (RFC 8259).
public enum JSONFailure: Error, Equatable, Sendable {
    /// Not JSON; the offset of the first byte that does not fit.
    case syntax(at: Int)
    /// Nested deeper than the limit.
    case tooDeep
    /// More values than the limit.
    case tooManyValues
    /// A member is missing or of another type; its name.
    case member(String)
}

/// A JSON text that has been checked whole, and an index into it.
///
/// The text stays where it was, in secret memory; a value is decoded when it is asked for, and a secret never passes
/// through a `String`. The reader is strict (RFC 8259, UTF-8, no lone surrogates), does not recurse, and is bounded:
/// 64 levels and 262,144 values, so that a hostile text costs no more than its own size many times over.
public struct JSONDocument: Sendable {
    /// Deeper than any message of ours or of a server that is sane.
    static let deepest = 64
    /// A message is at most 1 MiB; this many values are 4 MiB of index.
    static let mostValues = 262_144

    struct Node: Sendable {
        enum Kind: UInt8, Sendable { case object, array, string, plainString, number, yes, no, null }
        var kind: Kind
        /// The first byte; of a string, the one after its quote.
        var start: Int32
        /// The byte after the last; of a string, its closing quote.
        var end: Int32 = 0
        /// The index of the node after this one and all within it.
        var next: Int32 = 0
    }

    let text: SecretBytes
    let nodes: [Node]

    /// Checks and indexes `text`.
    /// - Throws: ``JSONFailure`` where it is not JSON or over a limit.
    public init(_ text: SecretBytes) throws(JSONFailure) {
        self.text = text
        nodes = try text.withBytes { bytes throws(JSONFailure) in
            try JSONScanner.scan(bytes)
        }
    }

    /// The outermost value.
    public var root: JSONValue { JSONValue(document: self, index: 0) }
}

/// A value in a ``JSONDocument``.
public struct JSONValue: Sendable {
    let document: JSONDocument
    let index: Int

    private var node: JSONDocument.Node { document.nodes[index] }

    /// Whether it is `null`.
    public var isNull: Bool { node.kind == .null }

    /// Whether it is an object.
    public var isObject: Bool { node.kind == .object }

    /// The value as a boolean; nil for another type.
    public var bool: Bool? {
        switch node.kind {
        case .yes: true
        case .no: false
        default: nil
        }
    }

    /// The value as an integer, also where it is written `3.0` or `3e2`; nil for another type or beyond 2^53.
    public var integer: Int64? {
        guard let number, number.rounded() == number, abs(number) <= 9_007_199_254_740_992 else { return nil }
        return Int64(number)
    }

    /// The value as a number; nil for another type.
    public var number: Double? {
        guard node.kind == .number else { return nil }
        return document.text.copy(Int(node.start)..<Int(node.end)).exposedText().flatMap(Double.init)
    }

    /// The value as text, for strings that are no secret; nil for another type.
    public var string: String? { secret?.exposedText() }

    /// The value of a string as secret bytes, its escapes decoded; nil for another type.
    public var secret: SecretBytes? {
        let range = Int(node.start)..<Int(node.end)
        switch node.kind {
        case .plainString: return document.text.copy(range)
        case .string: return document.text.withBytes { JSONScanner.unescape($0.extracting(range)) }
        default: return nil
        }
    }

    /// The elements of an array; nil for another type.
    public var elements: [JSONValue]? {
        node.kind == .array ? children : nil
    }

    /// The members of an object in order; nil for another type.
    public var members: [(name: String, value: JSONValue)]? {
        guard node.kind == .object else { return nil }
        let parts = children
        return stride(from: 0, to: parts.count, by: 2).map { (parts[$0].string ?? "", parts[$0 + 1]) }
    }

    /// The member of an object with this name; the first, where there are several.
    public subscript(name: String) -> JSONValue? {
        guard node.kind == .object else { return nil }
        var child = index + 1
        while child < node.next {
            let value = Int(document.nodes[child].next)
            if document.isName(child, name) { return JSONValue(document: document, index: value) }
            child = Int(document.nodes[value].next)
        }
        return nil
    }

    /// The value as it stands in the text.
    public var source: SecretBytes {
        let quotes: Int32 = node.kind == .string || node.kind == .plainString ? 1 : 0
        return document.text.copy(Int(node.start - quotes)..<Int(node.end + quotes))
    }

    private var children: [JSONValue] {
        var found: [JSONValue] = []
        var child = index + 1
        while child < node.next {
            found.append(JSONValue(document: document, index: child))
            child = Int(document.nodes[child].next)
        }
        return found
    }
}

extension JSONDocument {
    fileprivate func isName(_ index: Int, _ name: String) -> Bool {
        let node = nodes[index]
        guard node.kind == .plainString else { return JSONValue(document: self, index: index).string == name }
        guard Int(node.end - node.start) == name.utf8.count else { return false }
        return text.withBytes { bytes in
            var at = Int(node.start)
            for byte in name.utf8 {
                guard bytes[at] == byte else { return false }
                at += 1
            }
            return true
        }
    }
}

/// Members that have to be there, and their types.
extension JSONValue {
    /// The text of the member `name`.
    /// - Throws: ``JSONFailure/member(_:)`` where it is missing, no string, or longer than `limit` bytes.
    public func text(_ name: String, limit: Int = 8192) throws(JSONFailure) -> String {
        guard let text = self[name]?.string, text.utf8.count <= limit else { throw .member(name) }
        return text
    }

    /// The text of the member `name`; nil where it is missing or null.
    /// - Throws: ``JSONFailure/member(_:)`` where it is of another type or longer than `limit` bytes.
    public func optionalText(_ name: String, limit: Int = 8192) throws(JSONFailure) -> String? {
        guard let value = self[name], !value.isNull else { return nil }
        return try text(name, limit: limit)
    }

    /// The secret in the string member `name`; nil where it is missing or null.
    /// - Throws: ``JSONFailure/member(_:)`` where it is of another type.
    public func optionalSecret(_ name: String) throws(JSONFailure) -> SecretBytes? {
        guard let value = self[name], !value.isNull else { return nil }
        guard let secret = value.secret else { throw .member(name) }
        return secret
    }

    /// The integer of the member `name`; nil where it is missing or null.
    /// - Throws: ``JSONFailure/member(_:)`` where it is of another type.
    public func optionalInteger(_ name: String) throws(JSONFailure) -> Int64? {
        guard let value = self[name], !value.isNull else { return nil }
        guard let integer = value.integer else { throw .member(name) }
        return integer
    }

    /// The boolean of the member `name`; false where it is missing or null.
    /// - Throws: ``JSONFailure/member(_:)`` where it is of another type.
    public func flag(_ name: String) throws(JSONFailure) -> Bool {
        guard let value = self[name], !value.isNull else { return false }
        guard let bool = value.bool else { throw .member(name) }
        return bool
    }

    /// The texts of the array member `name`; empty where it is missing or null.
    /// - Throws: ``JSONFailure/member(_:)`` where it is of another type, or has more than `limit` elements.
    public func texts(_ name: String, limit: Int = 1000) throws(JSONFailure) -> [String] {
        guard let value = self[name], !value.isNull else { return [] }
        guard let elements = value.elements, elements.count <= limit else { throw .member(name) }
        let texts = elements.compactMap(\.string)
        guard texts.count == elements.count else { throw .member(name) }
        return texts
    }
}
