/// The bytes as they arrive: buffered, so that the next ones can be looked at, and counted when they are used.
final class CompressedInput {
    private static let capacity = 128 << 10

    private var source: any ByteSource
    private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 16)
    private var start = 0
    private var end = 0
    /// Bytes that were used, not those that merely wait here.
    private(set) var consumed: Int64 = 0

    init(_ source: any ByteSource) { self.source = source }

    deinit { memory.deallocate() }

    var available: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[start..<end]) }

    func consume(_ count: Int) {
        start += count
        consumed += Int64(count)
    }

    /// Reads on when nothing is available; what then still is empty has ended.
    func refill() throws(ArchiveError) {
        guard start == end else { return }
        start = 0
        end = 0
        end = try source.read(into: memory)
    }

    /// The next `count` bytes, fewer only at the end; they stay available.
    func peek(_ count: Int) throws(ArchiveError) -> [UInt8] {
        while end - start < count {
            if start > 0 {
                memory.copyMemory(from: available)
                end -= start
                start = 0
            }
            let added = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: memory[end...]))
            if added == 0 { break }
            end += added
        }
        return Array(available.prefix(count))
    }
}
