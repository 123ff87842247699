import Model

extension Failure {
    /// A cookie that has ended before it is kept.
    public static let expiresInThePast = Failure(
        .usage, "--expires is in the past",
        mend: "give a time to come, or leave it out where no end is known")
}

/// Values of `add`'s options that make no sense. They are not repeated: a secret may stand where its name belongs.
extension Failure {
    /// A time is none.
    public static let badMoment = Failure(
        .usage, "the value of --expires is no time",
        mend: "seconds from now, or a date with time and zone: --expires 3600, --expires 2030-01-31T12:00:00Z")
    /// The scheme of an Authorization field is none.
    public static let badScheme = Failure(
        .usage, "the value of --token is no authentication scheme",
        mend: "the word before the token, which itself is read from stdin: --token Token")
    /// The user of Basic is none.
    public static let badUser = Failure(
        .usage, "the value of --basic is no user name that Basic can send",
        mend: "a name without a colon; the password is read from stdin: --basic alice")
    /// The name of a header field is none.
    public static let badHeader = Failure(
        .usage, "the value of --header is no name of a header field",
        mend: "the name alone, its value is read from stdin: --header X-Api-Key")
    /// A header field that is no credential: as a session's it would forge requests.
    public static func noCredentialHeader(_ name: String) -> Failure {
        let isCookie = name.lowercased() == "cookie"
        return Failure(
            .usage, "\(Prose.printable(name)) is a header field that no session may set",
            mend: "for example: \(isCookie ? "--cookie NAME, or --cookie-jar" : "--header X-Api-Key")")
    }
    /// The name of a cookie is none.
    public static let badCookieName = Failure(
        .usage, "the value of --cookie is no name of a cookie",
        mend: "the name alone, its value is read from stdin: --cookie sessionid")
}

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
    /// - Parameter nearest: one that may have been meant.
    public static func noCommand(_ name: String, nearest: String?) -> String {
        "there is no command \"\(Prose.printable(name))\"\(Prose.didYouMean(nearest))"
    }

    /// Why the empty value of an option is refused.
    public static let emptyValue = "it is empty"

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
        if session.confirms { words.append("confirm") }
        return words
    }

    /// A setting is no KEY=VALUE, or has a key that there is not.
    public static func noSetting(_ text: String) -> Failure {
        Failure(
            .usage,
            "\(Prose.printable(text)) sets nothing: what can be set is ambient, default, insecure, confirm and for",
            mend: "for example: ambient=true, or for+=https://api.example.com")
    }

    /// A setting has a value that it cannot have.
    public static func noSettingValue(_ key: String, _ value: String) -> Failure {
        Failure(
            .usage, "\(key) is true or false, not \(Prose.printable(value.isEmpty ? "nothing" : value))",
            mend: "for example: \(key)=true")
    }
}
