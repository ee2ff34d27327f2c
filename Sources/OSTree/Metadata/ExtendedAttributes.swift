/// Extended attributes, `a(ayay)`: names that end with a NUL, and values.
enum ExtendedAttributes {
    private static let layout: [VariantType] = [.bytes, .bytes]
    private static let attribute = VariantType.tuple(layout)
    static let type = VariantType.array(attribute)

    /// The order is free: ostree appends the SELinux label that it computes behind the sorted ones.
    static func require(_ variant: VariantBytes, _ place: Range<Int>) throws(OSTreeError) {
        var names = Set<ArraySlice<UInt8>>()
        try variant.elements(of: place, attribute) { place throws(OSTreeError) in
            let name = try variant.text(try variant.members(of: place, layout)[0])
            guard !name.isEmpty, names.insert(name).inserted else {
                throw OSTreeError(.attributesInvalid, "the attribute at byte \(place.lowerBound) has no name, or one that stands twice")
            }
        }
    }
}
