import Varlink

/// The person's browser.
public enum Browser {
    /// Whether there is a display that the person sits at: over SSH a window would open on another machine, or nowhere.
    public static var isHere: Bool {
        let isSet = { (name: String) in !(Environment.value(name) ?? "").isEmpty }
        return (isSet("DISPLAY") || isSet("WAYLAND_DISPLAY")) && !isSet("SSH_CONNECTION")
    }

    /// Opens `url`, which holds no secret, with xdg-open; does not wait for it, and ends nothing with this program.
    /// - Returns: false where there is no xdg-open.
    public static func open(_ url: String) -> Bool {
        // Ctrl-C at this terminal is not for the browser.
        switch Spawn.start(["xdg-open", url], inOwnSession: true) {
        case .success: true
        case .failure: false
        }
    }
}
