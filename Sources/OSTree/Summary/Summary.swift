/// The summary of a repository, `(a(s(taya{sv}))a{sv})`: its refs, and what else is said of it.
struct Summary {
    /// ostree fetches 128 MiB at most.
    static let largest = 64 << 20

    struct Ref {
        let name: String
        /// Bytes of the commit object, as a little-endian and as a big-endian machine wrote them.
        let sizes: [UInt64]
        let commit: Checksum
    }

    let variant: VariantBytes
    private let places: [Range<Int>]

    private static let contentLayout: [VariantType] = [.uint64, .bytes, VariantBytes.dictionary]
    private static let refLayout: [VariantType] = [.string, .tuple(contentLayout)]
    private static let ref = VariantType.tuple(refLayout)
    private static let layout: [VariantType] = [.array(ref), VariantBytes.dictionary]

    init(_ bytes: [UInt8]) throws(OSTreeError) {
        variant = VariantBytes(bytes)
        try variant.requireNormal(variant.all, .tuple(Self.layout))
        places = try variant.members(of: variant.all, Self.layout)
    }

    /// Where the dictionary of everything else stands.
    var metadata: Range<Int> { places[1] }

    /// Calls `visit` with each ref. They are sorted: devices find a ref by bisection.
    func refs(visit: (Ref) throws(OSTreeError) -> Void) throws(OSTreeError) {
        var last: ArraySlice<UInt8> = []
        try variant.elements(of: places[0], Self.ref) { place throws(OSTreeError) in
            let pair = try variant.members(of: place, Self.refLayout)
            let name = try variant.text(pair[0])
            guard last.lexicographicallyPrecedes(name) else {
                throw variant.malformed("a ref has no name, stands twice or out of order", at: place.lowerBound)
            }
            last = name
            let content = try variant.members(of: pair[1], Self.contentLayout)
            try visit(
                Ref(
                    name: try variant.string(pair[0]), sizes: [variant.littleEndian(content[0]), variant.bigEndian(content[0])],
                    commit: try variant.checksum(content[1])))
        }
    }
}
