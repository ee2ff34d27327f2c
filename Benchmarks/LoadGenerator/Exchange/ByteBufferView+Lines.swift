import NIOCore

extension ByteBufferView {
    /// The number of bytes up to and with the first empty line, or nil when there is none yet.
    var endOfHead: Int? {
        withUnsafeBytes { bytes in
            var index = 3
            while index < bytes.count {
                switch bytes[index] {
                case UInt8(ascii: "\n"):
                    if bytes[index - 1] == UInt8(ascii: "\r"), bytes[index - 2] == UInt8(ascii: "\n"),
                        bytes[index - 3] == UInt8(ascii: "\r")
                    {
                        return index + 1
                    }
                    index += 2
                case UInt8(ascii: "\r"): index += 1
                default: index += 4
                }
            }
            return nil
        }
    }

    /// The value of a header line `name: value\r` when it is the field of that (lower-case) name; blanks around the value are left out.
    func value(ofField name: StaticString) -> ByteBufferView? {
        let length = name.utf8CodeUnitCount
        let matches = withUnsafeBytes { bytes in
            guard bytes.count > length, bytes[length] == UInt8(ascii: ":") else { return false }
            // Header names are letters and hyphens here: setting bit 5 makes letters lower case and leaves the hyphen alone.
            for index in 0..<length where bytes[index] | 0x20 != name.utf8Start[index] { return false }
            return true
        }
        guard matches else { return nil }
        var value = dropFirst(length + 1)
        while let byte = value.first, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { value = value.dropFirst() }
        while let byte = value.last, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\r") { value = value.dropLast() }
        return value
    }
}
