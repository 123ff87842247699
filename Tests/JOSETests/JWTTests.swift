import Model
import Testing

@testable import JOSE

struct JWTTests {
    private func token(_ header: String, _ claims: String, signature: String = "c2ln") -> SecretBytes {
        var text = SecretBuffer()
        text.append(Base64.encode(SecretBytes(header), .url))
        text.append(".")
        text.append(Base64.encode(SecretBytes(claims), .url))
        text.append("." + signature)
        return text.take()
    }

    /// RFC 7519, 3.1.
    @Test func exampleOfTheStandard() throws {
        let token = SecretBytes(
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
                + ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
                + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
        let jwt = try #require(JWT.decode(token))
        #expect(jwt.algorithm == "HS256")
        #expect(jwt.issuer == "joe")
        #expect(jwt.expires?.rfc3339 == "2011-03-22T18:43:00Z")
        #expect(jwt.lifetime == nil)
        #expect(jwt.claims.root["http://example.com/is_root"]?.bool == true)
    }

    @Test func claims() throws {
        let claims = #"{"sub":"4711","aud":["a","b"],"iat":1000.9,"nbf":1000,"exp":1300.5}"#
        let jwt = try #require(JWT.decode(token(#"{"alg":"RS256"}"#, claims)))
        #expect(jwt.subject == "4711")
        #expect(jwt.audiences == ["a", "b"])
        #expect(jwt.issued?.seconds == 1000)
        #expect(jwt.notBefore?.seconds == 1000)
        #expect(jwt.lifetime == 300)
        let one = try #require(JWT.decode(token(#"{"alg":"none"}"#, #"{"aud":"a"}"#, signature: "")))
        #expect(one.audiences == ["a"])
        #expect(one.expires == nil)
    }

    @Test(arguments: [
        #"{"exp":1e300}"#, #"{"exp":-1e300}"#, #"{"exp":"1300"}"#, #"{"exp":null}"#, #"{"exp":[]}"#,
        #"{"exp":99999999999999999999}"#, "{}",
    ])
    func noUsableExpiry(_ claims: String) throws {
        let jwt = try #require(JWT.decode(token(#"{"alg":"HS256"}"#, claims)))
        #expect(jwt.expires == nil)
        #expect(jwt.lifetime == nil)
    }

    @Test func endsBeforeItBegins() throws {
        let jwt = try #require(JWT.decode(token(#"{"alg":"HS256"}"#, #"{"iat":2000,"exp":1000}"#)))
        #expect(jwt.lifetime == nil)
        #expect(jwt.expires?.seconds == 1000)
    }

    @Test(arguments: [
        "", ".", "..", "...", "opaque", "a.b", "e30.e30", "e30.e30.", "e30.e30.e30", "eyJhbGciOiJIUzI1NiJ9..",
        "eyJhbGciOiJIUzI1NiJ9.e30.c2ln.x", "eyJhbGciOiJIUzI1NiJ9.e30.c2ln=", "eyJhbGciOiJIUzI1NiJ9.e30. c2ln",
        "eyJhbGciOiJIUzI1NiJ9.e31.c2ln", "eyJhbGciOiJIUzI1NiJ9.W10.c2ln", "W10.e30.c2ln", "eyJhbGciOjF9.e30.c2ln",
        "v2.local.e30",
    ])
    func noToken(_ text: String) {
        #expect(JWT.decode(SecretBytes(text)) == nil)
    }

    @Test func bounded() {
        let small = token(#"{"alg":"HS256"}"#, #"{"x":"\#(String(repeating: "x", count: 40_000))"}"#)
        #expect(JWT.decode(small) != nil)
        let large = token(#"{"alg":"HS256"}"#, #"{"x":"\#(String(repeating: "x", count: 50_000))"}"#)
        #expect(JWT.decode(large) == nil)
        let deep = String(repeating: "[", count: 20_000)
        #expect(JWT.decode(token(#"{"alg":"HS256"}"#, "{\"x\":" + deep)) == nil)
    }
}

struct Base64Tests {
    /// RFC 4648, 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func published(_ bytes: String, _ text: String) {
        #expect(Base64.encode(SecretBytes(bytes), .standard).exposedText() == text)
        #expect(Base64.decode(SecretBytes(text), .standard)?.exposedText() == bytes)
        let unpadded = String(text.prefix { $0 != "=" })
        #expect(Base64.encode(SecretBytes(bytes), .url).exposedText() == unpadded)
        #expect(Base64.decode(SecretBytes(unpadded), .url)?.exposedText() == bytes)
    }

    @Test func everyByte() {
        for length in 0..<260 {
            let bytes = SecretBytes((0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ length) })
            for alphabet in [Base64.Alphabet.standard, .url] {
                #expect(Base64.decode(Base64.encode(bytes, alphabet), alphabet) == bytes)
            }
        }
    }

    @Test func alphabetsAreKeptApart() {
        let bytes = SecretBytes([0xFB, 0xFF, 0xFE])
        #expect(Base64.encode(bytes, .standard).exposedText() == "+//+")
        #expect(Base64.encode(bytes, .url).exposedText() == "-__-")
        #expect(Base64.decode(SecretBytes("+//+"), .url) == nil)
        #expect(Base64.decode(SecretBytes("-__-"), .standard) == nil)
    }

    @Test(arguments: [
        "Z", "Zg", "Zg=", "Zh==", "Zg===", "=", "==", "====", "Zm9=", "Zg==Zg==", "Z g=", "Zm9v\n", "Zm\u{e9}v",
    ])
    func refusedStandard(_ text: String) {
        #expect(Base64.decode(SecretBytes(text), .standard) == nil)
    }

    @Test(arguments: ["Z", "Zg==", "Zh", "Zm9", "Zm9v=", "Zm9v "])
    func refusedURL(_ text: String) {
        #expect(Base64.decode(SecretBytes(text), .url) == nil)
    }
}
