import X509

/// Grants as certificates carry them: `otaserve:site:<channel>/<tag>` among the subject's alternative names.
extension SiteGrant {
    private static let scheme = "otaserve:"
    private static let prefix = "otaserve:site:"

    var generalName: GeneralName { .uniformResourceIdentifier(Self.prefix + description) }

    /// What a site's certificate grants, without repetitions. Other names than our URIs grant nothing and do no harm.
    static func granted(by certificate: Certificate) throws(CertificateRefusal) -> [SiteGrant] {
        let names: SubjectAlternativeNames
        do {
            names = try certificate.extensions.subjectAlternativeNames ?? SubjectAlternativeNames()
        } catch {
            throw CertificateRefusal(
                .siteGrantsInvalid,
                "subjectAltName can not be decoded (\(decodingReason(error))): issue the certificate anew with 'pki issue-site'"
            )
        }
        let uris = names.compactMap { name -> String? in
            guard case .uniformResourceIdentifier(let uri) = name, isOurs(uri) else { return nil }
            return uri
        }
        guard (1...mostInCertificate).contains(uris.count) else {
            throw CertificateRefusal(
                .siteGrantsInvalid,
                "the site's certificate grants \(uris.count) parts of the update tree: issue it with 1 to \(mostInCertificate), 'pki issue-site NAME --allow ci/main'"
            )
        }
        var grants: [SiteGrant] = []
        for uri in uris {
            let grant = try self.init(uri: uri)
            if !grants.contains(grant) { grants.append(grant) }
        }
        return grants
    }

    /// Schemes are compared without regard to case (RFC 3986 §3.1): what another reader takes for a grant must be one here.
    private static func isOurs(_ uri: String) -> Bool {
        uri.utf8.count >= scheme.utf8.count && zip(uri.utf8, scheme.utf8).allSatisfy { ($0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0) == $1 }
    }

    private init(uri: String) throws(CertificateRefusal) {
        do throws(DeviceAuthError) {
            guard uri.utf8.starts(with: Self.prefix.utf8) else {
                throw DeviceAuthError(.siteGrantInvalid, "\(quoted(uri)) does not begin with \(Self.prefix)")
            }
            try self.init(String(decoding: Array(uri.utf8.dropFirst(Self.prefix.utf8.count)), as: UTF8.self))
        } catch {
            throw CertificateRefusal(
                .siteGrantsInvalid, "the certificate grants something unknown: \(error.message); issue it anew with 'pki issue-site'")
        }
    }
}
