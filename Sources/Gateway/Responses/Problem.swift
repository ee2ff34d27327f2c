import DeviceAuth
import Fleet
import NIOCore
import Snaps

/// An answer that says what is wrong (RFC 9457), with a slug that stays the same for ever.
struct Problem: Error {
    let status: Int
    let slug: String
    let detail: String

    var response: Response {
        let body = """
            {"type":"urn:otaserve:problem:\(slug)","title":\(Self.quoted(slug.replacing("-", with: " "))),\
            "status":\(status),"slug":"\(slug)","detail":\(Self.quoted(detail))}\n
            """
        return .bytes(status, type: "application/problem+json", ByteBuffer(string: body))
    }

    /// Every other byte of a message may come from a device: all that JSON reserves is escaped.
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "\u{0}"..<"\u{20}", "\u{7F}":
                let hex = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    static let notFound = Problem(status: 404, slug: "not-found", detail: "there is nothing at this path")
    static let methodNotAllowed = Problem(
        status: 405, slug: "method-not-allowed", detail: "this path does not take this method")
    static let certificateRequired = Problem(
        status: 403, slug: "certificate-required", detail: "present the device's client certificate in the TLS handshake")
    static let tokenInvalid = Problem(
        status: 403, slug: "registry-token-invalid",
        detail: "the token is missing, expired or not this device's; ask /app-proxy-url for one")
    static let contentTooLarge = Problem(
        status: 413, slug: "body-too-large", detail: "the body is longer than this path takes")
    static let headTooLarge = Problem(
        status: 431, slug: "header-too-large", detail: "the header fields are longer than 16 KiB")
    static let lengthInvalid = Problem(
        status: 400, slug: "request-malformed", detail: "the request is not well-formed HTTP")
    static let certificateExpired = Problem(
        status: 403, slug: "certificate-expired", detail: "the certificate has expired; renew it")
    static let siteNotADevice = Problem(
        status: 403, slug: "site-not-a-device",
        detail: "a site's certificate reaches /site/v1/ alone; present a device's certificate here")
    static let siteCertificateRequired = Problem(
        status: 403, slug: "site-certificate-required",
        detail: "this path is for sites; present a certificate made with otaserve pki issue-site")
    static let siteReportsUnavailable = Problem(
        status: 503, slug: "site-reports-unavailable", detail: "this server takes no reports of sites; send none, or try again later")
    static let updateUnknown = Problem(
        status: 404, slug: "update-unknown",
        detail: "there is no such update that this site may read; see /site/v1/updates and the grants in its certificate")
    static let noAssignment = Problem(
        status: 404, slug: "no-update-assigned", detail: "no update is assigned to this device; add it to a rollout")
    static let noTag = Problem(
        status: 404, slug: "no-tag", detail: "an update is assigned, but this device never sent x-ats-tags")
    static let updateMissing = Problem(
        status: 404, slug: "update-missing",
        detail: "the assigned update does not exist for this device's channel and tag; import it or assign another")
    static let updateNotVerified = Problem(
        status: 404, slug: "update-not-verified",
        detail: "the assigned update was not checked or was refused; see otaserve updates list and otaserve updates verify")
    static let anotherDevice = Problem(
        status: 403, slug: "device-differs", detail: "deviceId names another device than the certificate; send the certificate's, or none")
    static let busy = Problem(status: 503, slug: "server-busy", detail: "too much is being sent at once; try again")
    static let storageFailed = Problem(
        status: 503, slug: "storage-failed", detail: "the server could not store this; try again, nothing was kept")

    init(status: Int, slug: String, detail: String) {
        self.status = status
        self.slug = slug
        self.detail = detail
    }

    init(_ error: FleetError) {
        let status =
            switch error.code {
            case .deviceDenied, .deviceDeleted, .deviceNotRegistered, .deviceKeyChanged, .devicePending, .deviceRejected: 403
            case .headerInvalid, .reportInvalid, .attributeInvalid, .filterInvalid, .attributeUnknown, .configurationInvalid, .planInvalid,
                .rolloutInvalid, .rolloutConflict, .requirementInvalid, .snapOrderInvalid, .enrolmentInvalid:
                400
            case .deviceUnknown, .registrationUnknown, .rolloutUnknown, .updateUnknown, .configurationUnknown, .modelUnknown,
                .enrolmentUnknown,
                .requirementUnknown:
                404
            case .updateAssigned, .countDiffers, .snapOrdersFull, .enrolmentExists, .enrolmentDone, .enrolmentExpired: 409
            case .storage, .registrationsFull, .deviceBusy: 503
            case .lastEventIDGone: 410
            }
        self.init(status: status, slug: error.code.rawValue, detail: error.message)
    }

    init(_ refusal: CertificateRefusal) {
        self.init(status: 403, slug: refusal.code.rawValue, detail: refusal.message)
    }

    init(_ error: SnapsError) { self.init(status: 400, slug: error.code.rawValue, detail: error.message) }

    /// For errors that carry no answer of their own: the log has the reason.
    init(_ error: any Error) {
        switch error {
        case let error as Problem: self = error
        case let error as FleetError: self.init(error)
        case let error as SnapsError: self.init(error)
        default: self = .storageFailed
        }
    }
}
