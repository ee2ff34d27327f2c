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
        case storage = "storage-failed"
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { "\(code.rawValue): \(message)" }
}
