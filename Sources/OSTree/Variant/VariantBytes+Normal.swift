extension VariantBytes {
    /// GLib reads no deeper.
    private static let deepest = 64

    /// Throws unless `range` is the normal form of a value of `type`, down to its last part.
    func requireNormal(_ range: Range<Int>, _ type: VariantType, depth: Int = 0) throws(OSTreeError) {
        guard depth < Self.deepest else { throw malformed("nested deeper than \(Self.deepest) levels", at: range.lowerBound) }
        if let size = type.fixedSize, range.count != size {
            throw malformed("a value of \(size) bytes has another length", at: range.lowerBound)
        }
        switch type.form {
        case .number: return
        case .boolean:
            guard bytes[range].allSatisfy({ $0 < 2 }) else { throw malformed("a boolean is neither 0 nor 1", at: range.lowerBound) }
        case .string: _ = try string(range)
        case .objectPath: try requireObjectPath(range)
        case .signature:
            var rest = try text(range)
            while !rest.isEmpty {
                guard VariantType.next(&rest, depth: 0) != nil else { throw malformed("a signature holds no types", at: range.lowerBound) }
            }
        case .variant: try requireNormalVariant(range, depth: depth)
        case .array(let element):
            // Every length of a byte array is right, and visiting each byte would be slow.
            if case .number = element.form, element.fixedSize == 1 { return }
            try elements(of: range, element) { part throws(OSTreeError) in try requireNormal(part, element, depth: depth + 1) }
        case .maybe(let element): try requireNormalMaybe(range, element, depth: depth)
        case .tuple(let types): try requireNormalTuple(range, type, types, depth: depth)
        }
    }

    private func requireNormalTuple(
        _ range: Range<Int>, _ type: VariantType, _ types: [VariantType], depth: Int
    ) throws(OSTreeError) {
        guard type.fixedSize != nil else {
            for (part, type) in zip(try members(of: range, types), types) { try requireNormal(part, type, depth: depth + 1) }
            return
        }
        // A tuple of known length has no offsets, and is padded at its end so that it can stand in an array.
        var position = range.lowerBound
        for member in types {
            let start = range.lowerBound + (position - range.lowerBound).rounded(upTo: member.alignment)
            try requireZero(position..<start)
            position = start + (member.fixedSize ?? 0)
            try requireNormal(start..<position, member, depth: depth + 1)
        }
        try requireZero(position..<range.upperBound)
    }

    private func requireNormalMaybe(_ range: Range<Int>, _ element: VariantType, depth: Int) throws(OSTreeError) {
        guard let last = range.last else { return }
        if element.fixedSize != nil { return try requireNormal(range, element, depth: depth + 1) }
        try requireZero(last..<range.upperBound)
        try requireNormal(range.lowerBound..<last, element, depth: depth + 1)
    }

    /// A variant is a value, a NUL, and the value's type.
    private func requireNormalVariant(_ range: Range<Int>, depth: Int) throws(OSTreeError) {
        guard let separator = bytes[range].lastIndex(of: 0),
            let type = VariantType(signature: bytes[(separator + 1)..<range.upperBound])
        else { throw malformed("a variant has no type", at: range.lowerBound) }
        try requireNormal(range.lowerBound..<separator, type, depth: depth + 1)
    }

    private func requireObjectPath(_ range: Range<Int>) throws(OSTreeError) {
        let path = try text(range)
        let parts = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let isPlain = path.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "_"), UInt8(ascii: "/"):
                true
            default: false
            }
        }
        let isRoot = path.elementsEqual("/".utf8)
        guard isPlain, isRoot || parts.count > 1 && parts[0].isEmpty && parts.dropFirst().allSatisfy({ !$0.isEmpty }) else {
            throw malformed("an object path is none", at: range.lowerBound)
        }
    }

    private func requireZero(_ range: Range<Int>) throws(OSTreeError) {
        guard bytes[range].allSatisfy({ $0 == 0 }) else { throw malformed("padding is not zero", at: range.lowerBound) }
    }
}
