import SwiftASN1
import X509

/// The five kinds of certificate that are issued: their extensions and how long they last.
enum CertificateProfile {
    /// Ten years: a root is in the devices' images and can not be changed without touching every device.
    case root
    /// Ten years, like the root, and no authority below it.
    case deviceAuthority
    /// 820 days: below the 825 that some TLS clients accept at most, and two years are long enough to plan a renewal.
    case server([ServerName])
    /// Ten years, in practice until the device authority ends. Devices lie in stores and stand switched off for years, and
    /// a device with an expired certificate can not even ask for a new one: it would have to be visited. What a short
    /// life would give, the end of trust in a lost device, the revocation list gives at once.
    case device
    /// Two years. A site is a server that somebody looks after and that is always on, so it can be given a new certificate
    /// in time; and it reads whole trees, so a credential that was forgotten on a machine that is gone should end by itself.
    case site([SiteGrant])

    var lifetime: Duration {
        switch self {
        case .root, .deviceAuthority, .device: .seconds(3_652 * 86_400)
        case .server: .seconds(820 * 86_400)
        case .site: .seconds(730 * 86_400)
        }
    }

    func extensions(
        for key: Certificate.PublicKey, issuerKeyIdentifier: ArraySlice<UInt8>
    ) throws -> Certificate.Extensions {
        var extensions: [Certificate.Extension] = [
            try Certificate.Extension(basicConstraints, critical: true),
            try Certificate.Extension(keyUsage, critical: true),
            try Certificate.Extension(SubjectKeyIdentifier(hash: key), critical: false),
            try Certificate.Extension(AuthorityKeyIdentifier(keyIdentifier: issuerKeyIdentifier), critical: false),
        ]
        switch self {
        case .root, .deviceAuthority: break
        case .device:
            extensions.append(try Certificate.Extension(ExtendedKeyUsage([.clientAuth]), critical: false))
        case .server(let names):
            extensions.append(try Certificate.Extension(ExtendedKeyUsage([.serverAuth]), critical: false))
            extensions.append(try Self.alternativeNames(names.map(\.generalName)))
        case .site(let grants):
            extensions.append(try Certificate.Extension(ExtendedKeyUsage([.clientAuth]), critical: false))
            extensions.append(try Self.alternativeNames(grants.map(\.generalName)))
        }
        return try Certificate.Extensions(extensions)
    }

    /// What a certificate request asks for, so that ``CertificateRequestProfile`` recognises it.
    func requestedExtensions() throws -> Certificate.Extensions {
        var extensions = [
            try Certificate.Extension(basicConstraints, critical: true),
            try Certificate.Extension(keyUsage, critical: true),
        ]
        if case .server(let names) = self {
            extensions.append(try Certificate.Extension(ExtendedKeyUsage([.serverAuth]), critical: false))
            extensions.append(try Self.alternativeNames(names.map(\.generalName)))
        }
        return try Certificate.Extensions(extensions)
    }

    private var basicConstraints: BasicConstraints {
        switch self {
        case .root: .isCertificateAuthority(maxPathLength: nil)
        case .deviceAuthority: .isCertificateAuthority(maxPathLength: 0)
        case .server, .device, .site: .notCertificateAuthority
        }
    }

    private var keyUsage: KeyUsage {
        switch self {
        case .root, .deviceAuthority: KeyUsage(keyCertSign: true, cRLSign: true)
        case .server, .device, .site: KeyUsage(digitalSignature: true)
        }
    }

    private static func alternativeNames(_ names: [GeneralName]) throws -> Certificate.Extension {
        try Certificate.Extension(SubjectAlternativeNames(names), critical: false)
    }
}
