import X509

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension CertificateDirectory {
    /// Takes certificates made elsewhere for the keys that are here, checks that everything fits, and writes them with `cas.pem`.
    ///
    /// Each argument is the content of a PEM file; nil keeps the certificate that is here, so one can be renewed alone.
    /// Authorities that an operator has added to `cas.pem` stay in it.
    ///
    /// - Throws: ``DeviceAuthError/Code/certificateMismatch`` when a certificate does not belong to its key, to the root,
    ///   or to the root that devices already trust.
    public func install(
        root: [UInt8]?, server: [UInt8]?, deviceAuthority: [UInt8]?, now: Date
    ) throws(DeviceAuthError) {
        try DirectoryWriting.locked(path) { () throws(DeviceAuthError) in
            let rootAuthority = try Authority(
                Self.first(certificates(given: root, or: .rootCertificate), File.rootCertificate.rawValue))
            let device = try Authority(
                Self.first(
                    certificates(given: deviceAuthority, or: .deviceAuthorityCertificate),
                    File.deviceAuthorityCertificate.rawValue))
            let serverChain = try certificates(given: server, or: .serverCertificate)

            try check(root: rootAuthority, now: now)
            try check(deviceAuthority: device, root: rootAuthority, now: now)
            try check(server: serverChain, root: rootAuthority, now: now)
            let others = try otherAuthorities(than: [device, rootAuthority])
            try write(
                root: rootAuthority.certificate, server: serverChain, deviceAuthority: device.certificate,
                others: others)
        }
    }

    private func certificates(given content: [UInt8]?, or file: File) throws(DeviceAuthError) -> [Certificate] {
        guard let content else { return try certificates(file) }
        return try CertificateFile.certificates(content, name: "the new \(file.rawValue)", code: .certificateInvalid)
    }

    private func check(root: Authority, now: Date) throws(DeviceAuthError) {
        guard root.certificate.issuer == root.subject, root.hasSigned(root.certificate) else {
            throw Self.mismatch(
                .rootCertificate, "is not self-signed", "give the root itself, not an authority below it")
        }
        try Self.checkValidity(root.certificate, .rootCertificate, now: now)
        guard FileReading.exists(path(.rootCertificate)) else { return }
        guard try certificate(.rootCertificate).publicKey == root.key else {
            throw Self.mismatch(
                .rootCertificate, "has another key than the root that devices trust already",
                "renew it with the same key, or move the directory away and give every device the new root")
        }
    }

    private func check(deviceAuthority: Authority, root: Authority, now: Date) throws(DeviceAuthError) {
        guard try privateKey(.deviceAuthorityKey).publicKey == deviceAuthority.key else {
            throw Self.mismatch(
                .deviceAuthorityCertificate, "does not belong to device-ca.key", "let device-ca.csr be signed")
        }
        guard deviceAuthority.certificate.issuer == root.subject,
            Self.isAcceptablySigned(deviceAuthority.certificate, by: root)
        else {
            throw Self.mismatch(
                .deviceAuthorityCertificate, "is not issued by root.crt", "give the root that signed it")
        }
        try Self.checkValidity(deviceAuthority.certificate, .deviceAuthorityCertificate, now: now)
    }

    private func check(server chain: [Certificate], root: Authority, now: Date) throws(DeviceAuthError) {
        let server = try Self.first(chain, File.serverCertificate.rawValue)
        guard try privateKey(.serverKey).publicKey == server.publicKey else {
            throw Self.mismatch(.serverCertificate, "does not belong to tls.key", "let tls.csr be signed")
        }
        let use = try? ExtensionUse(server.extensions)
        guard let use, !use.isAuthority, use.permitsServer, use.keyUsage?.digitalSignature ?? true,
            (try? server.extensions.subjectAlternativeNames) != nil
        else {
            throw Self.mismatch(
                .serverCertificate, "is not one of a TLS server (serverAuth, digitalSignature, subjectAltName)",
                "let tls.csr be signed")
        }
        var current = server
        for next in chain.dropFirst() where next != root.certificate {
            let authority = try Authority(next)
            guard current.issuer == authority.subject, Self.isAcceptablySigned(current, by: authority) else {
                throw Self.mismatch(
                    .serverCertificate, "is not a chain", "put each certificate before the one of its issuer")
            }
            current = next
        }
        guard current.issuer == root.subject, Self.isAcceptablySigned(current, by: root) else {
            throw Self.mismatch(
                .serverCertificate, "does not lead to root.crt",
                "give the root that signed it, and the certificates between them in tls.crt")
        }
        for certificate in chain { try Self.checkValidity(certificate, .serverCertificate, now: now) }
    }

    private static func isAcceptablySigned(_ certificate: Certificate, by authority: Authority) -> Bool {
        SignatureScheme(certificate.signatureAlgorithm) != nil && authority.hasSigned(certificate)
    }

    private static func checkValidity(_ certificate: Certificate, _ file: File, now: Date) throws(DeviceAuthError) {
        guard certificate.notValidBefore <= now, now < certificate.notValidAfter else {
            throw mismatch(
                file,
                "is valid from \(UTCMoment(certificate.notValidBefore).text) to \(UTCMoment(certificate.notValidAfter).text) only",
                "issue a new one, or check this machine's clock")
        }
    }

    private static func mismatch(_ file: File, _ defect: String, _ remedy: String) -> DeviceAuthError {
        DeviceAuthError(.certificateMismatch, "the new \(file.rawValue) \(defect): \(remedy)")
    }

    /// What `cas.pem` holds besides earlier certificates of the same authorities.
    private func otherAuthorities(than installed: [Authority]) throws(DeviceAuthError) -> [Certificate] {
        guard FileReading.exists(path(.authorities)) else { return [] }
        return try certificates(.authorities).filter { certificate in
            !installed.contains { $0.subject == certificate.subject && $0.key == certificate.publicKey }
        }
    }

    /// `cas.pem` is written last: until then the server trusts what it did before.
    private func write(
        root: Certificate, server: [Certificate], deviceAuthority: Certificate, others: [Certificate]
    ) throws(DeviceAuthError) {
        let files: [(File, [Certificate])] = [
            (.rootCertificate, [root]), (.deviceAuthorityCertificate, [deviceAuthority]),
            (.serverCertificate, server.filter { $0 != root }), (.authorities, [deviceAuthority, root] + others),
        ]
        for (file, certificates) in files {
            let text = try Issuer.cryptography { try certificates.map { try $0.pemText() }.joined() }
            try writing.replace(path(file), text.utf8, for: .everybody)
        }
    }
}
