import Model
import Testing

@testable import JOSE

struct JWSVectorTests {
    /// The examples of RFC 7515, 7520 and 8037: each is verified, and made again where the signature has no chance in it.
    @Test func examplesOfTheStandards() throws {
        let rows = try vectorRows("jose-rfc.jsonl")
        #expect(rows.count == 9)
        for row in rows {
            let name = try row.text("from")
            let message = try #require(row["jws"]?.secret)
            let key = try JWK(try #require(row["key"]))
            let verified = try JWS(message).verified(by: JWKSet([key]))
            let dot = try #require(
                message.withBytes { bytes in bytes.indices.first { bytes[$0] == UInt8(ascii: ".") } })
            let header = try #require(Base64.decode(message.copy(0..<dot), .url))
            let again = try #require(JWS.sign(verified.payload, header: header, by: key, verified.algorithm))
            if [.hs256, .rs256, .edDSA].contains(verified.algorithm) { #expect(again == message, "\(name)") }
            _ = try JWS(again).verified(by: JWKSet([key]))
        }
    }

    /// Wycheproof's rows. Three contradict themselves or the standard:
    /// 367 and 370 are "invalid" and byte for byte the message and key of 357, which is "valid" (C2SP/wycheproof 236);
    /// 373 is "valid", but has a `?` in its payload (RFC 7515, 2 and 5.2), and its code is that of the message without.
    @Test func wycheproof() throws {
        let rows = try vectorRows("jws.jsonl")
        #expect(rows.count == 272)
        for row in rows {
            let id = try #require(row["id"]?.integer)
            let keys = try JWKSet(try #require(row["key"]).source, from: .person)
            let refusal = failure(try #require(row["jws"]?.secret), keys)
            let isValid =
                switch id {
                case 367, 370: true
                case 373: false
                default: row["result"]?.string == "valid"
                }
            #expect((refusal == nil) == isValid, "row \(id), \(row["comment"]?.string ?? "")")
        }
    }

    /// RFC 7638, 3.1, and RFC 8037, A.3.
    @Test func thumbprints() throws {
        let rsa = try key(
            #"""
            {"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}
            """#)
        #expect(rsa.thumbprint == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs")
        #expect(rsa.id == "2011-04-29")
        #expect(
            try key(from: "RFC 8037, A.4").thumbprint == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
        #expect(try key(from: "RFC 7515, A.1").thumbprint == nil)
    }
}
