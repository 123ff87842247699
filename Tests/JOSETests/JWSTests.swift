import Model
import Testing

@testable import JOSE

struct JWSTests {
    private static let all: [(JWSAlgorithm, String)] = [
        (.hs256, "RFC 7515, A.1"), (.hs384, "RFC 7515, A.1"), (.hs512, "RFC 7515, A.1"), (.rs256, "RFC 7515, A.2"),
        (.rs384, "RFC 7515, A.2"), (.rs512, "RFC 7515, A.2"), (.ps256, "RFC 7515, A.2"), (.ps384, "RFC 7515, A.2"),
        (.ps512, "RFC 7515, A.2"), (.es256, "RFC 7515, A.3"), (.es384, "P-384"), (.es512, "RFC 7515, A.4"),
        (.edDSA, "RFC 8037, A.4"),
    ]
    @Test(arguments: all)
    func eachAlgorithmSignsAndVerifies(_ algorithm: JWSAlgorithm, _ source: String) throws {
        let key = try key(from: source)
        let message = try signed("payload", by: key, algorithm) { $0.member("typ", "JWT") }
        let verified = try JWS(message).verified(by: JWKSet([key]), [algorithm])
        #expect(verified.payload.exposedText() == "payload")
        #expect(verified.header.root["typ"]?.string == "JWT")
        // Any change of header, payload or signature is seen, and so is another algorithm of the same kind of key.
        for index in 0..<message.count where index % 7 == 0 {
            var bytes = message.withBytes { bytes in bytes.indices.map { bytes[$0] } }
            guard bytes[index] != UInt8(ascii: ".") else { continue }
            bytes[index] = bytes[index] == UInt8(ascii: "A") ? UInt8(ascii: "Q") : UInt8(ascii: "A")
            #expect(failure(SecretBytes(bytes), JWKSet([key])) != nil, "\(algorithm), byte \(index)")
        }
        for (other, _) in Self.all where other != algorithm {
            let claimed = try relabelled(message, other)
            #expect(failure(claimed, JWKSet([key])) != nil, "\(algorithm) as \(other)")
        }
    }

    @Test func onlyAlgorithmsThatAreExpected() throws {
        let key = try key(from: "RFC 7515, A.2")
        let message = try signed("payload", by: key, .rs256)
        #expect(failure(message, JWKSet([key]), [.ps256, .es256]) == .algorithm("RS256"))
        #expect(failure(message, JWKSet([key]), []) == .algorithm("RS256"))
    }

    @Test(arguments: ["none", "None", "NONE", "", "RS257", "HS256 ", "hs256", "ES256K"])
    func unknownAlgorithms(_ name: String) throws {
        let key = try key(from: "RFC 7515, A.1")
        let header = #"{"alg":"\#(name)"}"#
        #expect(failure(try signed("payload", header: header, by: key, .hs256), JWKSet([key])) == .algorithm(name))
        let bare = Base64.encode(SecretBytes(header), .url).exposedText() ?? ""
        #expect(failure(SecretBytes(bare + ".cGF5bG9hZA."), JWKSet([key])) == .algorithm(name))
    }

