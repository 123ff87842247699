import CLinux
import Glibc
import Model
import Prose

/// The answer to a login whose browser is on another machine: there the page that it ends at cannot be shown, but its
/// address has the answer in it. The person pastes that, and it is taken to the daemon's listener as the browser would.
public struct PastedAnswer {
    /// What the address begins with.
    let redirectURI: String
    private let port: UInt16

    /// For the login whose page is `url`; nil where that names no place on this machine to come back to.
    public init?(to url: String) {
        let query = url.drop { $0 != "?" }.dropFirst()
        // The last one is ours: what stands before it is of the server's own address, and could lead to any service here.
        guard let fields = FormEncoding.decode(SecretBytes(String(query))),
            let place = fields.last(where: { $0.name == "redirect_uri" })?.value.exposedText(),
            place.hasPrefix("http://127.0.0.1:"),
            let port = UInt16(place.dropFirst("http://127.0.0.1:".count).prefix { $0 != "/" }),
            place.hasSameBytes(as: "http://127.0.0.1:\(port)/callback")
        else { return nil }
        redirectURI = place
        self.port = port
    }

    /// Asks for the address, without echo, and takes it to the listener. Nothing pasted: the browser came back by itself.
    public func ask(at terminal: borrowing Terminal) throws(Failure) {
        guard let address = try terminal.askSecretOrNothing(CommandProse.askAddress) else { return }
        let start = Array((redirectURI + "?").utf8)
        let isOurs = address.withBytes { bytes in
            bytes.count > start.count && start.indices.allSatisfy { bytes[$0] == start[$0] }
        }
        // It becomes a request's line.
        guard isOurs, !address.contains(where: { $0 <= 0x20 || $0 >= 0x7F }) else { throw CommandProse.isNoAnswer }
        guard deliver(address.copy(redirectURI.utf8.count..<address.count)) else { throw CommandProse.isNoAnswer }
    }

    /// Sends the query. What comes of it is told by the daemon: also that nobody listens any more.
    /// - Returns: whether it was an answer to this login; one to another, the listener does not know.
    private func deliver(_ query: SecretBytes) -> Bool {
        let path = redirectURI.dropFirst("http://127.0.0.1:\(port)".count)
        var request = SecretBuffer()
        request.append("GET \(path)")
        request.append(query)
        request.append(" HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\r\n")
        let descriptor = lanyard_connect_loopback(port)
        guard descriptor >= 0 else { return true }
        defer { close(descriptor) }
        _ = request.withBytes { writeAll($0, to: descriptor) }
        // Until the page is there: the login has ended then. Its words are the terminal's.
        var page = [UInt8](repeating: 0, count: 4096)
        // read writes at most the page's bytes.
        let count = unsafe page.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        return !page.prefix(max(0, count)).starts(with: "HTTP/1.1 404".utf8)
    }
}
