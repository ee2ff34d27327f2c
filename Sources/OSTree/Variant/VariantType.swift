/// The type of a serialised GVariant, with what its layout follows from.
struct VariantType: Sendable {
    indirect enum Form: Sendable {
        /// Numbers: every pattern of bits is a value.
        case number
        case boolean
        case string
        case objectPath
        case signature
        case variant
        case array(VariantType)
        case maybe(VariantType)
        /// Also a dictionary's entry.
        case tuple([VariantType])
    }

    let form: Form
    /// 1, 2, 4 or 8.
    let alignment: Int
    /// Bytes, nil when values differ in length.
    let fixedSize: Int?

    private init(_ form: Form, alignment: Int, fixedSize: Int?) {
        self.form = form
        self.alignment = alignment
        self.fixedSize = fixedSize
    }

    static let byte = VariantType(.number, alignment: 1, fixedSize: 1)
    static let uint32 = VariantType(.number, alignment: 4, fixedSize: 4)
    static let uint64 = VariantType(.number, alignment: 8, fixedSize: 8)
    static let string = VariantType(.string, alignment: 1, fixedSize: nil)
    static let variant = VariantType(.variant, alignment: 8, fixedSize: nil)
    static let bytes = array(byte)

    static func array(_ element: VariantType) -> VariantType {
        VariantType(.array(element), alignment: element.alignment, fixedSize: nil)
    }

    static func tuple(_ members: [VariantType]) -> VariantType {
        let alignment = members.map(\.alignment).max() ?? 1
        var size: Int? = members.isEmpty ? 1 : 0
        for member in members {
            guard let start = size, let length = member.fixedSize else {
                size = nil
                break
            }
            size = start.rounded(upTo: member.alignment) + length
        }
        return VariantType(.tuple(members), alignment: alignment, fixedSize: size?.rounded(upTo: alignment))
    }

    /// Longer type strings and deeper types are nobody's metadata.
    private static let longestSignature = 255
    private static let deepest = 32

    /// Reads exactly one complete type; nil when `signature` is none.
    init?(signature: some Collection<UInt8>) {
        guard signature.count <= Self.longestSignature else { return nil }
        var rest = Array(signature)[...]
        guard let type = Self.next(&rest, depth: 0), rest.isEmpty else { return nil }
        self = type
    }

    /// Takes one complete type off the front.
    static func next(_ rest: inout ArraySlice<UInt8>, depth: Int) -> VariantType? {
        guard depth < deepest, let letter = rest.popFirst() else { return nil }
        switch letter {
        case UInt8(ascii: "y"): return byte
        case UInt8(ascii: "b"): return VariantType(.boolean, alignment: 1, fixedSize: 1)
        case UInt8(ascii: "n"), UInt8(ascii: "q"): return VariantType(.number, alignment: 2, fixedSize: 2)
        case UInt8(ascii: "i"), UInt8(ascii: "u"), UInt8(ascii: "h"): return uint32
        case UInt8(ascii: "x"), UInt8(ascii: "t"), UInt8(ascii: "d"): return uint64
        case UInt8(ascii: "s"): return string
        case UInt8(ascii: "o"): return VariantType(.objectPath, alignment: 1, fixedSize: nil)
        case UInt8(ascii: "g"): return VariantType(.signature, alignment: 1, fixedSize: nil)
        case UInt8(ascii: "v"): return variant
        case UInt8(ascii: "a"): return next(&rest, depth: depth + 1).map(array)
        case UInt8(ascii: "m"):
            guard let element = next(&rest, depth: depth + 1) else { return nil }
            return VariantType(.maybe(element), alignment: element.alignment, fixedSize: nil)
        case UInt8(ascii: "("): return members(&rest, upTo: UInt8(ascii: ")"), depth: depth).map(tuple)
        case UInt8(ascii: "{"):
            let isBasic = rest.first.map { "ybnqiuhxtdsog".utf8.contains($0) } ?? false
            guard isBasic, let pair = members(&rest, upTo: UInt8(ascii: "}"), depth: depth), pair.count == 2 else { return nil }
            return tuple(pair)
        default: return nil
        }
    }

    private static func members(_ rest: inout ArraySlice<UInt8>, upTo end: UInt8, depth: Int) -> [VariantType]? {
        var members: [VariantType] = []
        while let letter = rest.first, letter != end {
            guard let member = next(&rest, depth: depth + 1) else { return nil }
            members.append(member)
        }
        return rest.popFirst() == nil ? nil : members
    }
}

extension Int {
    /// The next multiple of `alignment`, which is a power of two.
    func rounded(upTo alignment: Int) -> Int { (self + alignment - 1) & ~(alignment - 1) }
}
