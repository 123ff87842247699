/// Why there is no answer to a request. Texts are libcurl's or the kernel's, printable ASCII, without secrets.
public enum TransferFailure: Error, Equatable, Sendable {
    /// The URL cannot be asked.
    case url(URLFailure)
    /// The request's header field of this name (cut to 64 characters) or its method cannot be sent: it has a byte that
    /// would end the line, or no name.
    case unsendable(String)
    /// The host's name has no address.
    case unknownHost
    /// No connection: refused or unreachable.
    case refused
    /// The proxy of the environment is unknown or does not let the request through.
    case proxy
    /// TLS failed, with libcurl's reason: most often a certificate that does not verify.
    case tls(String)
    /// Not connected within 10 s, or not finished by the deadline.
    case timedOut
    /// The body is larger than so many bytes.
    case tooLarge(limit: Int)
    /// More header lines, or more bytes of them, than are read.
    case tooManyHeaders
    /// What answered does not speak HTTP.
    case notHTTP
    /// The connection ended or broke before the answer was complete, with libcurl's reason.
    case interrupted(String)
    /// The task that asked was cancelled.
    case cancelled
    /// libcurl could not be set up, with its reason: a fault of this machine.
    case unavailable(String)

    /// Whether the same request may be answered a little later: the network or the server was away.
    public var mayPass: Bool {
        switch self {
        case .unknownHost, .refused, .timedOut, .interrupted: true
        default: false
        }
    }
}
