import CLinux

/// What a command does before anything else.
public enum ProcessStart {
    /// Leaves no trace of memory behind at a crash, and lets no file take the place of a closed standard stream.
    public static func prepare() {
        lanyard_no_backtraces(0)
        StandardStreams.occupyClosed()
    }
}
