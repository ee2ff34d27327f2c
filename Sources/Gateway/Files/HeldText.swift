import Crypto
import NIOCore

/// A text that is made for an answer and too large to be written at once.
final class HeldText: Sendable {
    let bytes: ByteBuffer
    /// SHA-256, 64 hexadecimal digits.
    let digest: String

    init(_ bytes: [UInt8]) {
        self.bytes = ByteBuffer(bytes: bytes)
        digest = SHA256.hash(data: bytes).hex
    }
}
