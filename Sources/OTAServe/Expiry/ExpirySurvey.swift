import DeviceAuth
import Foundation
import OperatorAuth
import TUF
import UpdateTree

/// Gathers every clock of a data directory: metadata, certificates, revocation lists, tokens.
struct ExpirySurvey {
    let datadir: String
    let library: UpdateLibrary
    let tokens: any TokenRepository
    /// Every device with the end of its certificate, seconds since 1970.
    let devices: @Sendable () throws -> [(id: DeviceID, ends: Int64)]

    func expiries() async throws -> [Expiry] {
        var found = try library.expiries()
        found += try certificates()
        found += try devices().map { device in
            Expiry(
                .deviceCertificate, subject: device.id.text, at: device.ends,
                remedy: "give the device a new certificate: otaserve pki issue-device, or renewal by the device")
        }
        for token in try await tokens.list() {
            guard let at = token.expiresAt else { continue }
            found.append(
                Expiry(.token, subject: token.id, at: at, remedy: "make a new one: otaserve token create; remove this one"))
        }
        return found
    }

    private func certificates() throws -> [Expiry] {
        let summary = try CertificateDirectory("\(datadir)/certs").summary(now: Date())
        let certificates = summary.certificates.compactMap { certificate -> Expiry? in
            guard let end = try? MetadataTime(parsing: certificate.notAfter) else { return nil }
            return Expiry(
                certificate.isAuthority ? .authority : .serverCertificate, subject: "\(certificate.file) \(certificate.subject)",
                at: end.seconds, remedy: "renew it: otaserve pki create-csr, sign-csr and install")
        }
        let lists = summary.revocationLists.compactMap { list -> Expiry? in
            guard let end = try? MetadataTime(parsing: list.nextUpdate) else { return nil }
            return Expiry(
                .revocationList, subject: list.file, at: end.seconds,
                remedy: "otaserve pki refresh-crl, or get a new list from its issuer")
        }
        return certificates + lists
    }
}
