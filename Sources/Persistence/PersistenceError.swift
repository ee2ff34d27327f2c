/// Why something could not be stored or read back.
public struct PersistenceError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        case storage = "storage-failed"
        case storageFull = "storage-full"
        case dataDirectoryInUse = "datadir-in-use"
        case dataDirectoryMissing = "datadir-missing"
        case corrupt = "storage-corrupt"
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { "\(code.rawValue): \(message)" }
}
