import Model
import Testing

@testable import JOSE

struct JWKTests {
    private static let x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
    private static let y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
    private static let ed = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    private static let secret = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

    /// An RSA modulus of this many bits, which nobody has the factors of.
    private static func modulus(_ bits: Int) -> String {
        var bytes = [UInt8](repeating: 0xA5, count: (bits + 7) / 8)
        bytes[0] = UInt8(truncatingIfNeeded: 1 << ((bits - 1) % 8))
        return Base64.encode(SecretBytes(bytes), .url).exposedText() ?? ""
    }

    private func refusal(_ json: String) throws -> JWKFailure? {
        let value = try JSONDocument(SecretBytes(json)).root
        do throws(JWKFailure) {
            _ = try JWK(value)
            return nil
        } catch { return error }
    }

    @Test(arguments: [(512, false), (1024, false), (2047, false), (2048, true), (8192, true), (8193, false)])
    func rsaSizes(_ bits: Int, _ isTaken: Bool) throws {
        let refused = try refusal(#"{"kty":"RSA","n":"\#(Self.modulus(bits))","e":"AQAB"}"#)
        #expect(refused == (isTaken ? nil : .size(bits: bits)))
    }

    /// A modulus that is too long is not even looked at.
    @Test func hugeModulus() throws {
        #expect(try refusal(#"{"kty":"RSA","n":"\#(Self.modulus(400_000))","e":"AQAB"}"#) == .member("n"))
    }

    @Test(arguments: ["AQ", "Ag", "AA", "", "BAAA", "____________________", "AQAB="])
    func rsaExponents(_ exponent: String) throws {
        #expect(try refusal(#"{"kty":"RSA","n":"\#(Self.modulus(2048))","e":"\#(exponent)"}"#) == .member("e"))
    }

    /// RFC 7518, 6.3.1.1 forbids the zero before a modulus; servers write it, and it changes nothing.
    @Test func aZeroBeforeTheModulus() throws {
        let bytes = [0] + [UInt8](repeating: 0xA5, count: 256)
        let text = Base64.encode(SecretBytes(bytes), .url).exposedText() ?? ""
        let plain = Base64.encode(SecretBytes(bytes.dropFirst()), .url).exposedText() ?? ""
        let key = try key(#"{"kty":"RSA","n":"\#(text)","e":"AAEAAQ"}"#)
        #expect(key.thumbprint == (try JOSETests.key(#"{"kty":"RSA","n":"\#(plain)","e":"AQAB"}"#)).thumbprint)
    }

    @Test(arguments: [
        (#"{"kty":"EC","crv":"P-256","x":"\#(x)","y":"\#(x)"}"#, JWKFailure.member("x")),
        (#"{"kty":"EC","crv":"P-256","x":"\#(secret)","y":"\#(secret)"}"#, .member("x")),
        (#"{"kty":"EC","crv":"P-256","x":"\#(x)"}"#, .member("y")),
        (#"{"kty":"EC","crv":"P-256","x":"\#(x)AA","y":"\#(y)"}"#, .member("x")),
        (#"{"kty":"EC","crv":"P-256","x":"g83O","y":"\#(y)"}"#, .member("x")),
        (#"{"kty":"EC","crv":"P-384","x":"\#(x)","y":"\#(y)"}"#, .member("x")),
        (#"{"kty":"EC","crv":"secp256k1","x":"\#(x)","y":"\#(y)"}"#, .unknownType("secp256k1")),
        (#"{"kty":"EC","x":"\#(x)","y":"\#(y)"}"#, .unknownType("EC")),
        (#"{"kty":"EC","crv":"P-256","x":"\#(x)","y":"\#(y)","d":"\#(ed)"}"#, .member("d")),
        (#"{"kty":"EC","crv":"P-256","x":"\#(x)","y":"\#(y)","d":"\#(secret)"}"#, .member("d")),
        (#"{"kty":"OKP","crv":"Ed25519","x":"\#(ed)AA"}"#, .member("x")),
        (#"{"kty":"OKP","crv":"Ed25519","x":"\#(ed)","d":"\#(secret)"}"#, .member("d")),
        (#"{"kty":"OKP","crv":"X25519","x":"\#(ed)"}"#, .unknownType("X25519")),
        (#"{"kty":"oct"}"#, .member("k")), (#"{"kty":"oct","k":""}"#, .member("k")),
        (#"{"kty":"oct","k":7}"#, .member("k")), (#"{"kty":"oct","k":"AAA="}"#, .member("k")),
        (#"{"kty":"AKP"}"#, .unknownType("AKP")), (#"{"kty":7}"#, .notAKey), ("{}", .notAKey), ("[]", .notAKey),
        (#"{"kty":"oct","k":"\#(secret)","k":"\#(secret)"}"#, .twice("k")),
        (#"{"kty":"oct","kty":"RSA","k":"\#(secret)"}"#, .twice("kty")),
        (#"{"kty":"oct","k":"\#(secret)","key_ops":"verify"}"#, .member("key_ops")),
        (#"{"kty":"oct","k":"\#(secret)","key_ops":[7]}"#, .member("key_ops")),
        (#"{"kty":"oct","k":"\#(secret)","key_ops":["verify","verify"]}"#, .member("key_ops")),
        (#"{"kty":"oct","k":"\#(secret)","kid":7}"#, .member("kid")),
        (#"{"kty":"oct","k":"\#(secret)","alg":null}"#, .member("alg")),
        (#"{"kty":"oct","k":"\#(secret)","use":["sig"]}"#, .member("use")),
    ])
    func refused(_ json: String, _ expected: JWKFailure) throws {
        #expect(try refusal(json) == expected)
    }

    /// What a key says that it is for (RFC 7517, 4.2 to 4.4).
    @Test(arguments: [
        ("", true), (#","use":"sig""#, true), (#","use":"enc""#, false), (#","use":"tls""#, false),
        (#","alg":"ES256""#, true), (#","alg":"ES384""#, false), (#","alg":"ECDH-ES""#, false),
        (#","alg":"ECDH-ES+A128KW""#, false), (#","alg":"ES521""#, true), (#","key_ops":["verify"]"#, true),
        (#","key_ops":["sign"]"#, false), (#","key_ops":["encrypt","deriveKey"]"#, false), (#","key_ops":[]"#, false),
        (#","key_ops":["sign","verify"],"use":"sig""#, true), (#","key_ops":["verify"],"use":"enc""#, false),
    ])
    func whatAKeyIsFor(_ members: String, _ serves: Bool) throws {
        let key = try key(#"{"kty":"EC","crv":"P-256","x":"\#(Self.x)","y":"\#(Self.y)"\#(members)}"#)
        #expect(key.serves(.es256, for: .verify) == serves)
        for other in JWSAlgorithm.allCases where other != .es256 { #expect(!key.serves(other, for: .verify)) }
    }

    /// RFC 7518, 3.2.
    @Test func aSecretIsAsLongAsTheHash() throws {
        let key = try key(#"{"kty":"oct","k":"\#(Self.secret)"}"#)
        #expect(key.serves(.hs256, for: .verify))
        #expect(!key.serves(.hs384, for: .verify))
        #expect(!JWK(clientSecret: SecretBytes("short")).serves(.hs256, for: .sign))
    }

    @Test func aPublishedKeyShowsNoPrivatePart() throws {
        let key = try key(from: "RFC 7515, A.3")
        var json = JSONWriter()
        json.object { key.writePublicKey("jwk", &$0) }
        let text = json.finish().exposedText() ?? ""
        #expect(text == #"{"jwk":{"crv":"P-256","kty":"EC","x":"\#(Self.x)","y":"\#(Self.y)"}}"#)
        var nothing = JSONWriter()
        nothing.object { JWK(clientSecret: SecretBytes("secret")).writePublicKey("jwk", &$0) }
        #expect(nothing.finish().exposedText() == "{}")
    }
}

struct JWKSetTests {
    private static let secret = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
    private static let p256 =
        #""kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0""#

    private func set(_ json: String, from source: JWKSet.Source = .issuer) throws -> JWKSet {
        try JWKSet(SecretBytes(json), from: source)
    }

    @Test(arguments: [
        "", "{}", "[]", "7", #"{"keys":{}}"#, #"{"keys":null}"#, #"{"keys":[],"keys":[]}"#, #"{"keys":[]"#,
        #"{"jwks":[]}"#, "<html>",
    ])
    func noSet(_ json: String) {
        #expect(throws: JWKSetFailure.notASet) { try set(json) }
    }

    @Test func bounded() throws {
        let many = Array(repeating: "7", count: JWKSet.mostKeys + 1).joined(separator: ",")
        #expect(throws: JWKSetFailure.tooManyKeys) { try set(#"{"keys":[\#(many)]}"#) }
        let deep = String(repeating: "[", count: 10_000)
        #expect(throws: JWKSetFailure.notASet) { try set(#"{"keys":\#(deep)"#) }
    }

    /// RFC 7517, 5: keys that cannot be used are left out, and the others are used.
    @Test func keysThatCannotBeUsed() throws {
        let keys = try set(
            #"{"keys":[7,{},{"kty":"RSA","n":"qqo","e":"AQAB"},{"kty":"oct","k":"\#(Self.secret)"},{\#(Self.p256)},{"kty":"AKP"}],"x":1}"#
        )
        #expect(keys.keys.count == 1)
        #expect(keys.unusable == [.notAKey, .notAKey, .size(bits: 16), .secret, .unknownType("AKP")])
    }

    /// A secret that a server publishes is none; nor is a private key.
    @Test func secretsAreThePersonsAlone() throws {
        let json = #"{"kty":"oct","k":"\#(Self.secret)"}"#
        #expect(try set(json).unusable == [.secret])
        #expect(try set(json, from: .person).keys.count == 1)
        let own = #"{\#(Self.p256),"d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}"#
        #expect(try set(own).unusable == [.secret])
        #expect(try set(own, from: .person).keys.count == 1)
    }

    /// Which key it is; `kid-absent-single-jwks` and `kid-absent-multiple-jwks` among them.
    @Test func theHeaderNamesTheKey() throws {
        let mine = try key(from: "RFC 7515, A.3")
        let plain = try signed("x", by: mine, .es256)
        let named = try signed("x", by: mine, .es256) { $0.member("kid", "a") }
        let other =
            #""kty":"EC","crv":"P-256","x":"cNoCzyOJM488bjKBVHt5l_ZLeJVc0MznCQTwJlkzXa0","y":"r8PeoJDruknfmuGCQLn_UjS1Xk078kVZAfT0K3Res0Q""#
        let (a, b) = (#"{"kid":"a",\#(Self.p256)}"#, #"{"kid":"b",\#(other)}"#)
        #expect(failure(plain, try set(#"{"keys":[\#(a)]}"#)) == nil)
        #expect(failure(plain, try set(#"{"keys":[\#(a),\#(b)]}"#)) == .ambiguousKey)
        #expect(failure(plain, try set(#"{"keys":[\#(a),{"kty":"RSA"},{"kid":"b","use":"enc",\#(other)}]}"#)) == nil)
        #expect(failure(named, try set(#"{"keys":[\#(b),\#(a)]}"#)) == nil)
        #expect(failure(named, try set(#"{"keys":[\#(b)]}"#)) == .unknownKey("a"))
        #expect(failure(named, try set(#"{"keys":[{\#(Self.p256)}]}"#)) == nil)
        #expect(failure(named, try set(#"{"keys":[{"kid":"a",\#(other)}]}"#)) == .signature(named: true))
        #expect(failure(named, try set(#"{"keys":[{"kid":"a","use":"enc",\#(Self.p256)}]}"#)) == .unsuitableKey)
        #expect(failure(named, try set(#"{"keys":[]}"#)) == .unknownKey("a"))
        #expect(failure(plain, try set(#"{"keys":[]}"#)) == .unknownKey(nil))
    }

    /// `signing-key-rotation` and `signing-key-rotation-just-before-signing`: one request for an unknown key, once a minute.
    @Test func rotation() throws {
        let unknown = JWSFailure.unknownKey("new")
        var keys = IssuerKeys(JWKSet([]))
        func asksAgain(_ failure: JWSFailure, _ now: BootInstant) -> Bool { keys.asksAgain(after: failure, now: now) }
        let start = BootInstant(nanoseconds: 1_000_000_000)
        #expect(!asksAgain(.signature(named: true), start))
        #expect(!asksAgain(.notCompact, start))
        #expect(!asksAgain(.algorithm("none"), start))
        // Right after the first request, since a server may have changed its keys meanwhile.
        #expect(asksAgain(unknown, start))
        #expect(!asksAgain(unknown, start + 59))
        #expect(!asksAgain(.signature(named: false), start + 59))
        #expect(asksAgain(unknown, start + 60))
        let mine = try key(from: "RFC 7515, A.3")
        keys.replace(with: JWKSet([mine]))
        #expect(failure(try signed("x", by: mine, .es256), keys.keys) == nil)
        #expect(asksAgain(.signature(named: false), start + 120))
    }
}
