import DeviceAuth
import Foundation

/// The certificates of an installation for `localhost`, and devices of it.
public struct TestAuthority: Sendable {
    public let folder: String
    private let directory: CertificateDirectory

    public init() throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("authority-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        folder = "\(root)/certs"
        directory = CertificateDirectory(folder)
        try directory.initialise(factory: FactoryName("test"), serverNames: [ServerName("localhost")], now: .now)
    }

    /// The folder with the client.pem, pkey.pem and root.crt of a new device.
    public func device(_ id: String, isProduction: Bool = false) throws -> String {
        let out = "\(folder)/device-\(id)-\(UUID().uuidString.prefix(8))"
        try directory.issueDevice(DeviceID(id), isProduction: isProduction, now: .now).write(to: out)
        return out
    }

    public func revoke(certificateOf device: String) throws {
        _ = try directory.revoke(.certificate(Array(Data(contentsOf: URL(fileURLWithPath: "\(device)/client.pem")))), now: .now)
    }

    /// For `defer`.
    public func remove() { try? FileManager.default.removeItem(atPath: URL(fileURLWithPath: folder).deletingLastPathComponent().path) }
}
