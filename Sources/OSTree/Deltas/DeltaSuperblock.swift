/// The description of a static delta: between which commits it leads, which parts it has, and which objects are to be
/// fetched beside it.
///
/// `(a{sv}tayay(a{sv}aya(say)sstayay)aya(uayttay)a(yaytt))`, see ostree's ostree-repo-static-delta-private.h.
struct DeltaSuperblock {
    /// ostree fetches 128 MiB at most; half of it is an inline delta that nobody wants to fetch in one request.
    static let largest = 64 << 20
    /// Each has some megabytes.
    static let mostParts = 65_536

    let name: DeltaName
    let commitDigest: Checksum
    let parts: [DeltaPart]
    /// Objects that were too large for a part.
    let fallbacks: [ObjectName]
    private let variant: VariantBytes

    private static let partLayout: [VariantType] = [.uint32, .bytes, .uint64, .uint64, .bytes]
    private static let part = VariantType.tuple(partLayout)
    private static let fallbackLayout: [VariantType] = [.byte, .bytes, .uint64, .uint64]
    private static let fallback = VariantType.tuple(fallbackLayout)
    /// Metadata, time, from, to, the commit, deltas to apply before (unused), parts, fallbacks.
    private static let layout: [VariantType] = [
        VariantBytes.dictionary, .uint64, .bytes, .bytes, Commit.type, .bytes, .array(part), .array(fallback),
    ]
    private static let type = VariantType.tuple(layout)

    /// Throws `.superblockMalformed` unless `bytes` are one.
    init(_ bytes: [UInt8]) throws(OSTreeError) {
        do throws(OSTreeError) {
            try self.init(reading: VariantBytes(bytes))
        } catch {
            throw OSTreeError(.superblockMalformed, error.message)
        }
    }

    private init(reading variant: VariantBytes) throws(OSTreeError) {
        try variant.requireNormal(variant.all, Self.type)
        let places = try variant.members(of: variant.all, Self.layout)
        self.variant = variant
        name = DeltaName(from: places[2].isEmpty ? nil : try variant.checksum(places[2]), to: try variant.checksum(places[3]))
        commitDigest = variant.digest(places[4])
        guard places[5].count.isMultiple(of: 2 * Checksum.byteCount) else {
            throw variant.malformed("a list of deltas is cut", at: places[5].lowerBound)
        }
        let order = try Self.order(variant, places[0])
        let inline = try Self.inlineParts(variant, places[0], name)
        var parts: [DeltaPart] = []
        try variant.elements(of: places[6], Self.part) { place throws(OSTreeError) in
            guard parts.count < Self.mostParts else { throw variant.malformed("there are too many parts", at: place.lowerBound) }
            let members = try variant.members(of: place, Self.partLayout)
            // The one version there is, in either order of bytes.
            guard variant.bigEndian(members[0]) == 0 else {
                throw variant.malformed("a part is of a version that no device knows", at: place.lowerBound)
            }
            try Self.requireObjects(variant, members[4])
            parts.append(
                DeltaPart(
                    checksum: try variant.checksum(members[1]), sizes: Self.sizes(variant, members[2], order), inline: inline[parts.count]))
        }
        self.parts = parts
        var fallbacks: [ObjectName] = []
        try variant.elements(of: places[7], Self.fallback) { place throws(OSTreeError) in
            let members = try variant.members(of: place, Self.fallbackLayout)
            guard let kind = Self.kind(variant.bytes[members[0].lowerBound]) else {
                throw variant.malformed("an object is of no kind", at: place.lowerBound)
            }
            fallbacks.append(ObjectName(try variant.checksum(members[1]), kind))
        }
        self.fallbacks = fallbacks
    }

    /// The digest of a part that stands in the superblock itself.
    func digest(inline place: Range<Int>) -> Checksum { variant.digest(place) }

    // MARK: Members

    private enum Order { case little, big }

    /// Numbers are in the order of the machine that made the delta. Very old deltas do not say which.
    private static func order(_ variant: VariantBytes, _ metadata: Range<Int>) throws(OSTreeError) -> Order? {
        guard let value = try variant.value(of: "ostree.endianness", in: metadata) else { return nil }
        switch value.isOf("y") ? variant.bytes[value.place].first : nil {
        case UInt8(ascii: "l"): return .little
        case UInt8(ascii: "B"): return .big
        default: throw variant.malformed("ostree.endianness is neither l nor B", at: value.place.lowerBound)
        }
    }

    private static func sizes(_ variant: VariantBytes, _ place: Range<Int>, _ order: Order?) -> [UInt64] {
        switch order {
        case .little: [variant.littleEndian(place)]
        case .big: [variant.bigEndian(place)]
        case nil: [variant.littleEndian(place), variant.bigEndian(place)]
        }
    }

    /// Parts that stand in the metadata, each under the path that its file would have.
    private static func inlineParts(
        _ variant: VariantBytes, _ metadata: Range<Int>, _ name: DeltaName
    ) throws(OSTreeError) -> [Int: Range<Int>] {
        let prefix = Array("\(name.path)/".utf8)
        var parts: [Int: Range<Int>] = [:]
        try variant.entries(of: metadata) { key, value in
            guard value.isOf("(yay)"), key.starts(with: prefix), let number = DeltaPart.number(key.dropFirst(prefix.count)) else { return }
            if parts[number] == nil { parts[number] = value.place }
        }
        return parts
    }

    /// Each a kind and a checksum.
    private static func requireObjects(_ variant: VariantBytes, _ place: Range<Int>) throws(OSTreeError) {
        let length = 1 + Checksum.byteCount
        guard place.count.isMultiple(of: length) else { throw variant.malformed("a list of objects is cut", at: place.lowerBound) }
        for start in stride(from: place.lowerBound, to: place.upperBound, by: length) where kind(variant.bytes[start]) == nil {
            throw variant.malformed("an object is of no kind", at: start)
        }
    }

    private static func kind(_ number: UInt8) -> ObjectName.Kind? {
        switch number {
        case 1: .filez
        case 2: .dirtree
        case 3: .dirmeta
        case 4: .commit
        default: nil
        }
    }
}
