import Model
import Testing

@testable import Daemon

/// Design, section 3: "The transport must prove the origin".
struct TransportProofTests {
    private func objection(
        _ url: String, insecure: Bool = false, _ edit: (inout AttachQuestion) -> Void = { _ in }
    ) throws -> AttachReason? {
        let session = try entry("s", [url.hasPrefix("http:") ? "http://127.0.0.1" : "https://api.example.com"]) {
            $0.settings.insecure = insecure
        }
        var question = AttachQuestion(about: try target(url))
        edit(&question)
        return TransportProof.objection(question, session.session)
    }

    @Test func httpsWantsVerification() throws {
        #expect(try objection("https://api.example.com/") == nil)
        #expect(try objection("https://api.example.com/") { $0.isVerified = false } == .unverified)
        #expect(try objection("https://api.example.com/", insecure: true) { $0.isVerified = false } == nil)
        // A tunnel or another address changes nothing: TLS proves where it ends.
        #expect(
            try objection("https://api.example.com/") {
                $0.isProxied = true
                $0.peer = "192.0.2.1"
                $0.peerPort = 3128
            } == nil)
    }

    @Test(arguments: ["http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://127.1/", "http://2130706433/"])
    func plainLoopbackWantsALoopbackPeerAndTheURLsPort(_ url: String) throws {
        #expect(try objection(url) == nil)
        #expect(try objection(url) { $0.peer = "::1" } == nil)
        #expect(try objection(url) { $0.peer = "192.0.2.1" } == .notLoopback)
        #expect(try objection(url) { $0.peer = "127.0.0.1.example.com" } == .notLoopback)
        #expect(try objection(url) { $0.peerPort = 81 } == .notLoopback)
        #expect(try objection(url) { $0.isProxied = true } == .proxy)
        #expect(try objection(url) { $0.peer = nil } == .unixSocket)
        // An insecure session lifts the check of certificates, and no other.
        #expect(try objection(url, insecure: true) { $0.isProxied = true } == .proxy)
    }

    @Test func plainHTTPToAnotherHostTakesNoDetourButToThisMachine() throws {
        #expect(try objection("http://intranet.example.com/") { $0.peer = "192.0.2.1" } == nil)
        #expect(try objection("http://intranet.example.com/") { $0.isProxied = true } == .proxy)
        #expect(try objection("http://intranet.example.com/") { $0.peerPort = 8080 } == .notLoopback)
        #expect(try objection("http://intranet.example.com/") { $0.peer = nil } == .unixSocket)
        // curl --connect-to ::127.0.0.1:8080
        func detour(_ url: String, to peer: String, _ port: UInt16) throws -> AttachReason? {
            try objection(url) { ($0.peer, $0.peerPort, $0.isDetoured) = (peer, port, true) }
        }
        #expect(try detour("http://intranet.example.com/", to: "127.0.0.1", 8080) == nil)
        #expect(try detour("http://intranet.example.com/", to: "::1", 80) == nil)
        #expect(try detour("http://intranet.example.com/", to: "192.0.2.1", 80) == .notLoopback)
        #expect(try detour("http://127.0.0.1/", to: "127.0.0.1", 8080) == .notLoopback)
    }

    @Test(
        arguments: [
            ("api.example.com", nil), ("API.example.com", nil), ("api.example.com:443", nil),
            ("api.example.com:8443", .hostHeader), ("evil.example.net", .hostHeader), ("", .hostHeader),
            ("api.example.com.", .hostHeader), ("api.example.com, evil.example.net", .hostHeader),
        ] as [(String, AttachReason?)])
    func theHostHeaderIsTheURLs(_ host: String, _ reason: AttachReason?) throws {
        #expect(try objection("https://api.example.com/") { $0.host = host } == reason)
    }

    @Test func aHostHeaderWithoutThePortIsTheDefaultPort() throws {
        #expect(try objection("https://api.example.com:8443/") { $0.host = "api.example.com:8443" } == nil)
        #expect(try objection("https://api.example.com:8443/") { $0.host = "api.example.com" } == .hostHeader)
    }

    @Test(arguments: ["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1"])
    func loopbackAddresses(_ address: String) { #expect(LoopbackAddress.isAddress(address)) }

    @Test(arguments: ["128.0.0.1", "127.0.0", "127.0.0.256", "localhost", "0.0.0.0", "::", "::2", "", "127.0.0.1 "])
    func otherAddresses(_ address: String) { #expect(!LoopbackAddress.isAddress(address)) }
}
