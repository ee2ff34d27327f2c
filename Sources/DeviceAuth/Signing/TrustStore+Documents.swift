import X509

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension TrustStore {
    /// Who signed `document`: the owner of a certificate that is accepted now.
    ///
    /// - Parameter certificate: PEM; the signer's own comes first, what follows is not looked at.
    /// - Throws: ``CertificateRefusal`` when the certificate is not accepted, ``DeviceAuthError`` with
    ///   ``DeviceAuthError/Code/signatureInvalid`` when the signature is not over this document.
    public func signer(of document: [UInt8], signature: [UInt8], certificate pem: [UInt8], now: Date) throws -> PeerIdentity {
        let certificate = try CertificateDirectory.first(
            CertificateFile.certificates(pem, name: "the signer's certificate", code: .certificateInvalid), "the signer's certificate")
        let der = try Issuer.cryptography { try certificate.serializeAsPEM().derBytes }
        let peer = try identify(leaf: der, now: now)
        guard try SignatureScheme(signingDocumentsOf: certificate).isValid(signature, over: document, by: certificate) else {
            throw DeviceAuthError(.signatureInvalid, "the signature is not over this document: have it made and signed anew")
        }
        return peer
    }
}
