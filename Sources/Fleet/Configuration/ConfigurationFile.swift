/// One configuration file. Its value may be a secret: it is no text for a log, and this type does not print it.
public struct ConfigurationFile: Equatable, Sendable, CustomStringConvertible {
    /// As the device gets it: plain text, or what somebody encrypted for the device's key.
    public let value: String
    /// The command that the device runs when the file changed, with its arguments; empty for none.
    public let onChanged: [String]
    /// The value is not encrypted; otherwise the device decrypts it with its own key.
    public let isUnencrypted: Bool

    /// Bytes of a value.
    public static let largest = 256 << 10
    /// Words of a command.
    public static let mostWords = 16
    /// Bytes of a word of a command.
    public static let longestWord = 1024

    public init(value: String, onChanged: [String] = [], isUnencrypted: Bool) throws(FleetError) {
        guard value.utf8.count <= Self.largest else {
            throw FleetError(.configurationInvalid, "a configuration file may have \(Self.largest) bytes; make it smaller")
        }
        guard onChanged.count <= Self.mostWords,
            onChanged.allSatisfy({ $0.utf8.count <= Self.longestWord && !$0.utf8.contains(0) }), onChanged.first?.isEmpty != true
        else {
            throw FleetError(
                .configurationInvalid,
                "onChanged is a command of at most \(Self.mostWords) words of \(Self.longestWord) bytes, its first word not empty")
        }
        self.value = value
        self.onChanged = onChanged
        self.isUnencrypted = isUnencrypted
    }

    public var description: String { "\(value.utf8.count) bytes" }
}
