import Crypto
import X509

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension CertificateDirectory {
    /// Makes `tls.key`, `tls.csr`, `device-ca.key` and `device-ca.csr` for a root that is kept elsewhere.
    ///
    /// Keys that are there stay and get a new request: that is how certificates are renewed, and how a run that was
    /// cut off is completed.
    ///
    /// - Returns: the names of the files that were written.
    public func createRequests(factory: FactoryName, serverNames: [ServerName]) throws(DeviceAuthError) -> [String] {
        try Self.require(serverNames)
        try DirectoryWriting.createIfMissing(FileWriting.split(path).directory, mode: 0o755)
        try DirectoryWriting.createIfMissing(path, mode: 0o700)
        return try DirectoryWriting.locked(path) { () throws(DeviceAuthError) in
            let server = try createRequest(
                .server(serverNames), subject: SubjectName.server(serverNames, factory), key: .serverKey,
                request: .serverRequest)
            let deviceAuthority = try createRequest(
                .deviceAuthority, subject: SubjectName.deviceAuthority(factory), key: .deviceAuthorityKey,
                request: .deviceAuthorityRequest)
            return server + deviceAuthority
        }
    }

    private func createRequest(
        _ profile: CertificateProfile, subject: DistinguishedName, key file: File, request: File
    ) throws(DeviceAuthError) -> [String] {
        var written: [String] = []
        if !FileReading.exists(path(file)) {
            try writing.create(path(file), Issuer.newKey().pemText.utf8, for: .ownerOnly)
            written.append(file.rawValue)
        }
        let key = try privateKey(file)
        let text = try Issuer.cryptography {
            let attributes = try CertificateSigningRequest.Attributes([
                .init(ExtensionRequest(extensions: profile.requestedExtensions()))
            ])
            let request = try CertificateSigningRequest(
                version: .v1, subject: subject, privateKey: key, attributes: attributes)
            return PEMText.text(label: "CERTIFICATE REQUEST", bytes: try request.serializeAsPEM().derBytes)
        }
        try writing.replace(path(request), text.utf8, for: .everybody)
        return written + [request.rawValue]
    }
}
