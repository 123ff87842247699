import Varlink

/// The sessions that `LANYARD_SESSION` names, which requests are limited to.
public enum NamedSessions {
    /// The names; none for no limit.
    ///
    /// A value without a name in it names nothing that is there; it does not lift the limit.
    public static var names: [String] {
        guard let value = Environment.value("LANYARD_SESSION") else { return [] }
        let names = value.split(separator: ",").map(String.init)
        return names.isEmpty ? [value] : names
    }
}
