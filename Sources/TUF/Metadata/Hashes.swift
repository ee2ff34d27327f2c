import Crypto
import Foundation
import StrictJSON

/// Digests of one file. At least one of them is of a kind that is known here.
public struct Hashes: Equatable, Sendable {
    public let sha256: [UInt8]?
    public let sha512: [UInt8]?

    public init(sha256: [UInt8]) {
        self.sha256 = sha256
        sha512 = nil
    }

    init(_ value: JSONElement) throws(TUFError) {
        guard value.isObject else { throw TUFError(.memberInvalid, "hashes must be an object") }
        sha256 = try Self.digest(value["sha256"], length: 32)
        sha512 = try Self.digest(value["sha512"], length: 64)
        guard sha256 != nil || sha512 != nil else { throw TUFError(.memberInvalid, "hashes need sha256 or sha512") }
    }

    private static func digest(_ value: JSONElement?, length: Int) throws(TUFError) -> [UInt8]? {
        guard let value else { return nil }
        guard let bytes = Hexadecimal.bytes(value.string ?? ""), bytes.count == length else {
            throw TUFError(.memberInvalid, "a digest must have \(2 * length) hexadecimal digits")
        }
        return bytes
    }

    /// Whether `bytes` have all of these digests.
    public func match(_ bytes: some DataProtocol) -> Bool {
        if let sha256, !SHA256.hash(data: bytes).elementsEqual(sha256) { return false }
        if let sha512, !SHA512.hash(data: bytes).elementsEqual(sha512) { return false }
        return true
    }
}
