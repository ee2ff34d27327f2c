import SwiftASN1
import X509

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A certificate authority, with everything about it that can be known before a certificate comes.
struct Authority: Sendable {
    let certificate: Certificate
    let key: Certificate.PublicKey
    let keyKind: PublicKeyKind
    let keyIdentifier: ArraySlice<UInt8>?
    let serial: CertificateSerial
    let notBefore: Date
    let notAfter: Date
    let signsRevocationLists: Bool
    /// The subject for messages, quoted.
    let title: String

    var subject: DistinguishedName { certificate.subject }

    /// - Throws: ``DeviceAuthError/Code/authorityUnsuitable`` when the certificate is not one that may issue devices.
    init(_ certificate: Certificate) throws(DeviceAuthError) {
        title = quoted(certificate.subject.description)
        do {
            let use = try ExtensionUse(certificate.extensions)
            if let defect = Self.defect(use) { throw Unsuitable(defect: defect) }
            keyIdentifier = try certificate.extensions.subjectKeyIdentifier?.keyIdentifier
            keyKind = try PublicKeyKind(certificate.publicKey)
            guard keyKind != .ed25519 else {
                throw Unsuitable(defect: "signs with Ed25519, which device clients do not all accept")
            }
            signsRevocationLists = use.keyUsage?.cRLSign ?? true
        } catch {
            let defect =
                switch error {
                case let error as Unsuitable: error.defect
                case let error as PublicKeyKind.Unacceptable: "has a public key that \(error.reason)"
                default: "has an extension that can not be decoded (\(decodingReason(error)))"
                }
            throw DeviceAuthError(
                .authorityUnsuitable,
                "the certificate \(title) \(defect): use the certificate of an authority that issues devices")
        }
        self.certificate = certificate
        key = certificate.publicKey
        serial = CertificateSerial(certificate.serialNumber)
        notBefore = certificate.notValidBefore
        notAfter = certificate.notValidAfter
    }

    private struct Unsuitable: Error {
        let defect: String
    }

    private static func defect(_ use: ExtensionUse) -> String? {
        if !use.isAuthority { return "is not an authority (basicConstraints lacks CA)" }
        if use.keyUsage?.keyCertSign == false { return "may not sign certificates (keyUsage lacks keyCertSign)" }
        if !use.permitsClient { return "may not issue TLS clients (extendedKeyUsage lacks clientAuth)" }
        // Ignoring a constraint would trust the authority further than its own issuer does.
        if use.hasNameConstraints { return "has name constraints, which are not enforced here" }
        if let unknown = use.unknownCritical { return "has the critical extension \(unknown), which is not understood" }
        return nil
    }

    /// Whether this authority's key made the signature; `scheme` has been checked by the caller.
    func hasSigned(_ certificate: Certificate) -> Bool {
        key.isValidSignature(certificate.signature, for: certificate)
    }

    /// Whether the name and the key identifiers, where both sides have one, permit this authority to be the issuer.
    func mayHaveIssued(_ certificate: Certificate) throws -> Bool {
        guard certificate.issuer == subject else { return false }
        return matches(keyIdentifier: try certificate.extensions.authorityKeyIdentifier?.keyIdentifier)
    }

    func matches(keyIdentifier other: ArraySlice<UInt8>?) -> Bool {
        guard let keyIdentifier, let other else { return true }
        return keyIdentifier == other
    }
}
