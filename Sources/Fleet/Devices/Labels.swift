/// What operators note about a device: words with values, such as `site=oslo`.
public struct Labels: Equatable, Sendable {
    /// By key; keys and values are valid.
    public private(set) var values: [String: String]

    public static let most = 32
    public static let longestKey = 64
    /// Bytes of UTF-8.
    public static let longestValue = 128

    public init() { values = [:] }

    /// Throws when a key or a value cannot be used, or there are too many.
    public init(_ values: [String: String]) throws(FleetError) {
        self.values = [:]
        for (key, value) in values { try set(key, to: value) }
    }

    public subscript(key: String) -> String? { values[key] }

    /// Nil removes the label.
    public mutating func set(_ key: String, to value: String?) throws(FleetError) {
        guard AttributeWord.isValid(key, longest: Self.longestKey) else {
            throw FleetError(
                .attributeInvalid, "a label's key is 1 to \(Self.longestKey) letters, digits and _ . - and begins with a letter or digit")
        }
        guard let value else {
            values[key] = nil
            return
        }
        guard (1...Self.longestValue).contains(value.utf8.count),
            value.unicodeScalars.allSatisfy({ $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
        else {
            throw FleetError(
                .attributeInvalid, "the value of the label \(key) is 1 to \(Self.longestValue) bytes without control characters")
        }
        guard values[key] != nil || values.count < Self.most else {
            throw FleetError(.attributeInvalid, "a device has at most \(Self.most) labels; remove one first")
        }
        values[key] = value
    }
}

enum AttributeWord {
    /// Letters, digits and `_ . -`, beginning with a letter or digit.
    static func isValid(_ text: some StringProtocol, longest: Int) -> Bool {
        guard let first = text.utf8.first, isAlphanumeric(first), text.utf8.count <= longest else { return false }
        return text.utf8.allSatisfy { isAlphanumeric($0) || $0 == 0x5F || $0 == 0x2E || $0 == 0x2D }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
