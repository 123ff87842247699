import CLinux
import Glibc
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
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        var process: pid_t = 0
        // Each call works on the structs above, which are initialised first and destroyed at the end.
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
            unsafe posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
        }
        unsafe posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        // Ctrl-C at this terminal is not for the browser.
        unsafe posix_spawnattr_setflags(&attributes, Int16(lanyard_spawn_setsid))
        // Not under the preload library, where this command itself is.
        let result = unsafe withCStrings(["xdg-open", url]) { vector in
            unsafe withDaemonEnvironment { environment in
                unsafe posix_spawnp(&process, "xdg-open", &actions, &attributes, vector, environment)
            }
        }
        return result == 0
    }
}
