/// The name of a configuration file: devices make a file of it in their secrets directory.
public struct ConfigurationFileName: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let text: String

    /// Bytes.
    public static let longest = 128

    /// What overrides aktualizr-lite's settings. Its keys are merged; every other file is replaced as a whole.
    public static let mergedByKey = "z-50-fioctl.toml"

    /// One component: letters, digits and `_ . + @ -`, 1 to 128 bytes, beginning with a letter, a digit or `_`.
    public init(_ text: some StringProtocol) throws(FleetError) {
        guard (1...Self.longest).contains(text.utf8.count), let first = text.utf8.first, Self.begins(first),
            text.utf8.allSatisfy({ Self.begins($0) || Self.marks.contains($0) })
        else {
            throw FleetError(
                .configurationInvalid,
                "a configuration file's name is 1 to \(Self.longest) letters, digits and _ . + @ - and begins with a letter, a digit or _")
        }
        self.text = String(text)
    }

    public var isMergedByKey: Bool { text == Self.mergedByKey }

    private static let marks: [UInt8] = [UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "@"), UInt8(ascii: "-")]

    private static func begins(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }

    public static func < (left: ConfigurationFileName, right: ConfigurationFileName) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    public var description: String { text }
}
