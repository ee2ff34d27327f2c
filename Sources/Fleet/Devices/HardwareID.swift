/// Finds the hardware id of a device in what the device itself sends.
public enum HardwareID {
    /// Bytes.
    public static let longest = 80

    /// `primary_ecu_hardware_id` of the client's configuration (`aktoml`), which the client sends at its start; nil
    /// when it is absent or none that a target could name.
    public static func primary(inConfiguration text: String) -> String? {
        for line in text.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, parts[0].allSatisfy({ $0 != "#" }),
                parts[0].filter({ !$0.isWhitespace }) == "primary_ecu_hardware_id"
            else { continue }
            let value = parts[1].drop { $0.isWhitespace }
            guard let quote = value.first, quote == "\"" || quote == "'" else { return nil }
            let word = value.dropFirst().prefix { $0 != quote }
            return isValid(word) ? String(word) : nil
        }
        return nil
    }

    /// Letters, digits and `_ . + -`, at most 80: what a target may name.
    public static func isValid(_ text: some StringProtocol) -> Bool {
        (1...longest).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == 0x5F || byte == 0x2E || byte == 0x2B || byte == 0x2D
            }
    }
}
