/// The serial number of a device of one brand and model, as `serial` in its serial assertion has it.
///
/// Text without control characters and without `/`, at most 128 bytes.
public struct SerialNumber: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    public static let longest = 128

    /// - Throws: ``SnapsError/Code/serialInvalid``.
    public init(_ text: some StringProtocol) throws(SnapsError) {
        guard (1...Self.longest).contains(text.utf8.count), text.first != " ", text.last != " ",
            text.unicodeScalars.allSatisfy({ $0 != "/" && Self.isPlain($0) })
        else {
            throw SnapsError(
                .serialInvalid,
                "\(String(text.prefix(140)).debugDescription) is no serial number; use 1 to \(Self.longest) bytes of text without / and control characters"
            )
        }
        self.text = String(text)
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: false
        default: true
        }
    }

    public var description: String { text }
}
