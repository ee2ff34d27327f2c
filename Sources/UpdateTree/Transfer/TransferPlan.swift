/// An inventory from a stranger, checked for sense and sorted into what is fetched when.
struct TransferPlan: Sendable {
    /// Below `tuf/`: fetched first, put in its place last.
    private(set) var metadata: [Inventory.File] = []
    /// Known by its digest.
    private(set) var shared: [Inventory.File] = []
    /// All other files.
    private(set) var plain: [Inventory.File] = []
    private(set) var bytes: Int64 = 0

    init(_ inventory: Inventory, limits: TransferLimits) throws(TransferError) {
        guard inventory.files.count <= limits.files else {
            throw TransferError(.tooLarge, "the update has \(inventory.files.count) files, more than \(limits.files); split it")
        }
        for file in inventory.files {
            try Self.check(file)
            let (sum, overflows) = bytes.addingReportingOverflow(file.size)
            guard !overflows, sum <= limits.bytes else {
                throw TransferError(.tooLarge, "the update has more than \(limits.bytes) bytes; split it")
            }
            bytes = sum
            if file.path.utf8.starts(with: "tuf/".utf8) {
                metadata.append(file)
            } else if case .shared = file.content {
                shared.append(file)
            } else {
                plain.append(file)
            }
        }
        try Self.refuseConflicts(inventory.files)
        guard metadata.count <= limits.metadataFiles else {
            throw TransferError(.tooLarge, "tuf/ has \(metadata.count) files, more than \(limits.metadataFiles); remove old roots")
        }
        if let long = metadata.first(where: { $0.size > limits.metadataBytes }) {
            throw TransferError(.tooLarge, "\(long.path) has \(long.size) bytes, more than \(limits.metadataBytes)")
        }
    }

    private static func check(_ file: Inventory.File) throws(TransferError) {
        guard UpdatePath.isValid(file.path), file.size >= 0 else {
            throw unusable("\(DirectoryName.quoted(file.path)) is no file of an update")
        }
        let isNamedRight =
            switch file.content {
            case .shared(let content): SharedContent(path: file.path) == content
            case .plain: SharedContent(path: file.path) == nil
            }
        guard isNamedRight else { throw unusable("\(DirectoryName.quoted(file.path)) is listed as another content than its name says") }
    }

    /// No file stands twice, and none is where another has its directory.
    private static func refuseConflicts(_ files: [Inventory.File]) throws(TransferError) {
        var folders = Set<Substring>()
        var last: String?
        for file in files {
            if file.path == last { throw unusable("\(DirectoryName.quoted(file.path)) stands twice") }
            last = file.path
            var rest = file.path[...]
            while let slash = rest.utf8.lastIndex(of: UInt8(ascii: "/")) {
                rest = rest[..<slash]
                guard folders.insert(rest).inserted else { break }
            }
        }
        if let both = files.first(where: { folders.contains($0.path[...]) }) {
            throw unusable("\(DirectoryName.quoted(both.path)) is a file and a directory")
        }
    }

    private static func unusable(_ what: String) -> TransferError {
        TransferError(.inventoryUnusable, "\(what); check the update where it comes from: otaserve updates verify")
    }
}
