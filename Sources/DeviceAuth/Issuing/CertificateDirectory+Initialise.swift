import Crypto
import X509

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension CertificateDirectory {
    /// Makes the directory with a root, a server certificate and a device authority, all EC P-256.
    ///
    /// The directory appears complete or not at all. One that holds anything is refused: a new root would lock out
    /// every device that trusts the old one.
    ///
    /// `tls.crt` holds what the server sends: its own certificate and what is between it and the root, here nothing.
    public func initialise(factory: FactoryName, serverNames: [ServerName], now: Date) throws(DeviceAuthError) {
        try Self.require(serverNames)
        try refuseIfInUse()
        let files = try Self.newFiles(factory, serverNames, now: now)
        try DirectoryWriting.createIfMissing(FileWriting.split(path).directory, mode: 0o755)
        try DirectoryWriting.create(path, mode: 0o700) { staging throws(DeviceAuthError) in
            for file in files {
                try writing.create(staging + "/" + file.file.rawValue, file.content.utf8, for: file.readers)
            }
        }
    }

    static func require(_ serverNames: [ServerName]) throws(DeviceAuthError) {
        guard !serverNames.isEmpty else {
            throw DeviceAuthError(
                .dnsNameInvalid, "the server has no name: give the name devices use to reach it with --dnsname")
        }
    }

    private func refuseIfInUse() throws(DeviceAuthError) {
        guard try FileReading.names(path, orEmptyIfAbsent: true).isEmpty else {
            throw DeviceAuthError(
                .alreadyExists,
                "\(path) is in use and is never overwritten: 'pki show' tells what is there; move it away if you really mean to start anew, no device will trust the new root"
            )
        }
    }

    private typealias NewFile = (file: File, content: String, readers: FileWriting.Readers)

    private static func newFiles(
        _ factory: FactoryName, _ serverNames: [ServerName], now: Date
    ) throws(DeviceAuthError) -> [NewFile] {
        let keys = (root: Issuer.newKey(), server: Issuer.newKey(), deviceAuthority: Issuer.newKey())
        let root = try Issuer.root(subject: SubjectName.root(factory), key: .init(keys.root), now: now)
        let server = try root.issue(
            .server(serverNames), subject: SubjectName.server(serverNames, factory), key: .init(keys.server.publicKey),
            now: now)
        let deviceAuthority = try root.issue(
            .deviceAuthority, subject: SubjectName.deviceAuthority(factory), key: .init(keys.deviceAuthority.publicKey),
            now: now)

        return try Issuer.cryptography {
            let rootText = try root.authority.certificate.pemText()
            let deviceAuthorityText = try deviceAuthority.pemText()
            return [
                (.rootKey, keys.root.pemText, .ownerOnly),
                (.rootCertificate, rootText, .everybody),
                (.serverKey, keys.server.pemText, .ownerOnly),
                (.serverCertificate, try server.pemText(), .everybody),
                (.deviceAuthorityKey, keys.deviceAuthority.pemText, .ownerOnly),
                (.deviceAuthorityCertificate, deviceAuthorityText, .everybody),
                (.authorities, deviceAuthorityText + rootText, .everybody),
            ]
        }
    }
}

extension P256.Signing.PrivateKey {
    /// PKCS #8 as a PEM document, ending in a newline.
    var pemText: String { PEMText.text(label: "PRIVATE KEY", bytes: derRepresentation) }
}
