import CLinux
import Glibc

/// The environment variables that both ends of the socket read.
public enum Environment {
    /// A variable's value; nil where it is unset or empty.
    public static func value(_ name: String) -> String? {
        // getenv's text is copied at once, and the daemon changes its environment only before there are threads.
        guard let value = unsafe getenv(name), unsafe value.pointee != 0 else { return nil }
        return unsafe String(cString: value)
    }

    /// `path`, from the working folder where it is relative.
    public static func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        // getcwd allocates the text, which is copied and freed.
        guard let current = unsafe getcwd(nil, 0) else { return path }
        defer { unsafe free(current) }
        return unsafe String(cString: current) + "/" + path
    }

    /// One of the XDG base folders with `/lanyard` (https://specifications.freedesktop.org/basedir-spec): a variable that
    /// is not an absolute path counts as unset.
    public static func folder(_ variable: String, orHome fallback: String) -> String {
        if let value = value(variable), value.hasPrefix("/") { return value + "/lanyard" }
        return (value("HOME") ?? "/") + "/" + fallback + "/lanyard"
    }
}
