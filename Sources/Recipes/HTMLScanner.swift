import Model

/// Finds the tags in HTML that others wrote: tolerant, without a tree, in one pass, each byte looked at a bounded number
/// of times (WHATWG HTML Standard, 13.2.5, as far as tags go). Comments and the text of elements that hold no tags are
/// skipped; scripts do not run.
struct HTMLScanner {
    /// A start or end tag that was found.
    struct Tag {
        var name: String
        var isEnd: Bool
        var attributes: [Attribute]

        /// The first attribute of this name.
        func attribute(_ name: String) -> Attribute? { attributes.first { $0.name == name } }
    }

    /// An attribute: where its value stands, not yet decoded, because only a few are asked for.
    struct Attribute {
        var name: String
        var value: Range<Int>
    }

    /// A login page has fewer on any tag; more are passed over.
    private static let mostAttributes = 64
    /// Longer names are of no element or attribute that is asked for here.
    private static let longestName = 32
    /// Elements whose content is text up to their end tag.
    private static let textElements: Set<String> = [
        "script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes",
    ]

    private var at = 0

    /// The next tag after the last one; nil at the end.
    mutating func next(in html: Span<UInt8>) -> Tag? {
        while at < html.count {
            guard html[at] == UInt8(ascii: "<"), at + 1 < html.count else {
                at += 1
                continue
            }
            switch html[at + 1] {
            case UInt8(ascii: "!"):
                skipDeclaration(in: html)
            case UInt8(ascii: "?"):
                skip(past: UInt8(ascii: ">"), in: html)
            case UInt8(ascii: "/") where at + 2 < html.count && html[at + 2].isLetter:
                at += 2
                if let tag = tag(isEnd: true, in: html) { return tag }
            case UInt8(ascii: "/"):
                skip(past: UInt8(ascii: ">"), in: html)
            case let first where first.isLetter:
                at += 1
                if let tag = tag(isEnd: false, in: html) { return tag }
            default:
                at += 1
            }
        }
        return nil
    }

    private mutating func skip(past byte: UInt8, in html: Span<UInt8>) {
        while at < html.count, html[at] != byte { at += 1 }
        at += 1
    }

    /// `<!-- … -->`, also in the forms browsers forgive, and `<!DOCTYPE …>`.
    private mutating func skipDeclaration(in html: Span<UInt8>) {
        guard at + 3 < html.count, html[at + 2] == UInt8(ascii: "-"), html[at + 3] == UInt8(ascii: "-") else {
            return skip(past: UInt8(ascii: ">"), in: html)
        }
        // The dashes that open it may close it too: `<!-->` and `<!--->` are whole.
        at += 2
        var dashes = 0
        while at < html.count {
            switch html[at] {
            case UInt8(ascii: "-"): dashes += 1
            case UInt8(ascii: "!") where dashes >= 2 && at + 1 < html.count && html[at + 1] == UInt8(ascii: ">"): break
            case UInt8(ascii: ">") where dashes >= 2:
                at += 1
                return
            default: dashes = 0
            }
            at += 1
        }
    }

    /// The tag whose name begins here; nil where the text ends within it. Goes past a text element's content.
    private mutating func tag(isEnd: Bool, in html: Span<UInt8>) -> Tag? {
        let name = name(in: html) { $0.isSpace || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ">") }
        var tag = Tag(name: name, isEnd: isEnd, attributes: [])
        while true {
            while at < html.count, html[at].isSpace || html[at] == UInt8(ascii: "/") { at += 1 }
            guard at < html.count else { return nil }
            if html[at] == UInt8(ascii: ">") {
                at += 1
                break
            }
            let attribute = attribute(in: html)
            if tag.attributes.count < Self.mostAttributes { tag.attributes.append(attribute) }
        }
        if !isEnd, Self.textElements.contains(tag.name) { skipText(of: tag.name, in: html) }
        if !isEnd, tag.name == "plaintext" { at = html.count }
        return tag
    }

    private mutating func attribute(in html: Span<UInt8>) -> Attribute {
        let name = name(in: html) {
            $0.isSpace || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ">") || $0 == UInt8(ascii: "=")
        }
        while at < html.count, html[at].isSpace { at += 1 }
        guard at < html.count, html[at] == UInt8(ascii: "=") else { return Attribute(name: name, value: at..<at) }
        at += 1
        while at < html.count, html[at].isSpace { at += 1 }
        guard at < html.count else { return Attribute(name: name, value: at..<at) }
        let quote = html[at]
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            at += 1
            let start = at
            while at < html.count, html[at] != quote { at += 1 }
            let end = at
            at = min(at + 1, html.count)
            return Attribute(name: name, value: start..<end)
        }
        let start = at
        while at < html.count, !html[at].isSpace, html[at] != UInt8(ascii: ">") { at += 1 }
        return Attribute(name: name, value: start..<at)
    }

    /// A name in lower case, of one byte at least, whatever that is (an attribute's may begin with `=`); empty where it is
    /// longer than any that is asked for.
    private mutating func name(in html: Span<UInt8>, endsAt isEnd: (UInt8) -> Bool) -> String {
        let start = at
        at += 1
        while at < html.count, !isEnd(html[at]) { at += 1 }
        guard at - start <= Self.longestName else { return "" }
        var bytes: [UInt8] = []
        for index in start..<at { bytes.append(html[index].asciiLowercased) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Goes to `</name` with an end after it, or to the end of the text.
    private mutating func skipText(of name: String, in html: Span<UInt8>) {
        let name = Array(name.utf8)
        while at < html.count {
            let after = at + 2 + name.count
            if html[at] == UInt8(ascii: "<"), after < html.count, html[at + 1] == UInt8(ascii: "/"),
                name.indices.allSatisfy({ html[at + 2 + $0].asciiLowercased == name[$0] }),
                html[after].isSpace || html[after] == UInt8(ascii: "/") || html[after] == UInt8(ascii: ">")
            {
                return
            }
            at += 1
        }
    }
}

extension UInt8 {
    fileprivate var isLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
    fileprivate var isSpace: Bool { self == 0x20 || (0x09...0x0D).contains(self) && self != 0x0B }
}
