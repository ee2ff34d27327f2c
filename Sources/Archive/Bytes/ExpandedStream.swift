import Glibc

/// The bytes of the tar, buffered, counted, and held to the limits of size and ratio.
final class ExpandedStream {
    private static let capacity = 256 << 10

    let compression: Compression
    private let limits: UnpackLimits
    private let input: CompressedInput
    private let expander: any Expander
    private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 16)
    private var start = 0
    private var end = 0
    /// Bytes that came out of the expander.
    private(set) var expanded: Int64 = 0

    init(_ source: any ByteSource, limits: UnpackLimits) throws(ArchiveError) {
        self.limits = limits
        input = CompressedInput(source)
        do throws(ArchiveError) {
            compression = Compression(firstBytes: try input.peek(Compression.longestMagic))
            expander = try compression.expander(limits: limits)
        } catch {
            memory.deallocate()
            throw error
        }
    }

    deinit { memory.deallocate() }

    var compressed: Int64 { input.consumed }

    /// Puts at least one byte into `buffer` and returns the count; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        if start == end {
            // What fills a whole buffer need not be copied twice.
            if buffer.count >= Self.capacity { return try expand(into: buffer) }
            try refill()
        }
        let count = min(buffer.count, end - start)
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[start..<start + count]))
        start += count
        return count
    }

    /// Passes over `count` bytes; false when the stream ends before.
    func skip(_ count: Int64) throws(ArchiveError) -> Bool {
        var rest = count
        while rest > 0 {
            if start == end { try refill() }
            if start == end { return false }
            let step = Int(min(rest, Int64(end - start)))
            start += step
            rest -= Int64(step)
        }
        return true
    }

    /// The next `count` bytes, fewer only at the end.
    func take(_ count: Int) throws(ArchiveError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            if start == end { try refill() }
            if start == end { break }
            let step = min(count - bytes.count, end - start)
            bytes.append(contentsOf: memory[start..<start + step])
            start += step
        }
        return bytes
    }

    /// Reads to the end; false when a byte was not zero.
    func restIsZero() throws(ArchiveError) -> Bool {
        while true {
            if start == end { try refill() }
            guard start < end, let first = memory.baseAddress.map({ $0 + start }) else { return true }
            // Equal to itself moved by one byte, and zero at the front: zero everywhere.
            guard memory[start] == 0, memcmp(first, first + 1, end - start - 1) == 0 else { return false }
            start = end
        }
    }

    private func refill() throws(ArchiveError) {
        start = 0
        end = 0
        end = try expand(into: memory)
    }

    private func expand(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        let count = try expander.expand(input, into: buffer)
        expanded += Int64(count)
        guard expanded <= limits.mostBytes else { throw limits.tooLarge() }
        guard expanded <= limits.ratioFrom || expanded / max(1, limits.highestRatio) <= input.consumed else {
            throw ArchiveError(
                .ratioTooHigh,
                "the archive expands to more than \(limits.highestRatio) times its size; send it less compressed, or raise the limit")
        }
        return count
    }
}
