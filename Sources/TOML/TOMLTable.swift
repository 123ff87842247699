import Model

/// A table, its keys in the order of their lines. Whoever reads it says which keys it may have; whatever is not as they
/// expect is a ``FileMistake`` with the line.
public struct TOMLTable: Sendable {
    /// A key and what it has.
    public struct Entry: Sendable {
        /// The key.
        public let key: String
        /// What it has, with the line of the key.
        public let value: TOMLValue
    }

    /// The line it begins at, from 1.
    public let line: Int
    /// What is in it.
    public let entries: [Entry]

    init(line: Int, entries: [Entry]) {
        // A table that only its children's keys name begins where the first of them does.
        self.entries = entries.sorted { ($0.value.line, $0.value.column) < ($1.value.line, $1.value.column) }
        self.line = line > 0 ? line : self.entries.first?.value.line ?? 0
    }

    /// What `key` has; nil where it is not there.
    public subscript(key: String) -> TOMLValue? { entries.first { $0.key == key }?.value }

    /// Refuses keys that are not `known`.
    public func allow(_ known: [String]) throws(FileMistake) {
        guard let stray = entries.first(where: { !known.contains($0.key) }) else { return }
        throw FileMistake(.unknownKey(stray.key, known: known), line: stray.value.line)
    }

    /// A text that is not empty.
    /// - Throws: also where `isGood` does not hold, and then says that `expected` was.
    public func text(
        _ key: String, _ expected: FileMistake.Expectation = .text, where isGood: (String) -> Bool = { _ in true }
    ) throws(FileMistake) -> String? {
        guard let value = self[key] else { return nil }
        guard case .text(let text) = value.content, !text.isEmpty, isGood(text) else {
            throw FileMistake(.value(key, expected: expected), line: value.line)
        }
        return text
    }

    /// A list of texts, none of them empty, in which `isGood` holds for each; nil where there is none.
    /// - Parameter orOne: a single text is a list of one.
    public func texts(
        _ key: String, _ expected: FileMistake.Expectation = .texts, orOne: Bool = false,
        where isGood: (String) -> Bool = { _ in true }
    ) throws(FileMistake) -> [String]? {
        guard let value = self[key] else { return nil }
        if orOne, case .text = value.content { return try text(key, expected, where: isGood).map { [$0] } }
        guard case .array(let elements) = value.content else {
            throw FileMistake(.value(key, expected: expected), line: value.line)
        }
        var texts: [String] = []
        for element in elements {
            guard case .text(let text) = element.content, !text.isEmpty, isGood(text) else {
                throw FileMistake(.value(key, expected: expected), line: element.line)
            }
            texts.append(text)
        }
        return texts
    }

    /// A boolean.
    public func flag(_ key: String) throws(FileMistake) -> Bool? {
        guard let value = self[key] else { return nil }
        guard case .flag(let flag) = value.content else {
            throw FileMistake(.value(key, expected: .flag), line: value.line)
        }
        return flag
    }

    /// Whole numbers in `range`, one or a list.
    public func integers(_ key: String, in range: ClosedRange<Int>) throws(FileMistake) -> [Int]? {
        guard let value = self[key] else { return nil }
        var elements = [value]
        if case .array(let several) = value.content { elements = several }
        var numbers: [Int] = []
        for element in elements {
            guard case .integer(let number) = element.content, range.contains(number) else {
                throw FileMistake(
                    .value(key, expected: .integer(from: range.lowerBound, to: range.upperBound)), line: element.line)
            }
            numbers.append(number)
        }
        return numbers
    }

    /// A table.
    public func table(_ key: String) throws(FileMistake) -> TOMLTable? {
        guard let value = self[key] else { return nil }
        guard case .table(let table) = value.content else {
            throw FileMistake(.value(key, expected: .table), line: value.line)
        }
        return table
    }

    /// Tables, as `[[key]]` makes them; none where it is not there.
    public func tables(_ key: String) throws(FileMistake) -> [TOMLTable] {
        guard let value = self[key] else { return [] }
        guard case .array(let elements) = value.content else {
            throw FileMistake(.value(key, expected: .tables), line: value.line)
        }
        var tables: [TOMLTable] = []
        for element in elements {
            guard case .table(let table) = element.content else {
                throw FileMistake(.value(key, expected: .tables), line: element.line)
            }
            tables.append(table)
        }
        return tables
    }
}
