/// Why somebody changed configuration files, in one line.
public struct ConfigurationReason: Equatable, Sendable, CustomStringConvertible {
    public let text: String

    /// Bytes.
    public static let longest = 256

    /// 1 to 256 bytes without control characters.
    public init(_ text: some StringProtocol) throws(FleetError) {
        guard (1...Self.longest).contains(text.utf8.count),
            text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
        else {
            throw FleetError(.configurationInvalid, "say in `reason` why: 1 to \(Self.longest) bytes on one line")
        }
        self.text = String(text)
    }

    public var description: String { text }
}
