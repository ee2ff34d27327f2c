import Crypto
import CryptoExtras
import FoundationEssentials

/// A key with which an account signs assertions, as an account-key assertion holds it. Source: snapd, `asserts`, type `account-key`.
///
/// Who may have the assertion is for the operator to say: its own signature and its `until` are not looked at.
public struct AssertionKey: Sendable {
    /// `public-key-sha3-384` here, `sign-key-sha3-384` in what it signed.
    public let id: SnapDigest
    public let account: BrandID
    private let key: _RSA.Signing.PublicKey
    private let length: Int

    /// - Throws: ``SnapsError/Code/assertionInvalid`` and what the names throw.
    public init(_ assertion: Assertion) throws(SnapsError) {
        guard assertion.type == "account-key" else { throw Self.invalid("it is of type \(assertion.type.prefix(40))") }
        account = try BrandID(assertion.required("account-id"))
        id = try SnapDigest(assertion.required("public-key-sha3-384"))
        guard let bytes = Self.decoded(assertion.body[...]) else { throw Self.invalid("its body is no base64") }
        guard SnapDigest(of: bytes) == id else { throw Self.invalid("its key is not the one that public-key-sha3-384 names") }
        guard let (modulus, exponent) = Self.numbers(bytes), (256...1024).contains(modulus.count),
            let key = try? _RSA.Signing.PublicKey(n: modulus, e: exponent)
        else { throw Self.invalid("its key is no RSA key of 2048 to 8192 bits") }
        self.key = key
        length = modulus.count
    }

    /// Whether this key signed the assertion.
    func signed(_ assertion: Assertion) -> Bool {
        guard let bytes = Self.decoded(Array(assertion.signature.utf8)[...]), let packet = OpenPGPPacket(bytes),
            packet.tag == OpenPGPPacket.signature, let signature = OpenPGPSignature(packet.body), signature.value.count <= length
        else { return false }
        var hash = SHA512()
        hash.update(data: assertion.content)
        hash.update(data: signature.trailer)
        let padded = [UInt8](repeating: 0, count: length - signature.value.count) + signature.value
        return key.isValidSignature(
            _RSA.Signing.RSASignature(rawRepresentation: Data(padded)), for: hash.finalize(), padding: .insecurePKCS1v1_5)
    }

    /// A public-key packet of version 4 (RFC 4880 §5.5.2), RSA.
    private static func numbers(_ bytes: [UInt8]) -> (modulus: [UInt8], exponent: [UInt8])? {
        guard let packet = OpenPGPPacket(bytes), packet.tag == OpenPGPPacket.publicKey else { return nil }
        var reader = OpenPGPReader(packet.body[...])
        guard reader.byte() == 4, reader.take(4) != nil, reader.byte() == 1, let modulus = reader.integer(),
            let exponent = reader.integer(),
            reader.rest.isEmpty
        else { return nil }
        return (modulus, exponent)
    }

    private static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        Data(base64Encoded: Data(text.filter { $0 != UInt8(ascii: "\n") })).map { Array($0) }
    }

    private static func invalid(_ what: String) -> SnapsError {
        SnapsError(.assertionInvalid, "this is no account-key assertion: \(what); give what snap known account-key prints")
    }
}
