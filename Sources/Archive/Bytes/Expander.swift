/// Turns compressed bytes into those that were compressed.
protocol Expander: AnyObject {
    /// Puts at least one byte into `buffer`, which is never empty, and returns the count. 0 when the stream ended
    /// well: checksums hold and nothing follows it.
    func expand(_ input: CompressedInput, into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int
}

extension Compression {
    func expander(limits: UnpackLimits) throws(ArchiveError) -> any Expander {
        switch self {
        case .none: PlainExpander()
        case .gzip: try GzipExpander(mostMembers: limits.mostMembers)
        case .zstd: try ZstdExpander(mostMembers: limits.mostMembers)
        }
    }
}
