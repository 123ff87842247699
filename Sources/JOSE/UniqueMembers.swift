import Model

extension JSONValue {
    /// The first name that stands twice in this object; nil where each stands once.
    ///
    /// Headers, claims and keys whose members repeat are refused (RFC 7515, 4; RFC 7519, 4; RFC 7517, 4): two readers
    /// could take them for two different things.
    var repeatedMember: String? {
        var seen: Set<String> = []
        return members?.first { !seen.insert($0.name).inserted }?.name
    }
}
