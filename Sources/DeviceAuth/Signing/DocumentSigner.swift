import X509

/// A certificate with its private key: what signs bundles and reports.
///
/// The signature is made over the document's bytes as they are, so `openssl dgst -verify` checks it too. A document says
/// in its first member what it is; so a signature on one kind is never one on another.
public struct DocumentSigner: Sendable {
    /// The certificate, and those between it and the root, as the file has them.
    public let certificatePEM: [UInt8]
    /// The certificate's common name.
    public let name: String
    private let key: Certificate.PrivateKey
    private let scheme: SignatureScheme

    /// - Parameters:
    ///   - certificate: PEM; the signer's own comes first.
    ///   - key: the PEM of its private key.
    /// - Throws: ``DeviceAuthError`` when one of them cannot be used or they do not belong together.
    public init(certificate: [UInt8], key: [UInt8]) throws(DeviceAuthError) {
        let leaf = try CertificateDirectory.first(
            CertificateFile.certificates(certificate, name: "the signer's certificate", code: .certificateInvalid),
            "the signer's certificate")
        let privateKey = try PrivateKeyFile.key(key, name: "the signer's key")
        guard privateKey.publicKey == leaf.publicKey else {
            throw DeviceAuthError(
                .certificateMismatch, "the signer's key is not that of its certificate: put the two files there that belong together")
        }
        scheme = try SignatureScheme(signingDocumentsOf: leaf)
        certificatePEM = certificate
        name = DocumentSigner.commonName(of: leaf)
        self.key = privateKey
    }

    /// Reads both from files.
    public static func load(certificate: String, key: String) throws(DeviceAuthError) -> DocumentSigner {
        try DocumentSigner(
            certificate: CertificateDirectory.content(ofFile: certificate), key: CertificateDirectory.content(ofFile: key))
    }

    public func sign(_ document: [UInt8]) throws(DeviceAuthError) -> [UInt8] {
        try Issuer.cryptography { try key.sign(bytes: document, signatureAlgorithm: scheme.algorithm).rawRepresentation }
    }

    static func commonName(of certificate: Certificate) -> String {
        SubjectName.first(.subjectCommonName, in: certificate.subject) ?? certificate.subject.description
    }
}

extension SignatureScheme {
    /// The one scheme in which the owner of a certificate signs documents: its key decides, nothing in the document does.
    init(signingDocumentsOf certificate: Certificate) throws(DeviceAuthError) {
        let kind = try? PublicKeyKind(certificate.publicKey)
        switch kind {
        case .p256, .p384, .rsa: self.init(signingWith: kind ?? .p256)
        case .ed25519, nil:
            throw DeviceAuthError(
                .certificateInvalid, "the signer's key is of a kind that signs no documents: use EC P-256, EC P-384 or RSA")
        }
    }

    func isValid(_ signature: [UInt8], over document: [UInt8], by certificate: Certificate) -> Bool {
        certificate.publicKey.isValidSignature(signature, for: document, signatureAlgorithm: algorithm)
    }
}
