import JOSE
import Model

/// Reads any bytes as a set of keys.
///
/// Nothing may trap; no secret comes from an issuer; and what is shown of a key is that key, and no more.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJWKSet(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    // libFuzzer lends `size` bytes for this call.
    let input = unsafe SecretBytes(UnsafeBufferPointer(start: data, count: size))
    guard let published = try? JWKSet(input, from: .issuer), let own = try? JWKSet(input, from: .person) else {
        return 0
    }
    precondition(published.keys.allSatisfy { $0.type != .secret }, "a secret of an issuer's")
    precondition(own.keys.count >= published.keys.count, "a key that the person may not have")
    for key in own.keys {
        var json = JSONWriter()
        json.object { key.writePublicKey("jwk", &$0) }
        guard let shown = try? JSONDocument(json.finish()).root["jwk"] else {
            precondition(key.type == .secret, "a key that is not shown")
            continue
        }
        let again = try? JWK(shown)
        precondition(again?.thumbprint == key.thumbprint, "another key than was read")
        precondition(shown["d"] == nil, "the private part of a key")
        _ = JWS.sign(input, by: key, .es256)
    }
    return 0
}
