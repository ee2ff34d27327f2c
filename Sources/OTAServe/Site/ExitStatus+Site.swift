import SiteSync
import UpdateTree

extension ExitStatus {
    init(_ code: SiteSyncError.Code) {
        switch code {
        case .addressInvalid, .rateInvalid: self = .usage
        case .credentialsInvalid, .answerInvalid: self = .badData
        case .unreachable, .cutOff: self = .unavailable
        case .refused: self = .notPermitted
        case .changed, .busy, .storage: self = .tryAgain
        }
    }

    init(_ code: TransferError.Code) {
        switch code {
        case .busy: self = .tryAgain
        case .contentWrong, .inventoryUnusable, .tooLarge, .assemblyDiffers: self = .badData
        }
    }
}
