import CLinux
import EventLoop
import Glibc
import Model
import Varlink

/// Accepts connections on the socket; takes them from the same user alone.
@LoopActor final class Server {
    /// Descriptors that callers cannot have: the daemon's own requests (256 at most), files and libraries.
    private static let ownDescriptors = 320
    /// More callers than a desktop has programs.
    private static let mostConnections = 4096

    private let services: Services
    /// How many callers are served at a time.
    private let limit: Int
    private let descriptor: Int32
    private var listening: DescriptorSource?
    private var connections: [ObjectIdentifier: Connection] = [:]

    /// Serves on a listening socket, which it owns from now on.
    init(_ descriptor: Int32, _ services: Services) throws(LoopFailure) {
        self.descriptor = descriptor
        self.services = services
        limit = max(16, min(Self.mostConnections, Int(lanyard_raise_descriptor_limit()) - Self.ownDescriptors))
        listening = try DescriptorSource(descriptor, .readable) { [weak self] _ in self?.accept() }
    }

    /// Takes no more connections.
    func close() {
        guard let listening else { return }
        listening.cancel()
        self.listening = nil
        CLinux.close(descriptor)
    }

    /// Ends connections whose callers have not taken their answers, and forgets what was sent in part.
    func dropUnsentAndUnfinishedImports() {
        for connection in connections.values { connection.dropUnsentAndUnfinishedImports() }
    }

    private func accept() {
        while true {
            // The address is not asked for: peers of a Unix socket have none.
            let accepted = accept4(descriptor, nil, nil, Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue))
            if accepted < 0 {
                if errno == EINTR || errno == ECONNABORTED { continue }
                // Else the listener would stay readable, and the loop busy with it.
                if errno == EMFILE || errno == ENFILE { closeLongestSilent() }
                return
            }
            guard let caller = Self.ownProcess(at: accepted) else {
                CLinux.close(accepted)
                continue
            }
            makeRoom()
            open(accepted, caller)
        }
    }

    private func makeRoom() {
        if connections.count >= limit { closeLongestSilent() }
    }

    /// Where all places are taken, the caller that has been silent for longest goes: it can connect again.
    private func closeLongestSilent() {
        let idle = connections.values.filter(\.isIdle).min { $0.lastHeard < $1.lastHeard }
        (idle ?? connections.values.min { $0.lastHeard < $1.lastHeard })?.close()
    }

    private func open(_ descriptor: Int32, _ caller: Caller) {
        guard let connection = try? Connection(descriptor, caller, services) else {
            CLinux.close(descriptor)
            return
        }
        let key = ObjectIdentifier(connection)
        connection.onClose = { [weak self] in self?.connections[key] = nil }
        connections[key] = connection
    }

    /// The process at the other end, where it is the same user's. Root is let in nowhere it could not go anyhow, but is
    /// not this person.
    private static func ownProcess(at descriptor: Int32) -> Caller? {
        var peer = lanyard_ucred()
        // The kernel writes one ucred.
        guard unsafe lanyard_peer_credentials(descriptor, &peer) == 0, peer.uid == geteuid() else { return nil }
        return Caller(pid: peer.pid)
    }
}
