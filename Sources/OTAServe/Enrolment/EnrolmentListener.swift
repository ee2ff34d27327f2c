import Enrolment

/// The listener of devices that enrol, and the certificate that it shows.
struct EnrolmentListener: Sendable {
    let server: EnrolmentServer
    let certificate: EnrolmentCertificate
}
