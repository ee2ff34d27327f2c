import DeviceAuth

/// Who may read and write what at the broker, as mosquitto's `acl_file` has it.
public struct BrokerAccessList: Sendable {
    /// The words of devices whose serial differs from their identity.
    public private(set) var words: [DeviceID: String]
    /// Devices that get no line, because their word is another device's, or empty.
    public private(set) var passedOver: [DeviceID] = []

    /// Devices with a line of their own.
    public static let most = 200_000

    /// Reads lines of a device's identity and its serial; empty ones and those that begin with `#` are passed over.
    ///
    /// - Throws: ``MessagingError/Code/serialsInvalid``.
    public init(serials text: String) throws(MessagingError) {
        var words: [DeviceID: String] = [:]
        var owners: [String: DeviceID] = [:]
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let fields = line.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "," || $0 == "\r" })
            guard let first = fields.first, !first.hasPrefix("#") else { continue }
            guard fields.count == 2, let device = try? DeviceID(first), words.count < Self.most else {
                throw MessagingError(
                    .serialsInvalid, "line \(index + 1) is no identity and serial of a device; write both, at most \(Self.most) lines")
            }
            let word = SerialWords.filtered(String(fields[1]))
            guard !word.isEmpty, owners[word] == nil, words[device] == nil else {
                throw MessagingError(
                    .serialsInvalid,
                    "line \(index + 1): the device or the serial stands there twice, or nothing of the serial is usable; mend the list")
            }
            words[device] = word
            owners[word] = device
        }
        for (device, word) in words where word != device.text {
            if let other = try? DeviceID(word), words[other] != nil, words[other] != word {
                throw MessagingError(.serialsInvalid, "the serial of \(device) is the identity of another device; give it another")
            }
        }
        self.words = words
    }

    /// Gives a line to every device that is registered with another serial than its identity, and to every one whose identity has
    /// characters that the topic does not. What a list of serials says of a device stays.
    public mutating func add(enrolled: [(device: DeviceID, serial: String)], devices: [DeviceID]) {
        var owners: [String: DeviceID] = [:]
        for (device, word) in words { owners[word] = device }
        let identities = Set(devices).union(enrolled.map(\.device))
        var serials: [DeviceID: String] = [:]
        for (device, serial) in enrolled { serials[device] = serial }
        // Those that an operator named come first: nobody's identity takes a serial away.
        var seen: Set<DeviceID> = []
        for device in enrolled.map(\.device) + devices where words[device] == nil && seen.insert(device).inserted {
            let word = SerialWords.filtered(serials[device] ?? device.text)
            guard word != device.text else { continue }
            let isAnother = (try? DeviceID(word)).map(identities.contains) ?? false
            guard !word.isEmpty, !isAnother, owners[word] == nil, words.count < Self.most else {
                passedOver.append(device)
                continue
            }
            words[device] = word
            owners[word] = device
        }
    }

    public var text: String {
        var text = """
            # Made by: otaserve mqtt broker-config. The server:
            user \(CertificateDirectory.brokerUser)
            topic read devices/health/+
            topic read devices/pub/+
            topic write devices/sub/+
            topic write devices/actions/+/required-install


            """
        for (device, word) in words.sorted(by: { $0.key < $1.key }) where word != device.text {
            text += "user \(device)\ntopic read devices/actions/\(word)/required-install\n\n"
        }
        // %u is the common name of the device's certificate.
        return text + """
            # Every device, its own:
            pattern write devices/health/%u
            pattern write devices/pub/%u
            pattern read devices/sub/%u
            pattern read devices/actions/%u/required-install

            """
    }
}
