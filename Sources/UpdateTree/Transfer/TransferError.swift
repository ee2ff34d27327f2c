/// Why an update could not be brought over. What its checks found is no error but an ``UpdateReport``.
public struct TransferError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        /// A file is not what the inventory says. It was discarded.
        case contentWrong = "transfer-content-wrong"
        /// The inventory names what no update may hold, or contradicts itself.
        case inventoryUnusable = "transfer-inventory-unusable"
        /// More files or bytes than are taken over.
        case tooLarge = "transfer-too-large"
        /// Another transfer works on this data directory.
        case busy = "transfer-busy"
        /// What was assembled is not what the inventory says.
        case assemblyDiffers = "transfer-assembly-differs"
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { "\(code.rawValue): \(message)" }
}
