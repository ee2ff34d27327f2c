import ArgumentParser
import SiteSync

/// Bytes per second as a person writes them: `2MiB`, `500KiB`, `65536`.
struct ByteRate: ExpressibleByArgument, Equatable {
    let bytesPerSecond: Int64

    init?(argument: String) {
        let units: [(String, Int64)] = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("B", 1)]
        let unit = units.first { argument.hasSuffix($0.0) }
        let digits = argument.dropLast(unit?.0.count ?? 0)
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int64(digits) else { return nil }
        let (bytes, overflows) = count.multipliedReportingOverflow(by: unit?.1 ?? 1)
        guard !overflows, bytes >= RateLimit.least else { return nil }
        bytesPerSecond = bytes
    }
}
