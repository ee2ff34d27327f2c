/// The id of a rollout; names a directory below `rollouts/`. Ids sort by the time of their making.
public struct RolloutID: Hashable, Sendable, Codable, CustomStringConvertible {
    public let text: String

    /// Letters, digits and `-`, 1 to 48, beginning with a letter or digit. `active` is the name of a folder.
    public init(_ text: some StringProtocol) throws(FleetError) {
        guard let first = text.utf8.first, first != 0x2D, text.utf8.count <= 48, text != "active",
            text.utf8.allSatisfy({
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D
            })
        else {
            throw FleetError(
                .rolloutUnknown, "\(String(text.prefix(60)).debugDescription) is no rollout id; see the list of rollouts")
        }
        self.text = String(text)
    }

    private init(known text: String) { self.text = text }

    /// - Parameter seconds: since 1970.
    public static func make(at seconds: Int64) -> RolloutID {
        let random = String(UInt32.random(in: 0x1000_0000 ... .max), radix: 16)
        return RolloutID(known: "\(seconds)-\(random)")
    }

    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    public var description: String { text }
}
