import SwiftASN1
import X509

/// What the extensions of a certificate say about its use, decoded once.
struct ExtensionUse {
    let isAuthority: Bool
    let keyUsage: KeyUsage?
    /// extendedKeyUsage is absent, or permits a TLS client.
    let permitsClient: Bool
    /// extendedKeyUsage is absent, or permits a TLS server.
    let permitsServer: Bool
    let hasNameConstraints: Bool
    /// A critical extension that nothing here enforces.
    let unknownCritical: ASN1ObjectIdentifier?

    init(_ extensions: Certificate.Extensions) throws {
        var isAuthority = false
        var keyUsage: KeyUsage?
        var extendedKeyUsage: ExtendedKeyUsage?
        var unknownCritical: ASN1ObjectIdentifier?
        var hasNameConstraints = false
        for item in extensions {
            switch item.oid {
            case .X509ExtensionID.basicConstraints:
                if case .isCertificateAuthority = try BasicConstraints(item) { isAuthority = true }
            case .X509ExtensionID.keyUsage:
                keyUsage = try KeyUsage(item)
            case .X509ExtensionID.extendedKeyUsage:
                extendedKeyUsage = try ExtendedKeyUsage(item)
            case .X509ExtensionID.nameConstraints:
                hasNameConstraints = true
                if item.critical { unknownCritical = item.oid }
            case .X509ExtensionID.subjectAlternativeName, .X509ExtensionID.subjectKeyIdentifier,
                .X509ExtensionID.authorityKeyIdentifier:
                break
            default:
                if item.critical { unknownCritical = item.oid }
            }
        }
        self.isAuthority = isAuthority
        self.keyUsage = keyUsage
        self.permitsClient = extendedKeyUsage.map { $0.contains(.clientAuth) || $0.contains(.any) } ?? true
        self.permitsServer = extendedKeyUsage.map { $0.contains(.serverAuth) || $0.contains(.any) } ?? true
        self.hasNameConstraints = hasNameConstraints
        self.unknownCritical = unknownCritical
    }
}
