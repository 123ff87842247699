import CLinux
import Glibc
import Model
import Prose
import Varlink

/// What the service manager is told (sd_notify(3)): a datagram of `NAME=value` lines to the socket that `NOTIFY_SOCKET`
/// names. By hand, because libsystemd is a large library for that.
///
/// Without a service manager nothing is told. One that does not listen any more is no reason to stop.
struct ServiceNotification {
    private let descriptor: Int32

    /// Takes the socket from the environment, so that no other process talks in this one's name; before there are
    /// threads.
    /// - Parameter isService: false where the variable is about another process, which started this one.
    static func take(isService: Bool) -> ServiceNotification {
        let name = Environment.value("NOTIFY_SOCKET")
        unsafe unsetenv("NOTIFY_SOCKET")
        // A path, or a name in the abstract namespace; an address of another kind (vsock) is a virtual machine's.
        guard isService, let name, name.hasPrefix("/") || name.hasPrefix("@") else {
            return ServiceNotification(descriptor: -1)
        }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        // A Swift string is lent to C for the length of the call.
        if descriptor >= 0, unsafe lanyard_connect_notify(descriptor, name) != 0 {
            close(descriptor)
            return ServiceNotification(descriptor: -1)
        }
        return ServiceNotification(descriptor: descriptor)
    }

    /// The daemon serves; `status` is for people, as are those below.
    func ready(_ status: String) { send(["READY=1", "STATUS=\(status)"]) }

    /// Something is different now.
    func changed(_ status: String) { send(["STATUS=\(status)"]) }

    /// The daemon reads its configuration again; ``ready(_:)`` follows.
    func reloading() {
        var now = timespec()
        // The kernel fills the one struct.
        unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        // The service manager's clock is this one, not the boot-time one.
        send(["RELOADING=1", "MONOTONIC_USEC=\(now.tv_sec * 1_000_000 + now.tv_nsec / 1000)"])
    }

    /// The daemon has begun to end.
    func stopping() { send(["STOPPING=1", "STATUS=\(Prose.stopping)"]) }

    private func send(_ lines: [String]) {
        guard descriptor >= 0 else { return }
        let text = Array(lines.map { Prose.printable($0) }.joined(separator: "\n").utf8)
        // Not waited for: a manager whose queue is full has other troubles.
        _ = unsafe text.withUnsafeBytes { bytes in
            unsafe CLinux.send(
                descriptor, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
        }
    }
}
