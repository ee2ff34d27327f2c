/// The static deltas that a summary or an index lists, each with the checksum of its superblock.
struct DeltaListing {
    private static let key = "ostree.static-deltas"

    /// Calls `visit` with each delta in `ostree.static-deltas` of the dictionary at `place`.
    static func read(
        _ variant: VariantBytes, _ place: Range<Int>, visit: (DeltaName, _ superblock: Checksum) throws(OSTreeError) -> Void
    ) throws(OSTreeError) {
        guard let list = try variant.value(of: key, in: place) else { return }
        guard list.isOf("a{sv}") else { throw variant.malformed("\(key) is no dictionary", at: list.place.lowerBound) }
        try variant.entries(of: list.place) { key, value throws(OSTreeError) in
            guard let name = DeltaName(listed: key) else { throw variant.malformed("the name of a delta is none", at: key.startIndex) }
            guard value.isOf("ay") else { throw variant.malformed("a delta has no checksum", at: value.place.lowerBound) }
            try visit(name, try variant.checksum(value.place))
        }
    }
}
