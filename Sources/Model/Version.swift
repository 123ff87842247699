/// What this program is.
public enum Lanyard {
    /// The version of the program (https://semver.org).
    public static let version = "0.1.0"
    /// The version of `io.lanyard.Agent`; it changes where an older client or daemon would misunderstand.
    public static let protocolVersion = 1
}
