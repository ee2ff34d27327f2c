import DeviceAuth
import FileTree

/// Where the fleet's log ends, and what has been added to it that nobody heard of.
struct FleetLogEnd {
    /// Positions at which the segments begin; the last one is being written.
    private var starts: [Int64]
    /// Bytes in the last segment.
    private var length: Int64
    private(set) var unannounced: [(device: DeviceID, span: Range<Int64>)] = []

    init(_ folder: FleetLogFolder) throws(FileTreeError) {
        starts = try folder.starts()
        length = starts.last.flatMap { folder.root.status(FleetLogFolder.path($0))?.size } ?? 0
    }

    var position: Int64 { (starts.last ?? 0) + length }

    /// Lines of devices at the end of the log.
    mutating func append(_ lines: [(device: DeviceID, bytes: [UInt8])], limits: FleetLogLimits) -> [JournalRecord.Change] {
        guard !lines.isEmpty else { return [] }
        var changes: [JournalRecord.Change] = []
        if starts.isEmpty { starts = [0] }
        if length >= limits.segment {
            starts.append(position)
            length = 0
        }
        // More than one: the limit may be lower than it was.
        while starts.count > limits.segments { changes.append(.remove(path: FleetLogFolder.path(starts.removeFirst()))) }
        let begin = length
        var bytes: [UInt8] = []
        for line in lines {
            let start = position
            bytes += line.bytes
            length += Int64(line.bytes.count)
            if let last = unannounced.last, last.device == line.device, last.span.upperBound == start {
                unannounced[unannounced.count - 1].span = last.span.lowerBound..<position
            } else {
                unannounced.append((line.device, start..<position))
            }
        }
        changes.append(.write(path: FleetLogFolder.path(starts[starts.count - 1]), offset: begin, bytes: bytes))
        return changes
    }

    mutating func takeUnannounced() -> [(device: DeviceID, span: Range<Int64>)] {
        defer { unannounced = [] }
        return unannounced
    }
}

/// How much of the fleet's log is kept.
struct FleetLogLimits {
    /// Bytes after which a segment is followed by the next one.
    var segment: Int64 = 16 << 20
    var segments = 32
}
