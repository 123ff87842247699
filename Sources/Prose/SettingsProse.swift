import Model

/// What is said about the settings of a session, and about its name.
extension Prose {
    /// Another session has become the default.
    public static func noLongerDefault(_ name: SessionName, _ other: SessionName) -> String {
        "\"\(name)\" is no longer the default: \"\(other)\" is for the same place"
    }
}

extension Prose {
    /// What people call the keyring that is this program; nil where it is none that is known.
    public static func keyringName(program: String) -> String? {
        if program.hasPrefix("gnome-keyring") { return "GNOME Keyring" }
        if program.hasPrefix("kwalletd") || program.hasPrefix("ksecretd") { return "KWallet" }
        return program.hasPrefix("keepassxc") ? "KeePassXC" : nil
    }
}

extension Failure {
    /// A place was to be taken out that the session is not for.
    public static func notFor(_ name: SessionName, _ place: String) -> Failure {
        Failure(
            .usage, "\"\(name)\" is not for \(Prose.printable(place))", session: name, mend: "lanyard show \(name)")
    }
    /// The last place was to be taken out.
    public static func forNothing(_ name: SessionName) -> Failure {
        Failure(
            .usage, "\"\(name)\" would be for no place at all", session: name,
            mend: "give it another in the same command: for+=ORIGIN, or: lanyard remove \(name)")
    }
    /// More places than a session may have.
    public static func tooManyPlaces(_ name: SessionName, _ most: Int) -> Failure {
        Failure(.usage, "\"\(name)\" would be for more than \(most) places", session: name)
    }
}

extension CommandProse {
    /// `logout --all` without a session.
    public static let nothingToEnd = "there is no session to log out of"

    /// There is no command of that name.
    public static func noCommand(_ name: String) -> String { "there is no command \"\(Prose.printable(name))\"" }

    /// The versions that another Lanyard can differ in.
    public static let versions = """
        protocol \(Lanyard.protocolVersion), journal format \(Lanyard.journalFormat), vault key format \
        \(Lanyard.vaultKeyFormat), keyring item format \(Lanyard.itemFormat)
        """

    /// Where a session is kept.
    /// - Parameter version: counts its changes.
    package static func storedIn(_ store: JSONValue, version: Int64?) -> String {
        let name = store["keyring"]?.shownText ?? storeName(store["kind"]?.shownText ?? "")
        // As much of the id as tells it from others.
        let item = store["item"]?.shownText.map { "item \($0.prefix(4))…" }
        return [name, item, version.map { "version \($0)" }].compactMap(\.self).joined(separator: ", ")
    }

    /// After `rename`.
    public static func renamed(_ old: String, to new: String) -> String { "\"\(old)\" is \"\(new)\" now" }

    /// After `set`: the session as it is now.
    public static func settings(_ session: SessionView) -> String {
        (["\"\(session.name)\"", "for " + session.places.joined(separator: " ")] + settingWords(session))
            .joined(separator: " · ")
    }

    /// What is set of a session, in words; empty where nothing is.
    package static func settingWords(_ session: SessionView) -> [String] {
        var words: [String] = []
        if session.isAmbient { words.append("ambient") }
        if session.isDefault { words.append("default") }
        if session.insecure { words.append("insecure") }
        return words
    }

    /// A setting is no KEY=VALUE, or has a key that there is not.
    public static func noSetting(_ text: String) -> Failure {
        Failure(
            .usage, "\(Prose.printable(text)) sets nothing: what can be set is ambient, default, insecure and for",
            mend: "for example: ambient=true, or for+=https://api.example.com")
    }

    /// A setting has a value that it cannot have.
    public static func noSettingValue(_ key: String, _ value: String) -> Failure {
        Failure(
            .usage, "\(key) is true or false, not \(Prose.printable(value.isEmpty ? "nothing" : value))",
            mend: "for example: \(key)=true")
    }
}
