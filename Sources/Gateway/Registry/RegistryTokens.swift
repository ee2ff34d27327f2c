import Crypto
import DeviceAuth
import FileTree
import Foundation
import UpdateTree

/// Makes and checks the tokens by which a device's app tool, which has no certificate, reaches the registry.
///
/// A token says who, which channel, which key and until when, and is signed (HMAC-SHA256) with a key that lies in the
/// data directory: so it survives a restart and nothing of it is stored.
public struct RegistryTokens: Sendable {
    /// What a valid token says.
    public struct Grant: Equatable, Sendable {
        public let device: DeviceID
        public let channel: Channel
        /// The first 16 digits of the fingerprint of the key that the device had: another key ends the token.
        public let keyPrefix: String
    }

    /// Seconds; the clients need at least 4 hours for a large app on a slow line.
    public static let lifetime: Int64 = 4 * 3600

    private let key: SymmetricKey

    init(key: SymmetricKey) { self.key = key }

    /// Reads the signing key from `DATADIR/registry-token.key`, making it at the first start.
    public static func load(dataDirectory: Directory) throws -> RegistryTokens {
        let name = "registry-token.key"
        if dataDirectory.status(name) == nil {
            let fresh = SymmetricKey(size: .bits256)
            try dataDirectory.replace(name, with: fresh.withUnsafeBytes { Array($0) }, mode: 0o600)
        }
        let bytes = try dataDirectory.contents(of: name, limit: 1024)
        guard bytes.count == 32 else {
            throw GatewayError(.tokenKeyInvalid, "\(name) must hold 32 bytes; remove it and a new one is made at the next start")
        }
        return RegistryTokens(key: SymmetricKey(data: bytes))
    }

    /// - Parameter now: seconds since 1970.
    public func make(for device: DeviceID, channel: Channel, key fingerprint: KeyFingerprint, now: Int64) -> String {
        let prefix = fingerprint.hex.prefix(16)
        let claim = "1.\(now + Self.lifetime).\(channel.rawValue).\(prefix).\(device.text)"
        return Self.encode(Array(claim.utf8)) + "." + Self.encode(Array(signature(claim)))
    }

    /// What the token grants at `now`; nil when it was not made here, was altered, or has expired.
    public func check(_ token: some StringProtocol, now: Int64) -> Grant? {
        guard token.utf8.count <= 512 else { return nil }
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let claimBytes = Self.decode(parts[0]), let mac = Self.decode(parts[1]) else { return nil }
        // isValidAuthenticationCode compares in constant time.
        guard HMAC<SHA256>.isValidAuthenticationCode(mac, authenticating: claimBytes, using: key) else { return nil }
        let fields = String(decoding: claimBytes, as: UTF8.self).split(separator: ".", maxSplits: 4)
        guard fields.count == 5, fields[0] == "1", let expiry = Int64(fields[1]), now < expiry,
            let channel = Channel(rawValue: String(fields[2])), let device = try? DeviceID(fields[4])
        else { return nil }
        return Grant(device: device, channel: channel, keyPrefix: String(fields[3]))
    }

    private func signature(_ claim: String) -> HashedAuthenticationCode<SHA256> {
        HMAC<SHA256>.authenticationCode(for: Array(claim.utf8), using: key)
    }

    private static func encode(_ bytes: [UInt8]) -> String {
        String(
            Data(bytes).base64EncodedString().compactMap { letter -> Character? in
                switch letter {
                case "+": "-"
                case "/": "_"
                case "=": nil
                default: letter
                }
            })
    }

    private static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var padded = String(text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
        while padded.utf8.count % 4 != 0 { padded += "=" }
        return Data(base64Encoded: padded).map { Array($0) }
    }
}
