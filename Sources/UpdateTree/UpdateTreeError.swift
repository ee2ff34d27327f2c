/// Why an update, a name or a path was refused.
public struct UpdateTreeError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        case tagInvalid = "tag-invalid"
        case updateNameInvalid = "update-name-invalid"
        case channelInvalid = "channel-invalid"
        case appNameInvalid = "app-name-invalid"
        case digestInvalid = "digest-invalid"
        case pathInvalid = "path-invalid"
        case updateUnknown = "update-unknown"
        case updateExists = "update-exists"
        case updateAssigned = "update-assigned"
        case sourceInvalid = "update-source-invalid"
        case archiveRefused = "update-archive-refused"
        case updateChanged = "update-changed"
        case uploadInvalid = "upload-invalid"
        case uploadOffset = "upload-offset-mismatch"
        case uploadTooLarge = "upload-too-large"
        case uploadBusy = "upload-busy"
        case uploadUnknown = "upload-unknown"
        case metadataNotRefreshed = "metadata-not-refreshed"
        case updateRefused = "update-refused"
        case descriptionMissing = "update-description-missing"
        case inventoryInvalid = "inventory-invalid"
        case snapInvalid = "snap-invalid"
        case snapUnreadable = "snap-unreadable"
        case snapExists = "snap-exists"
        case snapUnknown = "snap-unknown"
        case snapNeeded = "snap-needed"
        case storeBusy = "store-busy"
        case storeDamaged = "store-damaged"
        case storage = "storage-failed"
        case storageFull = "storage-full"
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { "\(code.rawValue): \(message)" }
}
