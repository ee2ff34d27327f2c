import DeviceAuth
import Fleet
import Hummingbird
import NIOCore
import OperatorAuth
import Snaps
import UpdateTree

/// Every error of the modules below, and the status that goes with it.
extension Problem {
    init(_ error: any Error) {
        switch error {
        case let error as Problem: self = error
        case let error as OperatorAuthError:
            self.init(Self.status(error.code), error.code.rawValue, error.message, headers: Self.headers(error.code))
        case let error as FleetError:
            self.init(Self.status(error.code), error.code.rawValue, error.message)
            position = error.position
        // Names in a path or a body.
        case let error as SnapsError: self.init(.badRequest, error.code.rawValue, error.message)
        case let error as UpdateTreeError: self.init(Self.status(error.code), error.code.rawValue, error.message)
        case let error as DeviceAuthError: self.init(Self.status(error.code.category), error.code.rawValue, error.message)
        case is StorageFailure:
            self.init(.serviceUnavailable, "storage-failed", "what is kept cannot be read or written now; see the server's log")
        case let error as HTTPError: self.init(error.status)
        default: self.init(.internalServerError, "internal-error", "the server made a mistake; see its log")
        }
    }

    private init(_ status: HTTPResponse.Status) {
        switch status {
        case .notFound: self.init(status, "route-unknown", "there is nothing at this path; see /openapi.yaml")
        case .contentTooLarge: self.init(status, "body-too-large", "the body is too long; send less at once")
        default: self.init(status, "request-invalid", "the request cannot be answered: \(status.reasonPhrase)")
        }
    }

    private static func status(_ code: OperatorAuthError.Code) -> HTTPResponse.Status {
        switch code {
        case .tokenMissing, .tokenInvalid, .tokenExpired: .unauthorized
        case .scopeMissing: .forbidden
        case .scopeInvalid, .lifetimeInvalid: .badRequest
        }
    }

    private static func headers(_ code: OperatorAuthError.Code) -> HTTPFields {
        status(code) == .unauthorized ? [.wwwAuthenticate: "Bearer"] : [:]
    }

    private static func status(_ code: FleetError.Code) -> HTTPResponse.Status {
        switch code {
        case .deviceUnknown, .registrationUnknown, .rolloutUnknown, .updateUnknown, .configurationUnknown, .modelUnknown, .enrolmentUnknown,
            .requirementUnknown:
            .notFound
        case .deviceDenied, .deviceDeleted, .deviceNotRegistered, .deviceKeyChanged, .devicePending, .deviceRejected, .rolloutInvalid,
            .rolloutConflict, .updateAssigned, .countDiffers, .snapOrdersFull, .enrolmentExists, .enrolmentDone, .enrolmentExpired:
            .conflict
        case .headerInvalid, .reportInvalid, .attributeInvalid, .filterInvalid, .attributeUnknown, .configurationInvalid, .planInvalid,
            .requirementInvalid, .snapOrderInvalid, .enrolmentInvalid:
            .badRequest
        case .storage, .registrationsFull, .deviceBusy: .serviceUnavailable
        case .lastEventIDGone: .gone
        }
    }

    private static func status(_ code: UpdateTreeError.Code) -> HTTPResponse.Status {
        switch code {
        case .tagInvalid, .updateNameInvalid, .channelInvalid, .appNameInvalid, .digestInvalid, .pathInvalid: .badRequest
        case .uploadInvalid: .badRequest
        case .updateUnknown, .uploadUnknown, .snapUnknown: .notFound
        case .snapInvalid, .snapUnreadable, .snapNeeded: .unprocessableContent
        case .snapExists, .updateExists, .updateAssigned, .updateChanged, .uploadOffset: .conflict
        case .sourceInvalid, .archiveRefused, .updateRefused, .descriptionMissing, .inventoryInvalid: .unprocessableContent
        case .uploadTooLarge: .contentTooLarge
        case .storage, .uploadBusy, .storeBusy, .storeDamaged, .metadataNotRefreshed: .serviceUnavailable
        case .storageFull: HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
        }
    }

    private static func status(_ category: DeviceAuthError.Category) -> HTTPResponse.Status {
        switch category {
        case .usage: .badRequest
        case .badData: .unprocessableContent
        case .unavailable: .serviceUnavailable
        case .notPermitted, .failed: .internalServerError
        }
    }
}
