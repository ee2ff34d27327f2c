/// The `Range` of a request, applied to a file: one range, from–to, from or suffix (RFC 9110 §14).
enum ByteRange: Equatable {
    /// No range that must be honoured: the whole file.
    case whole
    case part(Range<Int64>)
    /// The file has no such bytes: 416.
    case unsatisfiable

    /// - Parameter size: bytes of the file.
    init(_ header: String?, size: Int64) {
        // Several ranges, other units and broken headers may be ignored, and are.
        guard let header, header.hasPrefix("bytes="), !header.utf8.contains(UInt8(ascii: ",")) else {
            self = .whole
            return
        }
        let parts = header.dropFirst(6).split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }) else {
            self = .whole
            return
        }
        switch (Int64(parts[0]), Int64(parts[1])) {
        case (let first?, let last?) where parts[1].isEmpty == false:
            guard first <= last else {
                self = .whole
                return
            }
            self = first < size ? .part(first..<min(last, size - 1) + 1) : .unsatisfiable
        case (let first?, nil) where parts[1].isEmpty:
            self = first < size ? .part(first..<size) : .unsatisfiable
        case (nil, let suffix?) where parts[0].isEmpty:
            self = suffix > 0 && size > 0 ? .part(max(0, size - suffix)..<size) : .unsatisfiable
        default: self = .whole
        }
    }
}
