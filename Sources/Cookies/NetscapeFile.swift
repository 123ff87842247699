import Model

/// The cookie file of Netscape, curl and wget: seven fields a line, separated by tabs.
///
/// It cannot say SameSite, creation or partition, nor that an address is host-only: ``Losses`` counts them.
public enum NetscapeFile {
    /// Most bytes of a line that can be a cookie: the longest name and value, domain and path, and the rest.
    static let longestLine = 8192

    /// A line that is no cookie.
    public struct DamagedLine: Hashable, Sendable {
        /// What is wrong with it.
        public enum Cause: Hashable, Error, Sendable {
            /// It has not seven fields.
            case fields
            /// A field that has to be `TRUE` or `FALSE` is neither.
            case flag
            /// The end is no number.
            case expiry
            /// The domain is no host's name, or is a public suffix.
            case domain
            /// The path does not begin with `/`.
            case path
            /// It is no cookie that a server could set, for this reason.
            case refused(CookieRefusal)

            /// Its word in the protocol.
            public var word: String {
                switch self {
                case .fields: "fields"
                case .flag: "flag"
                case .expiry: "expiry"
                case .domain: "domain"
                case .path: "path"
                case .refused(let refusal): refusal.rawValue
                }
            }
        }
        /// Its number, from 1.
        public let number: Int
        /// What is wrong with it.
        public let cause: Cause
    }

    /// What a file holds.
    public struct Content: Sendable {
        /// The cookies, in the file's order; expired ones too.
        public var cookies: [Cookie] = []
        /// The lines that were skipped.
        public var damaged: [DamagedLine] = []
    }

    /// Reads a file; an empty one holds no cookies.
    ///
    /// A damaged line is skipped and named. A last line that was cut off has too few fields, or has lost part of its
    /// value alone: it never becomes another host's cookie, because the host stands first.
    /// - Parameters:
    ///   - file: the bytes of the file; who reads it bounds it.
    ///   - now: the creation the cookies get.
    ///   - firstLine: the number of the first line, where `file` is a part of one.
    public static func parse(_ file: SecretBytes, now: WallInstant, firstLine: Int = 1) -> Content {
        var content = Content()
        var (start, number) = (0, firstLine - 1)
        while start < file.count {
            number += 1
            let end = file.withBytes { bytes in
                var end = start
                while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
                return end
            }
            do {
                if let cookie = try cookie(file, start..<end, now) { content.cookies.append(cookie) }
            } catch {
                content.damaged.append(DamagedLine(number: number, cause: error))
            }
            start = end + 1
        }
        return content
    }

    /// The cookies as a file, for curl, wget and Python.
    ///
    /// A name or value with a tab in it is left out: Python would refuse the whole file.
    /// - Parameter heading: whether the line that says what it is comes first, which Python wants.
    public static func write(_ cookies: [Cookie], heading: Bool = true) -> SecretBytes {
        var file = SecretBuffer(capacity: 4096)
        if heading { file.append("# Netscape HTTP Cookie File\n") }
        for cookie in cookies where !cookie.hasTab {
            if cookie.isHTTPOnly { file.append(httpOnlyMark) }
            if !cookie.isHostOnly { file.append(UInt8(ascii: ".")) }
            // 0 says "no end" in this format, so that an end before 1970 is 1.
            let expiry = cookie.expiry.map { max($0.seconds, 1) } ?? 0
            let fields = [
                cookie.domain, cookie.isHostOnly ? "FALSE" : "TRUE", cookie.path, cookie.isSecure ? "TRUE" : "FALSE",
                String(expiry), cookie.name,
            ]
            for field in fields {
                file.append(field)
                file.append(UInt8(ascii: "\t"))
            }
            file.append(cookie.value)
            file.append(UInt8(ascii: "\n"))
        }
        return file.take()
    }

    /// How many cookies lose what in a file.
    public struct Losses: Sendable {
        /// Their SameSite attribute.
        public let sameSite: Int
        /// Their partition: as the file has them they go to all.
        public let partition: Int
        /// That they are for one address alone: readers may take it for a domain.
        public let address: Int
        /// All: they have a tab in them.
        public let leftOut: Int

        /// Those of `cookies`.
        public init(_ cookies: [Cookie]) {
            sameSite = cookies.count { $0.sameSite != .unset }
            partition = cookies.count { $0.partition != nil }
            address = cookies.count { Host.isAddress($0.domain) }
            leftOut = cookies.count(where: \.hasTab)
        }
    }

    /// curl's mark of a cookie that is HttpOnly; without it the line is a comment.
    private static let httpOnlyMark = "#HttpOnly_"

