import Model
import Prose

/// What the preload library asks before a request is sent: the URL as libcurl sees it, and what the script and the
/// connection bring.
struct AttachQuestion {
    /// The process that asks; nil where that is not known.
    var caller: Caller?
    /// The program that asks.
    var program = ""
    /// The sessions the person named; empty for all.
    var sessions: [SessionName] = []
    /// What `.lanyard` files come to, where the person named no session.
    var folder = FolderChoice()
    /// The sessions to choose among; empty for all.
    var limits: [SessionName] { sessions.isEmpty ? folder.sessions : sessions }
    /// What the person named is no name of a session.
    var namesNonsense = false
    /// The program runs in a shell with `lanyard env`: only sessions marked ambient are for it.
    var isAmbient = false
    /// A request that gets nothing will not be sent.
    var isRequired = false
    /// How many redirects were followed.
    var hop = 0
    /// An earlier hop has left the protection space of the session that was chosen.
    var hasLeft = false
    /// The server has just refused the session of this version with a 401, and the request is about to be sent again.
    var refused: UInt64?
    /// The URL the script named.
    var start: RequestTarget
    /// The URL of this hop.
    var target: RequestTarget
    /// The request's method.
    var method = "GET"
    /// The address of the connected peer; nil for a Unix socket.
    var peer: String?
    /// Its port.
    var peerPort: UInt16 = 0
    /// The script sends it to a place of its own choice under the URL's name (`--connect-to`).
    var isDetoured = false
    /// The connection goes through a proxy.
    var isProxied = false
    /// TLS peer and host verification are both on.
    var isVerified = true
    /// The Host header the script sets itself.
    var host: String?
    /// The names of the header fields the script brings, lower case.
    var brought: Set<String> = []
    /// The names of the cookies the script brings.
    var cookies: Set<String> = []

    /// A question about a request that a script would make directly, to tell what it would get.
    init(about target: RequestTarget, sessions texts: [String] = []) {
        self.target = target
        sessions = texts.compactMap { SessionName($0) }
        namesNonsense = sessions.count < texts.count
        start = target
        peer = LoopbackAddress.isName(target.host) ? "127.0.0.1" : target.host
        peerPort = target.port
    }

    /// Reads the parameters of Attach.
    init(_ json: JSONValue) throws(JSONFailure) {
        start = try RequestTarget(json["start"], "start")
        target = try RequestTarget(json["target"], "target")
        program = try json.text("program", limit: 256)
        let texts = try json.texts("sessions", limit: 64)
        sessions = texts.compactMap { SessionName($0) }
        namesNonsense = sessions.count < texts.count
        // An older library does not say: it gets no more than what is for all.
        isAmbient = json["ambient"]?.bool ?? true
        isRequired = try json.flag("required")
        guard let hop = json["hop"]?.integer, (0...1000).contains(hop) else { throw .member("hop") }
        self.hop = Int(hop)
        hasLeft = try json.flag("left")
        refused = try json.optionalInteger("refused").flatMap { UInt64(exactly: $0) }
        method = try json.text("method", limit: 64)
        peer = try json.optionalText("peer", limit: 64)
        guard let port = UInt16(exactly: try json.optionalInteger("peer_port") ?? 0) else { throw .member("peer_port") }
        peerPort = port
        isDetoured = try json.flag("connect_to")
        // What is missing counts as unproven.
        isProxied = json["proxy"]?.bool ?? true
        isVerified = json["verified"]?.bool ?? false
        host = try json.optionalText("host", limit: 1024)
        brought = Set(try json.texts("brought"))
        cookies = Set(try json.texts("cookies"))
    }
}

extension RequestTarget {
    /// Reads a Target: the parts as libcurl's parser gave them.
    init(_ json: JSONValue?, _ name: String) throws(JSONFailure) {
        guard let json, let scheme = Scheme(rawValue: try json.text("scheme")),
            let port = json["port"]?.integer.flatMap({ UInt16(exactly: $0) })
        else { throw .member(name) }
        let path = try json.text("path", limit: 32_768)
        self.init(scheme: scheme, host: try json.text("host", limit: 256), port: port, path: path.isEmpty ? "/" : path)
    }
}
