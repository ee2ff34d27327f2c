/// The records of one extended header (POSIX.1-2017, pax, "pax Extended Header"): `length key=value\n`, again and again.
///
/// Kept is what says where a file is and how long; times, owners and attributes are passed over.
struct PaxRecords {
    static let mostBytes: Int64 = 64 << 10
    static let mostRecords = 64

    private(set) var path: [UInt8]?
    private(set) var size: Int64?
    private(set) var hasLinkPath = false

    init(_ bytes: [UInt8]) throws(ArchiveError) {
        var rest = bytes[...]
        var count = 0
        while !rest.isEmpty {
            count += 1
            guard count <= Self.mostRecords else { throw Self.invalid("more than \(Self.mostRecords) records") }
            let (key, value) = try Self.takeRecord(&rest)
            try keep(key, value)
        }
    }

    private static func takeRecord(_ rest: inout ArraySlice<UInt8>) throws(ArchiveError) -> (String, ArraySlice<UInt8>) {
        let digits = rest.prefix { $0 != UInt8(ascii: " ") }
        guard let length = decimal(digits), length <= rest.count, length > digits.count + 1 else {
            throw invalid("a record with a wrong length")
        }
        let record = rest.prefix(Int(length))
        rest = rest.dropFirst(Int(length))
        guard record.last == UInt8(ascii: "\n") else { throw invalid("a record without an end of line") }
        let body = record.dropFirst(digits.count + 1).dropLast()
        guard let equals = body.firstIndex(of: UInt8(ascii: "=")), equals > body.startIndex,
            let key = String(validating: body[..<equals], as: UTF8.self)
        else { throw invalid("a record without a key") }
        return (key, body[(equals + 1)...])
    }

    private mutating func keep(_ key: String, _ value: ArraySlice<UInt8>) throws(ArchiveError) {
        switch key {
        case "path":
            guard path == nil, !value.isEmpty else { throw Self.invalid("no path or two") }
            path = Array(value)
        case "size":
            guard size == nil, let number = Self.decimal(value) else { throw Self.invalid("a size that is no number, or two") }
            size = number
        case "linkpath":
            hasLinkPath = true
        case _ where key.hasPrefix("GNU.sparse."), "SCHILY.realsize", "SUN.holesdata":
            throw ArchiveError(.sparse, "a file is stored with holes (\(key)); make the archive without --sparse")
        case _ where key.hasPrefix("GNU."), "SCHILY.filetype":
            throw ArchiveError(.typeUnsupported, "an entry needs \(key); make the archive of plain files and directories")
        default:
            break
        }
    }

    /// Up to 18 digits, which fit 63 bits, and no second way to write the same number.
    private static func decimal(_ digits: ArraySlice<UInt8>) -> Int64? {
        guard (1...18).contains(digits.count), digits.first != UInt8(ascii: "0") || digits.count == 1 else { return nil }
        var value: Int64 = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + Int64(digit - UInt8(ascii: "0"))
        }
        return value
    }

    static func invalid(_ what: String) -> ArchiveError {
        ArchiveError(.paxInvalid, "a pax header holds \(what); make the archive anew with tar --format=pax")
    }
}
