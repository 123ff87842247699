import Model

/// Whether the connection proves that it ends at the URL's origin (design: "The transport must prove the origin").
enum TransportProof {
    /// Why a credential of `session` may not go over this connection; nil where it may.
    static func objection(_ question: AttachQuestion, _ session: Session) -> AttachReason? {
        if let host = question.host, !names(host, question.target) { return .hostHeader }
        switch question.target.scheme {
        case .https: return question.isVerified || session.settings.insecure ? nil : .unverified
        case .http: return plainObjection(question)
        }
    }

    /// Plain HTTP proves nothing by itself. To a loopback host the connected address is the proof; to another host the
    /// person wrote `http://` in full, which put it into the protection space; the only detour that is accepted is one of
    /// the script's own to this machine (`--connect-to`), which crosses no network.
    private static func plainObjection(_ question: AttachQuestion) -> AttachReason? {
        if question.isProxied { return .proxy }
        guard let peer = question.peer else { return .unixSocket }
        let isLocal = LoopbackAddress.isAddress(peer)
        if LoopbackAddress.isName(question.target.host) {
            return isLocal && question.peerPort == question.target.port ? nil : .notLoopback
        }
        if question.isDetoured { return isLocal ? nil : .notLoopback }
        return question.peerPort == question.target.port ? nil : .notLoopback
    }

    /// Whether a Host header's value (RFC 9110, 7.2) is what libcurl would send by itself.
    private static func names(_ host: String, _ target: RequestTarget) -> Bool {
        let name = target.host.contains(":") ? "[\(target.host)]" : target.host
        let port = ":\(target.port)"
        if host.equalsIgnoringCase(name + port) { return true }
        return target.port == target.scheme.defaultPort && host.equalsIgnoringCase(name)
    }
}
