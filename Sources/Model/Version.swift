/// What this program is.
public enum Lanyard {
    /// The version of the program (https://semver.org).
    public static let version = "0.1.0"
    /// The version of `io.lanyard.Agent`; it changes where an older client or daemon would misunderstand.
    public static let protocolVersion = 1
    /// The format of the journal; a newer one is refused by its number, as are those below.
    public static let journalFormat = 1
    /// The format of the vault's key file.
    public static let vaultKeyFormat = 1
    /// The format of the items in a keyring.
    public static let itemFormat = 1
}
