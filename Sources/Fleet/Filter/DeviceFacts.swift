/// What a filter sees of one device: its state and when it was last seen, both as of one moment.
public struct DeviceFacts: Sendable {
    public let state: DeviceState
    /// Seconds since 1970; 0 when the device was never seen.
    public let lastSeen: Int64

    /// A device counts as online for this long after its last contact, in seconds: three of the five-minute polls
    /// that devices make by default.
    public static let onlineFor: Int64 = 15 * 60

    public init(state: DeviceState, lastSeen: Int64) {
        self.state = state
        self.lastSeen = lastSeen
    }

    public init(_ entry: DeviceEntry) { self.init(state: entry.state, lastSeen: entry.lastSeen) }

    public func isOnline(now: Int64) -> Bool { lastSeen > 0 && now &- lastSeen <= Self.onlineFor }

    /// The number at the end of a target's name, as 42 in `lmp-42`.
    public static func version(ofTarget name: String) -> Int64? {
        var number: Int64 = 0
        var unit: Int64 = 1
        var digits = 0
        for byte in name.utf8.reversed() {
            guard (0x30...0x39).contains(byte) else { break }
            digits += 1
            // A longer run of digits is a date or a hash rather than a version, and would not fit.
            guard digits <= FilterLimits.mostDigits else { return nil }
            number += Int64(byte - 0x30) * unit
            unit *= 10
        }
        return digits == 0 ? nil : number
    }
}

extension DeviceFacts {
    /// The value of an attribute that is a text or a choice; nil when the device has none.
    func text(_ attribute: FilterAttribute) -> String? {
        switch attribute {
        case .uuid: state.id.text
        case .name: state.name?.text
        case .group: state.group?.text
        case .tag: state.tag?.text
        case .channel: state.channel.rawValue
        case .update: state.updateName?.text
        case .target: state.targetName
        case .ostree: state.ostreeHash
        case .hardware: state.hardwareID
        case .status: state.status.rawValue
        case .label(let key): state.labels[key]
        case .version, .app, .online, .denied, .registered, .lastSeen, .createdAt, .certificateEnds: nil
        }
    }

    /// The value of an attribute that is a number or a time in seconds since 1970; nil when the device has none.
    func number(_ attribute: FilterAttribute) -> Int64? {
        switch attribute {
        case .version: state.targetName.flatMap(Self.version(ofTarget:))
        case .lastSeen: lastSeen > 0 ? lastSeen : nil
        case .createdAt: state.createdAt
        case .certificateEnds: state.certificateEnds
        default: nil
        }
    }

    /// The value of an attribute that is true or false.
    func flag(_ attribute: FilterAttribute, now: Int64) -> Bool {
        switch attribute {
        case .online: isOnline(now: now)
        case .denied: state.isDenied
        case .registered: state.key != nil
        default: false
        }
    }

    /// Not asked of attributes that are true or false.
    func has(_ attribute: FilterAttribute) -> Bool {
        attribute == .app ? !state.apps.isEmpty : text(attribute) != nil || number(attribute) != nil
    }
}
