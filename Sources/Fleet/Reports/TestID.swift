/// The id of a test run on a device; names a directory.
public struct TestID: Hashable, Sendable {
    public let text: String

    /// Nil unless 1 to 64 letters, digits and `-`, beginning with a letter or digit.
    public init?(_ text: some StringProtocol) {
        guard let first = text.utf8.first, first != 0x2D, (1...64).contains(text.utf8.count),
            text.utf8.allSatisfy({
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D
            })
        else { return nil }
        self.text = String(text)
    }

    public static func random() -> TestID {
        TestID(known: String(UInt64.random(in: .min ... .max), radix: 36) + String(UInt64.random(in: .min ... .max), radix: 36))
    }

    private init(known text: String) { self.text = text }
}

/// The name of a file of a test run.
public struct TestFileName: Hashable, Sendable {
    public let text: String

    /// The record of the run itself.
    public static let record = TestFileName(known: "test.json")

    /// Nil unless 1 to 100 letters, digits and `_ . -`, beginning with a letter or digit.
    public init?(_ text: some StringProtocol) {
        guard let first = text.utf8.first, (1...100).contains(text.utf8.count),
            first != 0x2D, first != 0x2E, first != 0x5F, text != Self.record.text,
            text.utf8.allSatisfy({
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                    || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F
            })
        else { return nil }
        self.text = String(text)
    }

    private init(known text: String) { self.text = text }
}
