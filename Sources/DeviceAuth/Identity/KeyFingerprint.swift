import Crypto

/// The SHA-256 digest of a public key, taken over the DER of its SubjectPublicKeyInfo.
///
/// It is what `openssl x509 -pubkey -noout | openssl pkey -pubin -outform DER | sha256sum` prints, and what a device is pinned to.
public struct KeyFingerprint: Hashable, Sendable {
    /// The digest as 64 lower-case hexadecimal digits.
    public let hex: String

    /// Accepts exactly 64 lower-case hexadecimal digits.
    ///
    /// - Throws: ``DeviceAuthError`` with code ``DeviceAuthError/Code/fingerprintInvalid``.
    public init(hex: String) throws(DeviceAuthError) {
        // One spelling only: fingerprints are compared and stored as text.
        let isLowerCaseHex = hex.utf8.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
        }
        guard hex.utf8.count == 64, isLowerCaseHex else {
            throw DeviceAuthError(
                .fingerprintInvalid,
                "\(quoted(hex)) is not a key fingerprint: give the SHA-256 as 64 lower-case hexadecimal digits"
            )
        }
        self.hex = hex
    }

    init(subjectPublicKeyInfo der: some Sequence<UInt8>) {
        hex = Hexadecimal.text(SHA256.hash(data: Array(der)))
    }
}

extension KeyFingerprint: CustomStringConvertible {
    public var description: String { hex }
}
