/// One directory of a commit: its files and its directories, each list sorted by the bytes of the name.
struct DirectoryTree {
    enum Entry {
        case file(Checksum)
        case directory(tree: Checksum, meta: Checksum)
    }

    private static let fileLayout: [VariantType] = [.string, .bytes]
    private static let directoryLayout: [VariantType] = [.string, .bytes, .bytes]
    private static let file = VariantType.tuple(fileLayout)
    private static let directory = VariantType.tuple(directoryLayout)
    private static let layout: [VariantType] = [.array(file), .array(directory)]

    /// Calls `visit` with every entry of the `.dirtree` in `bytes`, files first. Entries are handed out rather than
    /// collected: a directory may have a million.
    static func read(
        _ bytes: [UInt8], visit: (_ name: ArraySlice<UInt8>, Entry) throws(OSTreeError) -> Void
    ) throws(OSTreeError) {
        let variant = VariantBytes(bytes)
        let lists = try variant.members(of: variant.all, layout)
        var last: ArraySlice<UInt8> = []
        try variant.elements(of: lists[0], file) { place throws(OSTreeError) in
            let parts = try variant.members(of: place, fileLayout)
            let name = try name(variant, parts[0], after: last)
            last = name
            try visit(name, .file(try variant.checksum(parts[1])))
        }
        last = []
        try variant.elements(of: lists[1], directory) { place throws(OSTreeError) in
            let parts = try variant.members(of: place, directoryLayout)
            let name = try name(variant, parts[0], after: last)
            last = name
            try visit(name, .directory(tree: try variant.checksum(parts[1]), meta: try variant.checksum(parts[2])))
        }
        try requireDistinct(variant, lists)
    }

    /// The entry that is called `name`, nil when there is none.
    static func entry(_ name: [UInt8], in bytes: [UInt8]) throws(OSTreeError) -> Entry? {
        var found: Entry?
        try read(bytes) { candidate, entry in if candidate.elementsEqual(name) { found = entry } }
        return found
    }

    /// A name that stands alone in its directory and leads nowhere else. Empty names are smaller than all: they fail
    /// the comparison with what is before the first.
    private static func name(
        _ variant: VariantBytes, _ place: Range<Int>, after last: ArraySlice<UInt8>
    ) throws(OSTreeError) -> ArraySlice<UInt8> {
        let name = try variant.text(place)
        guard !name.isEmpty, name.count <= 255, !name.contains(UInt8(ascii: "/")), !name.elementsEqual(".".utf8),
            !name.elementsEqual("..".utf8), name.allSatisfy({ $0 < 0x80 }) || String(validating: name, as: UTF8.self) != nil
        else { throw OSTreeError(.nameInvalid, "the name at byte \(place.lowerBound) cannot be that of a file") }
        guard last.lexicographicallyPrecedes(name) else {
            throw OSTreeError(.namesUnordered, "the name at byte \(place.lowerBound) stands twice or out of order")
        }
        return name
    }

    /// No name is both a file and a directory. Both lists are sorted, so one pass over both tells.
    private static func requireDistinct(_ variant: VariantBytes, _ lists: [Range<Int>]) throws(OSTreeError) {
        var files: [Range<Int>] = []
        try variant.elements(of: lists[0], file) { place throws(OSTreeError) in files.append(place) }
        guard !files.isEmpty else { return }
        var next = 0
        try variant.elements(of: lists[1], directory) { place throws(OSTreeError) in
            let name = try variant.text(try variant.members(of: place, directoryLayout)[0])
            while next < files.count {
                let candidate = try variant.text(try variant.members(of: files[next], fileLayout)[0])
                guard candidate.lexicographicallyPrecedes(name) else {
                    guard !candidate.elementsEqual(name) else {
                        throw OSTreeError(.namesUnordered, "the name at byte \(place.lowerBound) is a file's and a directory's")
                    }
                    return
                }
                next += 1
            }
        }
    }
}
