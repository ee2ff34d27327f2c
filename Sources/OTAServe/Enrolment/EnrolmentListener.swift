import Enrolment

/// The listener of devices that enrol, the certificate that it shows and the keys that it trusts.
struct EnrolmentListener: Sendable {
    let server: EnrolmentServer
    let certificate: EnrolmentCertificate
    let keys: EnrolmentKeys?

    /// Reads what lies in files again.
    func reload() throws(EnrolmentError) {
        try certificate.reload()
        try keys?.reload()
    }
}
