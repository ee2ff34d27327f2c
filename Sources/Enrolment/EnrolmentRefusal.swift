import Fleet
import Hummingbird
import Snaps

/// Why a request is not answered with credentials, in the form that agents read: `{"code":…,"message":…}`.
struct EnrolmentRefusal: Error, Equatable {
    let status: HTTPResponse.Status
    let code: String
    let message: String
    var retryAfter: Int64?

    static let bodyTooLarge = EnrolmentRefusal(
        status: .contentTooLarge, code: "body-too-large",
        message: "the body may have \(EnrolmentSettings.longestBody) bytes; send a model and a serial assertion and nothing else")
    static let timeout = EnrolmentRefusal(
        status: .requestTimeout, code: "request-timeout",
        message: "the body did not arrive within \(EnrolmentSettings.patience) seconds; send it again")
    static let unavailable = EnrolmentRefusal(
        status: .serviceUnavailable, code: "enrolment-unavailable",
        message: "nobody can be enrolled now; try again, and see the server's log")
    /// One answer for every device that may not enrol: who guesses serial numbers does not learn which ones exist.
    static let refused = EnrolmentRefusal(
        status: .forbidden, code: "enrolment-refused",
        message: "this device does not wait to be enrolled here; ask the operator, the server's log says why")

    static func tooMany(retryAfter: Int64) -> EnrolmentRefusal {
        EnrolmentRefusal(
            status: .tooManyRequests, code: "too-many-requests", message: "there are too many requests; try again in \(retryAfter) seconds",
            retryAfter: retryAfter)
    }

    /// What a device is told of an error; the log is told all of it.
    init(_ error: any Error) {
        switch error {
        case let error as EnrolmentRefusal: self = error
        case let error as SnapsError: self.init(status: .badRequest, code: error.code.rawValue, message: error.message)
        case let error as FleetError: self = Self.isDecision(error.code) ? .refused : .unavailable
        case let error as HTTPError where error.status == .notFound:
            self.init(status: .notFound, code: "route-unknown", message: "there is nothing here but POST /v1/device/enroll")
        case let error as HTTPError:
            self.init(
                status: error.status, code: "request-invalid", message: "the request cannot be answered: \(error.status.reasonPhrase)")
        default: self = .unavailable
        }
    }

    private static func isDecision(_ code: FleetError.Code) -> Bool {
        switch code {
        case .enrolmentUnknown, .enrolmentExpired, .enrolmentDone, .deviceDenied, .deviceDeleted: true
        default: false
        }
    }

    init(status: HTTPResponse.Status, code: String, message: String, retryAfter: Int64? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
    }

    var response: Response {
        var response = EnrolmentDocument.refusal(code: code, message: message).response(status)
        if let retryAfter { response.headers[.retryAfter] = "\(retryAfter)" }
        return response
    }
}