    /// The cookie of one line; nil for a comment and an empty line.
    private static func cookie(
        _ file: SecretBytes, _ line: Range<Int>, _ now: WallInstant
    ) throws(DamagedLine.Cause) -> Cookie? {
        var line = line
        if file.at(line.upperBound - 1, in: line) == UInt8(ascii: "\r") { line = line.dropLast() }
        let isHTTPOnly = file.hasPrefix(httpOnlyMark, at: line)
        if isHTTPOnly { line = line.dropFirst(httpOnlyMark.utf8.count) }
        guard let first = file.at(line.lowerBound, in: line), isHTTPOnly || first != UInt8(ascii: "#") else {
            return nil
        }
        guard line.count <= longestLine else { throw .refused(.tooLong) }
        var fields = file.fields(line)
        // Editors drop a tab at the end of a line, before an empty value; without a newline it is a line cut short.
        if fields.count == 6, line.upperBound < file.count { fields.append(line.upperBound..<line.upperBound) }
        guard fields.count == 7 else { throw .fields }
        let texts = fields.prefix(6).compactMap { file.copy($0).exposedText() }
        guard texts.count == 6 else { throw .refused(.notUTF8) }
        let (domain, isHostOnly) = try domain(texts[0], flag(texts[1]))
        guard texts[2].utf8.first == UInt8(ascii: "/"), texts[2].utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw .path
        }
        let cookie = Cookie(
            name: texts[5], value: file.copy(fields[6]), domain: domain, isHostOnly: isHostOnly, path: texts[2],
            isSecure: try flag(texts[3]), isHTTPOnly: isHTTPOnly, expiry: try expiry(texts[4]), creation: now)
        do {
            try cookie.checkBrought()
        } catch {
            throw error == .publicSuffix ? .domain : .refused(error)
        }
        return cookie
    }

    private static func flag(_ text: String) throws(DamagedLine.Cause) -> Bool {
        if text.equalsIgnoringCase("TRUE") { return true }
        if text.equalsIgnoringCase("FALSE") { return false }
        throw .flag
    }

    /// Nothing (Python writes that), 0 and what is less is no end: a session cookie.
    private static func expiry(_ text: String) throws(DamagedLine.Cause) -> WallInstant? {
        if text.isEmpty { return nil }
        // Firefox and Chrome export fractions of a second.
        let whole = text.utf8.prefix { $0 != UInt8(ascii: ".") }
        guard let seconds = Int64(String(decoding: whole, as: UTF8.self)) else { throw .expiry }
        return seconds > 0 ? WallInstant(seconds: seconds) : nil
    }

    /// The domain and whether it is a host alone, which the flag says; a leading dot says nothing more. An address is
    /// always a host alone.
    private static func domain(
        _ text: String, _ isDomain: Bool
    ) throws(DamagedLine.Cause) -> (String, isHostOnly: Bool) {
        let name = text.utf8.dropFirst(text.utf8.first == UInt8(ascii: ".") ? 1 : 0)
        guard (1...255).contains(name.count), name.allSatisfy({ $0.isLetterOrDigit || "-._:".utf8.contains($0) }) else {
            throw .domain
        }
        // No host has an empty label, but for a dot at the end.
        let labels = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).dropLast()
        guard labels.allSatisfy({ !$0.isEmpty }), name.first != UInt8(ascii: ".") else { throw .domain }
        let domain = String(decoding: name.map(\.asciiLowercased), as: UTF8.self)
        return (domain, !isDomain || Host.isAddress(domain))
    }
}

extension Cookie {
    fileprivate var hasTab: Bool { name.utf8.contains(0x09) || value.contains { $0 == 0x09 } }
}

extension UInt8 {
    fileprivate var isLetterOrDigit: Bool { self &- 0x30 < 10 || (self | 0x20) &- 0x61 < 26 }
}

/// Lines.
extension SecretBytes {
    fileprivate func at(_ index: Int, in range: Range<Int>) -> UInt8? {
        range.contains(index) ? withBytes { $0[index] } : nil
    }

    fileprivate func hasPrefix(_ prefix: String, at range: Range<Int>) -> Bool {
        range.count >= prefix.utf8.count
            && withBytes { bytes in
                prefix.utf8.enumerated().allSatisfy { bytes[range.lowerBound + $0.offset] == $0.element }
            }
    }

    /// What stands between the tabs of a line; after the sixth tab all is value.
    fileprivate func fields(_ line: Range<Int>) -> [Range<Int>] {
        withBytes { bytes in
            var fields: [Range<Int>] = []
            var start = line.lowerBound
            for index in line where bytes[index] == UInt8(ascii: "\t") && fields.count < 6 {
                fields.append(start..<index)
                start = index + 1
            }
            fields.append(start..<line.upperBound)
            return fields
        }
    }
}
