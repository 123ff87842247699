import Cookies
import Model

/// Reads the places of a protection space as `--for` takes them: `https://host[:port][/path]`, `https://*.host`.
struct PlaceReader {
    private let syntax: URLSyntax
    private let suffixes: PublicSuffix

    init(syntax: URLSyntax, suffixes: PublicSuffix) {
        self.syntax = syntax
        self.suffixes = suffixes
    }

    /// The place that `text` names.
    /// - Throws: ``Failure`` where it is none, or a pattern that reaches a public suffix.
    func read(_ text: String) throws(Failure) -> Place {
        guard text.utf8.count <= 2048, let scheme = text.range(of: "://") else { throw .badPlace(text) }
        let rest = text[scheme.upperBound...]
        let isPattern = rest.hasPrefix("*.")
        // libcurl takes no `*` in a host: the pattern's own name is parsed, and the star is ours.
        let plain = isPattern ? text[..<scheme.upperBound] + rest.dropFirst(2) : Substring(text)
        guard !plain.contains("?"), !plain.contains("#"), let target = syntax.parse(String(plain)) else { throw .badPlace(text) }
        if isPattern {
            guard !suffixes.isSuffix(target.host), !LoopbackAddress.isAddress(target.host) else { throw .badPlace(text) }
        }
        guard target.path == "/" || !RequestTarget.hasDotSegment(target.path) else { throw .badPlace(text) }
        return Place(
            scheme: target.scheme, host: isPattern ? .below(target.host) : .exactly(target.host), port: target.port,
            path: target.path)
    }

    /// The space of these places, at least one.
    func space(_ texts: [String]) throws(Failure) -> ProtectionSpace {
        guard (1...ProtectionSpace.mostPlaces).contains(texts.count) else { throw .badParameter("--for") }
        var places: [Place] = []
        for text in texts {
            let place = try read(text)
            if !places.contains(place) { places.append(place) }
        }
        return ProtectionSpace(places)
    }
}
