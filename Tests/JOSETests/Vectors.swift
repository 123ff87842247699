import Glibc
import Model

@testable import JOSE

/// The rows of a file in Tests/Vectors.
func vectorRows(_ name: String, testFile: String = #filePath) throws -> [JSONValue] {
    var path = testFile
    for _ in 0..<2 { path.removeSubrange((path.lastIndex(of: "/") ?? path.startIndex)...) }
    // The path and the mode are NUL-terminated by Swift for the call; a missing file has no rows, which a test sees.
    guard let file = unsafe fopen(path + "/Vectors/" + name, "r") else { return [] }
    // Closed once, when nothing uses it any more.
    defer { unsafe _ = fclose(file) }
    var text: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 65_536)
    while true {
        // At most `part`'s bytes are written.
        let count = unsafe fread(&part, 1, part.count, file)
        if count == 0 { break }
        text += part[..<count]
    }
    return try text.split(separator: UInt8(ascii: "\n")).map { try JSONDocument(SecretBytes($0)).root }
}

/// The key of an object in JSON.
func key(_ json: String) throws -> JWK { try JWK(try JSONDocument(SecretBytes(json)).root) }

/// Keys that were made for the tests.
private let ownKeys = [
    "P-256":
        #"{"kty":"EC","crv":"P-256","x":"cNoCzyOJM488bjKBVHt5l_ZLeJVc0MznCQTwJlkzXa0","y":"r8PeoJDruknfmuGCQLn_UjS1Xk078kVZAfT0K3Res0Q","d":"AAAAAAAAAAASNFZ4kKvN7xI0VniQq83vEjRWeJCrze8"}"#,
    "P-384":
        #"{"kty":"EC","crv":"P-384","x":"Dipt7J0rZgaPRNZiMDFkaPh5BisAYvbmTIEmPu8nyAmAwrnd0ENMAr1aN1mwaZIP","y":"a585Z7eM1-ZFMqGWEzPfKwwLtJNdl1UklxZWGH3CUTvngKChG4VUmQQ5YsNfkLMI","d":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEjRWeJCrze8SNFZ4kKvN7xI0VniQq83v"}"#,
]

/// The published key of a row of `jose-rfc.jsonl`, or one that was made for the tests.
func key(from source: String) throws -> JWK {
    if let own = ownKeys[source] { return try key(own) }
    for row in try vectorRows("jose-rfc.jsonl") where row["from"]?.string == source {
        guard let json = row["key"] else { break }
        return try JWK(json)
    }
    throw JWKFailure.notAKey
}

/// A message under a key of the tests.
func signed(
    _ payload: String, by key: JWK, _ algorithm: JWSAlgorithm, writeHeader: (inout JSONWriter) -> Void = { _ in }
) throws -> SecretBytes {
    guard let message = JWS.sign(SecretBytes(payload), by: key, algorithm, writeHeader: writeHeader) else {
        throw JWSFailure.unsuitableKey
    }
    return message
}

/// A message with this header, whatever it says, under a key of the tests.
func signed(_ payload: String, header: String, by key: JWK, _ algorithm: JWSAlgorithm) throws -> SecretBytes {
    guard let message = JWS.sign(SecretBytes(payload), header: SecretBytes(header), by: key, algorithm) else {
        throw JWSFailure.unsuitableKey
    }
    return message
}

/// Why a message is refused; nil where it is not.
func failure(
    _ message: SecretBytes, _ keys: JWKSet, _ algorithms: Set<JWSAlgorithm> = Set(JWSAlgorithm.allCases)
) -> JWSFailure? {
    do throws(JWSFailure) {
        _ = try JWS(message).verified(by: keys, algorithms)
        return nil
    } catch { return error }
}
