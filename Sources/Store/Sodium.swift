import CSodium
import Model

/// The primitives of libsodium that the store uses, over secret memory. All sizes in bytes.
///
/// Every pointer handed to C below is that of a Swift buffer, with its own length, and C keeps none of them.
enum Sodium {
    static let keySize = 32
    static let nonceSize = 24
    static let tagSize = 16
    static let saltSize = 16

    /// Makes libsodium ready, once; its random numbers and its choice of code for this processor need that.
    private static let ready: Void = {
        // It fails only where the kernel gives no random numbers: then nothing may be sealed.
        precondition(sodium_init() >= 0, "libsodium does not start")
    }()

    static func randomBytes(_ count: Int) -> [UInt8] {
        _ = ready
        var bytes = [UInt8](repeating: 0, count: count)
        unsafe lanyard_random(&bytes, count)
        return bytes
    }

    static func randomKey() -> SecretBytes {
        _ = ready
        return unsafe SecretBytes(capacity: keySize) { room in
            unsafe lanyard_random(room.baseAddress, keySize)
            return keySize
        }
    }

    /// BLAKE2b (RFC 7693); with a key, a message authentication code.
    static func hash(_ bytes: some Collection<UInt8>, length: Int, key: SecretBytes? = nil) -> [UInt8] {
        _ = ready
        let input = Array(bytes)
        var digest = [UInt8](repeating: 0, count: length)
        // It fails only for lengths out of its range (16 to 64), which ours are not.
        let result =
            if let key {
                unsafe key.withUnsafeBytes { key in
                    unsafe lanyard_blake2b(&digest, length, input, input.count, key.baseAddress, key.count)
                }
            } else {
                unsafe lanyard_blake2b(&digest, length, input, input.count, nil, 0)
            }
        precondition(result == 0, "BLAKE2b was given a length out of its range")
        return digest
    }

    /// The key `number` for the purpose that `context`, eight bytes, names, from a key that is used for nothing else.
    static func derive(_ number: UInt64, context: StaticString, from key: SecretBytes) -> SecretBytes {
        _ = ready
        precondition(context.utf8CodeUnitCount == 8 && key.count == keySize, "a context has 8 bytes, a key 32")
        return unsafe SecretBytes(capacity: keySize) { room in
            unsafe key.withUnsafeBytes { key in
                // It fails only for a length out of its range.
                _ = unsafe lanyard_derive(room.baseAddress, number, context.utf8Start, key.baseAddress)
            }
            return keySize
        }
    }

    /// XChaCha20-Poly1305: appends `plain`, sealed, and its tag to `output`. No nonce may be used twice with a key.
    static func seal(
        _ plain: SecretBytes, nonce: [UInt8], binding data: [UInt8], key: SecretBytes, into output: inout [UInt8]
    ) {
        _ = ready
        precondition(nonce.count == nonceSize && key.count == keySize, "a nonce has 24 bytes, a key 32")
        let start = output.count
        output.append(contentsOf: repeatElement(0, count: plain.count + tagSize))
        unsafe output.withUnsafeMutableBytes { output in
            let target = unsafe output[start...]
            unsafe plain.withUnsafeBytes { plain in
                unsafe key.withUnsafeBytes { key in
                    unsafe lanyard_seal(
                        UnsafeMutableRawBufferPointer(rebasing: target).baseAddress, plain.baseAddress, plain.count,
                        data, data.count, nonce, key.baseAddress)
                }
            }
        }
    }

    /// What ``seal(_:nonce:binding:key:into:)`` made, opened; nil where anything of it is not as it was.
    static func open(
        _ sealed: ArraySlice<UInt8>, nonce: [UInt8], binding data: [UInt8], key: SecretBytes
    ) -> SecretBytes? {
        _ = ready
        guard sealed.count >= tagSize, nonce.count == nonceSize, key.count == keySize else { return nil }
        var isAuthentic = false
        let plain = unsafe SecretBytes(capacity: sealed.count - tagSize) { room in
            unsafe sealed.withUnsafeBytes { sealed in
                unsafe key.withUnsafeBytes { key in
                    let result = unsafe lanyard_open_sealed(
                        room.baseAddress, sealed.baseAddress, sealed.count, data, data.count, nonce, key.baseAddress)
                    isAuthentic = result == 0
                }
            }
            return room.count
        }
        return isAuthentic ? plain : nil
    }

    /// A key from a passphrase by Argon2id (RFC 9106), one lane. Slow, and takes `memory` bytes while it runs.
    /// Nil where there is not that much memory.
    static func stretch(_ passphrase: SecretBytes, salt: [UInt8], passes: UInt32, memory: Int) -> SecretBytes? {
        _ = ready
        precondition(salt.count == saltSize, "a salt has 16 bytes")
        var isDone = false
        let key = unsafe SecretBytes(capacity: keySize) { room in
            unsafe passphrase.withUnsafeBytes { passphrase in
                let result = unsafe lanyard_argon2id(
                    room.baseAddress, passphrase.baseAddress, passphrase.count, salt, UInt64(passes), memory)
                isDone = result == 0
            }
            return keySize
        }
        return isDone ? key : nil
    }
}
