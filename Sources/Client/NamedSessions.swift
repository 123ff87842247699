import Varlink

/// The sessions that `LANYARD_SESSION` names, which requests are limited to.
public enum NamedSessions {
    /// The names, between commas and spaces; none for no limit.
    ///
    /// A value without a name in it names nothing that is there; it does not lift the limit.
    public static var names: [String] {
        guard let value = Environment.value("LANYARD_SESSION") else { return [] }
        let names = value.split(separator: ",").map { $0.trimmingSpaces() }.filter { !$0.isEmpty }
        return names.isEmpty ? [value] : names
    }
}

extension Substring {
    fileprivate func trimmingSpaces() -> String {
        var text = drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
