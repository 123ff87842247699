import JOSE
import Model

/// Keys of each kind; the messages among the seeds are theirs. Made once, before the first input.
private let keys: JWKSet? = try? JWKSet(
    SecretBytes(
        #"""
        {"keys":[
        {"kid":"oct","kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"},
        {"kid":"ec","kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},
        {"kid":"ed","kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}
        """#), from: .person)

/// Reads any bytes as a token: as one to look into, as a signed message, and as an ID token.
///
/// Nothing may trap, and no two texts stand for the same bytes.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJWS(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    // libFuzzer lends `size` bytes for this call.
    let input = unsafe SecretBytes(UnsafeBufferPointer(start: data, count: size))
    guard let keys else { return -1 }
    if let jwt = JWT.decode(input) {
        _ = (jwt.issuer, jwt.subject, jwt.audiences, jwt.expires, jwt.notBefore, jwt.issued, jwt.lifetime)
    }
    for alphabet in [Base64.Alphabet.standard, .url] {
        guard let bytes = Base64.decode(input, alphabet) else { continue }
        precondition(Base64.encode(bytes, alphabet) == input, "two texts of the same bytes")
    }
    if let verified = try? JWS(input).verified(by: keys), let claims = try? verified.claims() {
        try? claims.check(issuer: "joe", audience: "a", now: WallInstant(seconds: 1_300_819_380))
    }
    let expected = IDToken.Expectation(issuer: "joe", clientID: "client", nonce: "n", accessToken: input)
    _ = try? IDToken(verifying: input, for: expected, keys: keys, now: WallInstant(seconds: 1_300_819_380))
    return 0
}
