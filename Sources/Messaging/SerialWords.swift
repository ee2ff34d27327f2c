import DeviceAuth

/// Under which word each device's required installs are published: its serial, or its identity, without what is not
/// `[A-Za-z0-9_-]`.
///
/// A device says its serial itself, so a word that is another device's identity, that an operator gave to another, or that
/// another device has said before, is not given: a device must not have orders sent to its neighbour.
struct SerialWords {
    /// Devices whose word differs from their identity; beyond it they get no required installs.
    static let most = 200_000

    private var words: [DeviceID: String] = [:]
    private var owners: [String: DeviceID] = [:]
    /// Words that several devices had said before the start: nobody knows any more who was first.
    private var contested: Set<String> = []
    private let facts: DeviceFacts

    /// - Parameter known: what devices have said before the start.
    init(facts: DeviceFacts, known: [(device: DeviceID, serial: String)] = []) {
        self.facts = facts
        for (device, serial) in known {
            let word = Self.filtered(serial)
            guard !word.isEmpty, word != device.text, !contested.contains(word), words.count < Self.most else { continue }
            if let other = owners[word] {
                release(other)
                contested.insert(word)
            } else {
                words[device] = word
                owners[word] = device
            }
        }
    }

    /// The word of a device; nil when what it would be belongs to another.
    ///
    /// - Parameter serial: as the device says it now, which counts when the fleet knows none; nil keeps what it said before.
    mutating func word(of device: DeviceID, serial: String?) -> String? {
        let word = (facts.serial(device) ?? serial).map(Self.filtered) ?? words[device] ?? Self.filtered(device.text)
        if word == device.text {
            release(device)
            return word
        }
        guard !word.isEmpty else { return nil }
        if let other = try? DeviceID(word), facts.isDevice(other) { return nil }
        if let owner = facts.owner(word) {
            guard owner == device else { return nil }
            // Whoever has said it before has it no more.
            if let former = owners[word] { release(former) }
            release(device)
            return word
        }
        guard owners[word] ?? device == device, !contested.contains(word) else { return nil }
        if words[device] != word {
            release(device)
            guard words.count < Self.most else { return nil }
            words[device] = word
            owners[word] = device
        }
        return word
    }

    private mutating func release(_ device: DeviceID) {
        guard let word = words.removeValue(forKey: device) else { return }
        owners[word] = nil
    }

    static func filtered(_ text: String) -> String {
        let allowed = text.utf8.filter { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"): true
            default: false
            }
        }
        return String(decoding: allowed, as: UTF8.self)
    }
}
