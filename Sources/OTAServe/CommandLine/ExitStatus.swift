import DeviceAuth
import Enrolment
import FileTree
import Fleet
import Gateway
import MQTT
import Messaging
import OperatorAuth
import Persistence
import SiteSync
import Snaps
import TUF
import UpdateTree

/// The exit codes that scripts may rely on (sysexits).
enum ExitStatus: Int32 {
    case failed = 1
    case usage = 64
    case badData = 65
    case unavailable = 69
    case tryAgain = 75
    case notPermitted = 77

    /// Nil for errors that are not ours.
    init?(_ error: any Error) {
        switch error {
        case let error as DeviceAuthError: self.init(error.code.category)
        case let error as FleetError: self.init(error.code)
        case let error as UpdateTreeError: self.init(error.code)
        case let error as PersistenceError: self.init(error.code)
        case let error as FileTreeError: self = error.code == .notPermitted ? .notPermitted : .failed
        case let error as TUFError: self.init(error.code)
        case let error as SiteSyncError: self.init(error.code)
        case let error as TransferError: self.init(error.code)
        case let error as BundleError: self.init(error.code)
        case let error as SiteReportError: self = error.code == .siteUnknown ? .failed : .badData
        case is OperatorAuthError, is SnapsError: self = .usage
        case is MessagingError, is MQTTError: self = .badData
        case is BrokerFolderError: self = .failed
        case is ConfigurationError: self = .badData
        case let error as GatewayError: self = error.code == .addressUnusable ? .unavailable : .badData
        case let error as EnrolmentError: self = error.code == .addressUnusable ? .unavailable : .badData
        case is ListenError: self = .unavailable
        case let error as RunningServerError: self = error.exit
        default: return nil
        }
    }

    private init(_ category: DeviceAuthError.Category) {
        switch category {
        case .usage: self = .usage
        case .badData: self = .badData
        case .unavailable: self = .unavailable
        case .notPermitted: self = .notPermitted
        case .failed: self = .failed
        }
    }

    private init(_ code: FleetError.Code) {
        switch code {
        case .headerInvalid, .reportInvalid, .rolloutInvalid, .attributeInvalid, .filterInvalid, .attributeUnknown,
            .configurationInvalid, .planInvalid, .enrolmentInvalid:
            self = .badData
        case .storage: self = .tryAgain
        default: self = .failed
        }
    }

    private init(_ code: UpdateTreeError.Code) {
        switch code {
        case .updateUnknown, .updateExists, .updateAssigned, .uploadUnknown, .snapUnknown, .snapExists, .snapNeeded: self = .failed
        case .storage, .storageFull, .uploadBusy, .storeBusy, .updateChanged, .metadataNotRefreshed: self = .tryAgain
        default: self = .badData
        }
    }

    private init(_ code: BundleError.Code) {
        switch code {
        case .nothingToExport, .targetTaken: self = .failed
        case .storage, .storageFull: self = .tryAgain
        default: self = .badData
        }
    }

    private init(_ code: TUFError.Code) {
        switch code {
        case .storage, .channelBusy: self = .tryAgain
        case .keyExposed: self = .notPermitted
        case .channelExists, .channelMissing, .rootPending, .rootNotPending, .keyMissing, .passphraseWrong: self = .failed
        default: self = .badData
        }
    }

    private init(_ code: PersistenceError.Code) {
        switch code {
        case .dataDirectoryInUse, .storage, .storageFull: self = .tryAgain
        case .dataDirectoryMissing: self = .unavailable
        case .corrupt: self = .badData
        }
    }
}
