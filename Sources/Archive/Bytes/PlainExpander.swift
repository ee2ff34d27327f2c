/// For an archive that is not compressed: the bytes are what they are.
final class PlainExpander: Expander {
    func expand(_ input: CompressedInput, into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        try input.refill()
        let part = UnsafeRawBufferPointer(rebasing: input.available.prefix(buffer.count))
        buffer.copyMemory(from: part)
        input.consume(part.count)
        return part.count
    }
}
