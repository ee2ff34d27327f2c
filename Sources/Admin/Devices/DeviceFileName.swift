/// The name of a file that a device sent.
struct DeviceFileName: Sendable {
    let text: String

    /// Throws unless 1 to 128 letters, digits and `_ . + -`, beginning with a letter or digit.
    init(_ text: String) throws(Problem) {
        let isPlain = text.utf8.allSatisfy { Self.isAlphanumeric($0) || Self.isMark($0) }
        guard let first = text.utf8.first, Self.isAlphanumeric(first), isPlain, text.utf8.count <= 128 else {
            throw Problem(.badRequest, "file-name-invalid", "this names no file of a device; see the device's list of files")
        }
        self.text = text
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    private static func isMark(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
    }

    /// Never a type that a browser would run.
    var mediaType: String {
        if text == "hardware-info" || text == "network-info" || text.hasPrefix("apps-states-") { return "application/json" }
        if text.hasPrefix("events-") { return "application/x-ndjson" }
        return "text/plain; charset=utf-8"
    }
}
