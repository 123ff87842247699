import Cookies
import Model
import Prose

/// Reads the places of a protection space as `--for` takes them: `https://host[:port][/path]`, `https://*.host`.
struct PlaceReader {
    let syntax: URLSyntax

    /// The place that `text` names.
    /// - Throws: ``Failure`` where it is none, or a pattern that reaches a public suffix.
    func read(_ text: String) throws(Failure) -> Place {
        do throws(PlaceFault) { return try place(text) } catch { throw .badPlace(text, error) }
    }

    private func place(_ text: String) throws(PlaceFault) -> Place {
        guard text.utf8.count <= 2048 else { throw .tooLong }
        let prefixes = ["https://*.", "http://*."]
        let pattern = prefixes.first { text.hasPrefix($0) }
        let isPattern = pattern != nil
        // libcurl takes no `*` in a host: the pattern's own name is parsed, and the star is ours.
        let plain = pattern.map { String($0.dropLast(2) + text.dropFirst($0.count)) } ?? text
        guard let target = syntax.parse(plain) else { throw PlaceFault(of: plain) }
        guard !plain.contains("?"), !plain.contains("#") else { throw .query }
        let isAddress = Host.isAddress(target.host)
        guard isAddress || Host.isName(target.host) else { throw .host }
        if isPattern {
            // Nothing is below an address; libcurl reads `0.1` as one.
            guard !isAddress else { throw .belowAddress }
            guard !PublicSuffix.isSuffix(target.host) else { throw .publicSuffix }
        }
        guard target.path == "/" || !RequestTarget.hasDotSegment(target.path) else { throw .dotSegment }
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
