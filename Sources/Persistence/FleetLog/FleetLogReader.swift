import DeviceAuth
import FileTree
import Fleet
import Glibc
import Synchronization

/// Reads the fleet's log for any number of listeners, who share the open files.
final class FleetLogReader: Sendable {
    private struct Segments {
        /// Rising. May lack the newest ones, and may hold some that were removed.
        var starts: [Int64] = []
        var open: [Int64: Descriptor] = [:]
    }

    private let folder: FleetLogFolder
    private let segments = Mutex(Segments())

    /// Bytes of a line that is read whole.
    private static let longestLine = 64 << 20

    init(_ folder: FleetLogFolder) { self.folder = folder }

    func oldest() throws -> Int64 { try folder.starts().first ?? 0 }

    func endsLine(at position: Int64) throws -> Bool {
        let oldest = try segments.withLock { segments in
            try look(&segments)
            return segments.starts.first ?? 0
        }
        if position == oldest { return true }
        guard position > oldest, let (start, file) = try segment(holding: position - 1) else { return false }
        return try file.read(count: 1, at: position - 1 - start) == [UInt8(ascii: "\n")]
    }

    func lines(of device: DeviceID?, from position: Int64, limit: Int) throws -> TailRun {
        guard let (start, file) = try segment(holding: position) else { return TailRun(lines: [], end: position) }
        let bytes = try file.read(count: limit, at: position - start)
        if bytes.isEmpty {
            guard position > start, try isInLaterSegment(position, start, file) else { return TailRun(lines: [], end: position) }
            return try lines(of: device, from: position, limit: limit)
        }
        let run = Self.cut(bytes, at: position, beginning: device.map { Array(FleetLine.beginning($0).utf8) } ?? [])
        guard run.end == position, bytes.count == limit, limit < Self.longestLine else { return run }
        return try lines(of: device, from: position, limit: limit * 4)
    }

    /// The segment that has the byte at `position`, or will have it next; nil in a log without lines.
    private func segment(holding position: Int64) throws -> (start: Int64, file: Descriptor)? {
        try segments.withLock { segments in
            if segments.starts.first.map({ $0 > position }) ?? true { try look(&segments) }
            guard let first = segments.starts.first else { return nil }
            guard let start = segments.starts.last(where: { $0 <= position }) else { throw Self.gone(position, first) }
            if let file = segments.open[start] { return (start, file) }
            guard let file = try folder.open(start) else { throw Self.gone(position, first) }
            segments.open[start] = file
            return (start, file)
        }
    }

    /// Whether a segment that nobody looked at yet holds a position that is not in the one from `start` on.
    private func isInLaterSegment(_ position: Int64, _ start: Int64, _ file: Descriptor) throws -> Bool {
        // The end of a segment is the beginning of the next one, if there is one: most often there is none yet.
        if try position == start + file.status().size {
            guard try folder.open(position) != nil else { return false }
        }
        return try segments.withLock { segments in
            try look(&segments)
            return segments.starts.contains { $0 > start && $0 <= position }
        }
    }

    /// Looks at the folder, and lets go of what was removed from it.
    private func look(_ segments: inout Segments) throws {
        let starts = try folder.starts()
        segments.starts = starts
        segments.open = segments.open.filter { starts.contains($0.key) }
    }

    private static func gone(_ position: Int64, _ oldest: Int64) -> FleetError {
        FleetError(
            .lastEventIDGone,
            "the events behind id \(position) are not kept any more; the oldest kept begin at \(oldest): leave the id out, "
                + "with from=start to hear those, and read the devices themselves for what is missing")
    }

    /// The whole lines in `bytes` that have the beginning.
    private static func cut(_ bytes: [UInt8], at position: Int64, beginning: [UInt8]) -> TailRun {
        var lines: [(text: String, next: Int64)] = []
        var end = 0
        bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { return }
            while let mark = memchr(base + end, Int32(UInt8(ascii: "\n")), buffer.count - end) {
                let next = base.distance(to: UnsafeRawPointer(mark)) + 1
                let line = UnsafeRawBufferPointer(rebasing: buffer[end..<next - 1])
                if line.starts(with: beginning) {
                    lines.append((String(decoding: line, as: UTF8.self), position + Int64(next)))
                }
                end = next
            }
        }
        return TailRun(lines: lines, end: position + Int64(end))
    }
}
