import Crypto
import X509

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension CertificateDirectory {
    /// Everything in the directory with its validity, and what should be mended.
    ///
    /// What can not be read becomes a problem of the summary; only a missing directory is an error.
    public func summary(now: Date) throws(DeviceAuthError) -> CertificateSummary {
        guard try !FileReading.names(path, orEmptyIfAbsent: false).isEmpty else {
            throw DeviceAuthError(.fileMissing, "\(path) is empty: create the certificates with 'pki init'")
        }
        var survey = CertificateSurvey(directory: self, now: now)
        survey.readCertificates()
        survey.readRevocationLists()
        survey.checkKeys()
        survey.checkTrustStore()
        return CertificateSummary(
            directory: path, certificates: survey.certificates, revocationLists: survey.revocationLists,
            problems: survey.problems)
    }
}
