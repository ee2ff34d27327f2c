import Snaps

/// Which model a device is, as far as anybody said, and who said so.
public struct DeviceModel: Hashable, Sendable {
    /// Who said it; the later one in this list is believed rather than the earlier one.
    public enum Source: String, Sendable, CaseIterable, Comparable {
        /// The hardware id in the device's inventory.
        case inventory
        case heartbeat
        /// The model assertion that the device was enrolled with.
        case assertion
        /// An operator.
        case admin

        private var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }

        public static func < (left: Source, right: Source) -> Bool { left.place < right.place }
    }

    /// What somebody said of the device.
    public struct Claim: Hashable, Sendable {
        public let name: ModelName
        public let brand: String?
        public let source: Source

        public init(name: ModelName, brand: String? = nil, source: Source) {
            self.name = name
            self.brand = brand
            self.source = source
        }
    }

    /// What an operator set.
    public var assigned: ModelName?
    /// What the device itself said, or was enrolled with.
    public var reported: Claim?
    public var serial: String?

    public init(assigned: ModelName? = nil, reported: Claim? = nil, serial: String? = nil) {
        self.assigned = assigned
        self.reported = reported
        self.serial = serial
    }

    /// What counts; the inventory's hardware id when nobody said anything.
    public func effective(hardwareID: String?) -> Claim? {
        if let assigned { return Claim(name: assigned, brand: reported.flatMap { $0.name == assigned ? $0.brand : nil }, source: .admin) }
        if let reported { return reported }
        return hardwareID.flatMap { try? ModelName($0) }.map { Claim(name: $0, source: .inventory) }
    }

    /// Takes over what was said, unless somebody said so whose word is worth more.
    mutating func hear(_ claim: Claim) {
        if let reported, reported.source > claim.source { return }
        reported = claim
    }
}
