import Foundation
import TUF

/// Targets metadata as a device of a large fleet would meet them: many images, about 135 bytes each, one signature.
struct LargeTargets {
    private static let keyID = String(repeating: "ab", count: 32)

    let bytes: [UInt8]
    private let message: [UInt8]
    private let signature: [UInt8]
    private let key: PublicKey
    private let keys: RoleKeys

    init(count: Int) throws {
        let privateKey = try PrivateKey.make(.ed25519)
        var targets: [String] = []
        targets.reserveCapacity(count)
        for number in 0..<count {
            // Names ascend, as signers write them; the commit is any 64 digits.
            let name = String(number + 10_000_000)
            let digits = String(UInt64(number) &* 0x9E37_79B9_7F4A_7C15, radix: 16)
            let commit = String(repeating: "0", count: 64 - digits.count) + digits
            targets.append(
                #""\#(name)":{"custom":{"tags":["m"]},"hashes":{"sha256":"\#(commit)"},"length":0}"#)
        }
        let signed =
            #"{"_type":"Targets","expires":"2036-01-01T00:00:00Z","targets":{\#(targets.joined(separator: ","))},"version":1}"#
        message = Array(signed.utf8)
        signature = try privateKey.sign(message)
        key = privateKey.publicKey
        keys = RoleKeys(keyIDs: [try KeyID(Self.keyID)], threshold: 1, keys: [try KeyID(Self.keyID): key])
        let encoded = Data(signature).base64EncodedString()
        bytes = Array(
            #"{"signatures":[{"keyid":"\#(Self.keyID)","method":"ed25519","sig":"\#(encoded)"}],"signed":\#(signed)}"#.utf8)
    }

    func checkSignature() throws {
        guard key.isValid(signature, for: message) else { throw TUFError(.thresholdNotMet, "the signature is wrong") }
    }

    func verified() throws -> TargetsMetadata {
        let envelope = try Envelope(parsing: bytes, as: .targets)
        try envelope.verify(by: keys)
        return try TargetsMetadata(envelope)
    }
}
