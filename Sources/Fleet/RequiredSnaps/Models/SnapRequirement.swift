import Snaps

/// A snap that every device of a model must have.
public struct SnapRequirement: Hashable, Sendable {
    public let snap: SnapName
    /// Such as `latest/stable`, for a snap that comes from a store; nil for the store's default.
    public let channel: String?
    /// Needs classic confinement.
    public let isClassic: Bool
    /// Those with the higher number come first in a device's request; 0 unless told.
    public let priority: Int

    /// Bytes of a channel.
    public static let longestChannel = 128
    /// Of one model.
    public static let most = 200
    public static let priorities = -1000...1000

    /// - Throws: ``FleetError/Code/requirementInvalid``.
    public init(snap: SnapName, channel: String? = nil, isClassic: Bool = false, priority: Int = 0) throws(FleetError) {
        if let channel, !Self.isChannel(channel) {
            throw FleetError(
                .requirementInvalid,
                "\(String(channel.prefix(40)).debugDescription) is no channel; write it as snapd does: latest/stable or 22/edge")
        }
        guard Self.priorities.contains(priority) else {
            throw FleetError(.requirementInvalid, "a priority is \(Self.priorities.lowerBound) to \(Self.priorities.upperBound)")
        }
        self.snap = snap
        self.channel = channel
        self.isClassic = isClassic
        self.priority = priority
    }

    /// One to three parts between slashes, each of letters, digits and `. _ -`.
    private static func isChannel(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return text.utf8.count <= longestChannel && (1...3).contains(parts.count)
            && parts.allSatisfy { part in
                !part.isEmpty
                    && part.allSatisfy { byte in
                        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                            || "._-".utf8.contains(byte)
                    }
            }
    }

    /// In the order in which a device is told of them.
    static func comesFirst(_ left: SnapRequirement, _ right: SnapRequirement) -> Bool {
        left.priority != right.priority ? left.priority > right.priority : left.snap < right.snap
    }
}