    /// RFC 7515, 4.1.11: none of them is understood, and an empty or malformed `crit` is an error of its own.
    @Test(arguments: [#"["exp"],"exp":1"#, #"["b64"],"b64":false"#, "[]", "null", #""exp""#, #"["alg"]"#])
    func whatMustBeUnderstood(_ critical: String) throws {
        let key = try key(from: "RFC 7515, A.1")
        let message = try signed("payload", header: #"{"alg":"HS256","crit":\#(critical)}"#, by: key, .hs256)
        #expect(failure(message, JWKSet([key])) == .critical)
    }

    /// Keys that a message brings along are not used; with the right key they are no reason to refuse it either.
    @Test func keysInTheHeaderAreNotUsed() throws {
        let stranger = try key(from: "RFC 7515, A.3")
        let mine = try key(from: "P-256")
        let brought = try signed("payload", by: stranger, .es256) { json in
            stranger.writePublicKey("jwk", &json)
            json.member("jku", "https://attacker.example/keys")
            json.member("x5u", "https://attacker.example/certificate")
        }
        #expect(failure(brought, JWKSet([mine])) == .signature(named: false))
        #expect(failure(brought, JWKSet([])) == .unknownKey(nil))
        #expect(failure(brought, JWKSet([stranger])) == nil)
    }

    @Test(arguments: [
        #"{"alg":"HS256","alg":"HS256"}"#, #"{"alg":"HS256","kid":7}"#, #"{"alg":7}"#, "{}", "[]", "7", "",
        #"{"alg":"HS256"} {}"#, #"{"alg":"HS256","kid":null}"#, "\u{FEFF}{\"alg\":\"HS256\"}",
    ])
    func malformedHeaders(_ header: String) throws {
        let key = try key(from: "RFC 7515, A.1")
        #expect(failure(try signed("payload", header: header, by: key, .hs256), JWKSet([key])) == .header)
    }

    @Test(arguments: [
        ("", JWSFailure.notCompact), (".", .notCompact), ("...", .notCompact), ("a.b.c.d", .notCompact),
        ("....", .encrypted), ("a.b.c.d.e", .encrypted), ("e30.e30", .notCompact), ("e30=.e30.", .notCompact),
        ("e30.e3 0.", .notCompact), ("e30.e30.\n", .notCompact), ("e31.e30.", .notCompact), (" e30.e30.", .notCompact),
        ("e30.e30.c2l+", .notCompact), ("e30.e30.c2lnX", .notCompact), (#"{"payload":"e30"}"#, .notCompact),
        ("..", .header),
    ])
    func malformed(_ message: String, _ expected: JWSFailure) throws {
        #expect(failure(SecretBytes(message), JWKSet([try key(from: "RFC 7515, A.1")])) == expected)
    }

    @Test func bounded() throws {
        let key = try key(from: "RFC 7515, A.1")
        let long = try signed(String(repeating: "x", count: 50_000), by: key, .hs256)
        #expect(failure(long, JWKSet([key])) == .tooLong)
        let deep = #"{"alg":"HS256","x":"# + String(repeating: "[", count: 20_000)
        #expect(failure(try signed("payload", header: deep, by: key, .hs256), JWKSet([key])) == .header)
    }

    /// ECDSA signatures are as long as two numbers of the curve (RFC 7518, 3.4), never DER; Ed25519's are 64 bytes.
    @Test(arguments: [("RFC 7515, A.3", JWSAlgorithm.es256), ("RFC 7515, A.4", .es512), ("RFC 8037, A.4", .edDSA)])
    func signaturesOfAnotherLength(_ source: String, _ algorithm: JWSAlgorithm) throws {
        let key = try key(from: source)
        let message = try signed("payload", by: key, algorithm)
        let jws = try JWS(message)
        let input = jws.signingInput.exposedText() ?? ""
        let signature = jws.signature.withBytes { bytes in bytes.indices.map { bytes[$0] } }
        let der: [UInt8] = [0x30, UInt8(truncatingIfNeeded: signature.count)] + signature
        for other in [[], Array(signature.dropLast()), signature + [0], [0] + signature, der] {
            let text = Base64.encode(SecretBytes(other), .url).exposedText() ?? ""
            #expect(failure(SecretBytes(input + "." + text), JWKSet([key])) == .signature(named: false))
        }
    }

    @Test func keysThatMayNotSign() throws {
        #expect(JWS.sign(SecretBytes("x"), by: try key(from: "RFC 7515, A.2"), .es256) == nil)
        #expect(JWS.sign(SecretBytes("x"), by: try key(from: "RFC 7515, A.1"), .rs256) == nil)
        let published = try key(#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#)
        #expect(JWS.sign(SecretBytes("x"), by: published, .edDSA) == nil)
        let verifying = try key(
            #"{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow","key_ops":["verify"]}"#
        )
        #expect(JWS.sign(SecretBytes("x"), by: verifying, .hs256) == nil)
    }

    /// The message with another `alg` in its header, and its signature as it was.
    private func relabelled(_ message: SecretBytes, _ algorithm: JWSAlgorithm) throws -> SecretBytes {
        let text = message.exposedText() ?? ""
        let header = Base64.encode(SecretBytes(#"{"alg":"\#(algorithm.rawValue)"}"#), .url).exposedText() ?? ""
        return SecretBytes(header + text.drop { $0 != "." })
    }
}
