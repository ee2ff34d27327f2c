import Crypto
import X509

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Walks through a certificate directory and notes what is there and what is wrong.
struct CertificateSurvey {
    let directory: CertificateDirectory
    let now: Date
    private(set) var certificates: [CertificateSummary.Certificate] = []
    private(set) var revocationLists: [CertificateSummary.RevocationList] = []
    private(set) var problems: [String] = []

    /// An end that is nearer than this is a problem: time enough to act on a monthly look.
    static let warningDays = 30

    init(directory: CertificateDirectory, now: Date) {
        self.directory = directory
        self.now = now
    }

    mutating func readCertificates() {
        for file in [
            CertificateDirectory.File.rootCertificate, .serverCertificate, .deviceAuthorityCertificate, .authorities,
        ] {
            noting { survey throws(DeviceAuthError) in
                for certificate in try survey.directory.certificates(file) { try survey.note(certificate, file) }
            }
        }
    }

    mutating func readRevocationLists() {
        noting { survey throws(DeviceAuthError) in
            let folder = survey.directory.path + "/crl"
            for name in try FileReading.names(folder, orEmptyIfAbsent: true)
            where name.hasSuffix(".pem") && !name.hasPrefix(".") {
                survey.noting { survey throws(DeviceAuthError) in
                    let content = try FileReading.content(folder + "/" + name, limit: RevocationList.maximumSize)
                    for list in try RevocationList.read(content, name: "crl/" + name) { survey.note(list) }
                }
            }
        }
    }

    /// The root's key may be elsewhere; the other two must be here and fit.
    mutating func checkKeys() {
        let pairs: [(key: CertificateDirectory.File, certificate: CertificateDirectory.File, isRequired: Bool)] = [
            (.rootKey, .rootCertificate, false), (.serverKey, .serverCertificate, true),
            (.deviceAuthorityKey, .deviceAuthorityCertificate, true),
        ]
        for pair in pairs where pair.isRequired || FileReading.exists(directory.path(pair.key)) {
            noting { survey throws(DeviceAuthError) in
                let key = try survey.directory.privateKey(pair.key)
                if FileReading.isReadableByOthers(survey.directory.path(pair.key)) {
                    survey.problems.append("\(pair.key.rawValue) can be read by others than its owner: chmod 600 it")
                }
                if FileReading.exists(survey.directory.path(pair.certificate)),
                    try survey.directory.certificate(pair.certificate).publicKey != key.publicKey
                {
                    survey.problems.append(
                        "\(pair.key.rawValue) is not the key of \(pair.certificate.rawValue): put the right key there")
                }
            }
        }
    }

    mutating func checkTrustStore() {
        noting { survey throws(DeviceAuthError) in
            let store = try TrustStore.load(certificates: survey.directory.path, now: survey.now)
            survey.problems.append(contentsOf: store.warnings)
        }
    }

    private mutating func note(_ certificate: Certificate, _ file: CertificateDirectory.File) throws(DeviceAuthError) {
        let isAuthority = (try? ExtensionUse(certificate.extensions))?.isAuthority ?? false
        let encoded = try Issuer.cryptography {
            (
                certificate: try certificate.serializeAsPEM().derBytes,
                key: try certificate.publicKey.serializeAsPEM().derBytes
            )
        }
        let daysLeft = days(until: UTCMoment(certificate.notValidAfter))
        certificates.append(
            .init(
                file: file.rawValue, subject: certificate.subject.description, issuer: certificate.issuer.description,
                serial: CertificateSerial(certificate.serialNumber).hex,
                notBefore: UTCMoment(certificate.notValidBefore).text,
                notAfter: UTCMoment(certificate.notValidAfter).text, daysLeft: daysLeft,
                fingerprint: Hexadecimal.text(SHA256.hash(data: encoded.certificate)),
                keyFingerprint: KeyFingerprint(subjectPublicKeyInfo: encoded.key).hex, isAuthority: isAuthority))
        // The authorities repeat the certificates of the other files.
        if file != .authorities, daysLeft < Self.warningDays {
            problems.append(
                "\(file.rawValue) \(Self.ending(daysLeft, UTCMoment(certificate.notValidAfter))): renew it with 'pki create-csr', 'pki sign-csr' and 'pki install'"
            )
        }
    }

    private mutating func note(_ list: RevocationList) {
        let daysLeft = days(until: list.nextUpdate)
        revocationLists.append(
            .init(
                file: list.name, issuer: list.issuer.description, number: list.number.map { Hexadecimal.text($0) },
                thisUpdate: list.thisUpdate.text, nextUpdate: list.nextUpdate.text, daysLeft: daysLeft,
                revokedCount: list.entries.count))
        if daysLeft < Self.warningDays {
            problems.append(
                "\(list.name) \(Self.ending(daysLeft, list.nextUpdate)), and then every device is refused: run 'pki refresh-crl', or get a new list from its issuer"
            )
        }
    }

    private func days(until end: UTCMoment) -> Int {
        Int((Double(end.seconds - UTCMoment(now).seconds) / 86_400).rounded(.down))
    }

    private static func ending(_ daysLeft: Int, _ end: UTCMoment) -> String {
        daysLeft < 0 ? "ended at \(end.text)" : "ends at \(end.text), in \(daysLeft) days"
    }

    private mutating func noting(_ body: (inout CertificateSurvey) throws(DeviceAuthError) -> Void) {
        do throws(DeviceAuthError) {
            try body(&self)
        } catch {
            // The same file may be read for several reasons; one sentence is enough.
            if !problems.contains(error.message) { problems.append(error.message) }
        }
    }
}
