import X509

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The root that a site trusts: whose servers' signatures on bundles count.
///
/// 1. The certificates form a chain from the signer's own to the root.
/// 2. The signer's says that it is a TLS server's: extendedKeyUsage is there and has serverAuth. A device's or a site's
///    certificate leads to the same root and has not.
/// 3. Each of them is valid now, and none of their signatures is weak.
/// 4. The signature over the document is right.
public struct ServerTrust: Sendable {
    private let root: Authority

    /// - Parameter root: the content of `root.crt`.
    public init(root content: [UInt8]) throws(DeviceAuthError) {
        root = try Authority(
            CertificateDirectory.first(
                CertificateFile.certificates(content, name: "root.crt", code: .certificateInvalid), "root.crt"))
    }

    public static func load(root path: String) throws(DeviceAuthError) -> ServerTrust {
        try ServerTrust(root: CertificateDirectory.content(ofFile: path))
    }

    /// The name of the server that signed `document`.
    ///
    /// - Parameter chain: PEM; the signer's own certificate comes first.
    /// - Throws: ``DeviceAuthError/Code/certificateMismatch`` when the certificate is none of a server below the root,
    ///   ``DeviceAuthError/Code/signatureInvalid`` when the signature is not over this document.
    public func signer(
        of document: [UInt8], signature: [UInt8], chain: [UInt8], now: Date
    ) throws(DeviceAuthError) -> String {
        let certificates = try CertificateFile.certificates(chain, name: "the signer's certificate", code: .certificateInvalid)
        let leaf = try CertificateDirectory.first(certificates, "the signer's certificate")
        try checkChain(certificates, now: now)
        try Self.checkServer(leaf)
        let scheme = try SignatureScheme(signingDocumentsOf: leaf)
        guard scheme.isValid(signature, over: document, by: leaf) else {
            throw DeviceAuthError(.signatureInvalid, "the signature is not over this document: have it made and signed anew")
        }
        return DocumentSigner.commonName(of: leaf)
    }

    private func checkChain(_ chain: [Certificate], now: Date) throws(DeviceAuthError) {
        guard chain.count <= 8 else { throw Self.mismatch("comes with more than 7 others", "send the chain alone") }
        var previous: Certificate?
        for certificate in chain where certificate != root.certificate {
            if let previous { try Self.check(previous, issuedBy: try Authority(certificate), now: now) }
            previous = certificate
        }
        guard let previous else { throw Self.mismatch("is the root itself", "sign with the server's certificate") }
        try Self.check(previous, issuedBy: root, now: now)
        try Self.checkValidity(root.certificate, now: now)
    }

    private static func check(_ certificate: Certificate, issuedBy issuer: Authority, now: Date) throws(DeviceAuthError) {
        guard certificate.issuer == issuer.subject, SignatureScheme(certificate.signatureAlgorithm) != nil, issuer.hasSigned(certificate)
        else {
            throw mismatch("does not lead to the root that is trusted here", "give the root of the server it comes from with --root")
        }
        try checkValidity(certificate, now: now)
    }

    private static func checkValidity(_ certificate: Certificate, now: Date) throws(DeviceAuthError) {
        guard certificate.notValidBefore <= now, now < certificate.notValidAfter else {
            throw mismatch(
                "is valid from \(UTCMoment(certificate.notValidBefore).text) to \(UTCMoment(certificate.notValidAfter).text) only",
                "have the document signed anew, or check this machine's clock")
        }
    }

    private static func checkServer(_ leaf: Certificate) throws(DeviceAuthError) {
        guard let use = try? ExtensionUse(leaf.extensions), !use.isAuthority, use.unknownCritical == nil,
            use.keyUsage?.digitalSignature ?? true, use.permitsServer, (try? leaf.extensions.extendedKeyUsage) != nil
        else {
            throw mismatch("is not that of a server (extendedKeyUsage serverAuth)", "sign with certs/tls.key")
        }
    }

    private static func mismatch(_ defect: String, _ remedy: String) -> DeviceAuthError {
        DeviceAuthError(.certificateMismatch, "the signer's certificate \(defect): \(remedy)")
    }
}
