/// The name of an object in an archive repository: its checksum and what it is.
public struct ObjectName: Hashable, Comparable, Sendable, CustomStringConvertible {
    public enum Kind: UInt8, Hashable, Sendable, CaseIterable {
        case commit
        case dirtree
        case dirmeta
        /// A file or symlink, its content compressed, as archive repositories keep them.
        case filez

        /// What the file's name ends with.
        public var suffix: String {
            switch self {
            case .commit: "commit"
            case .dirtree: "dirtree"
            case .dirmeta: "dirmeta"
            case .filez: "filez"
            }
        }
    }

    public let checksum: Checksum
    public let kind: Kind

    public init(_ checksum: Checksum, _ kind: Kind) {
        self.checksum = checksum
        self.kind = kind
    }

    /// Reads `objects/ab/<62 hexadecimal digits>.<kind>`; nil for everything else.
    public init?(path: some StringProtocol) {
        // By bytes: an import reads a hundred thousand of them.
        let found = path.utf8.withContiguousStorageIfAvailable { Self.parse($0) } ?? Array(path.utf8).withUnsafeBufferPointer(Self.parse)
        guard let found else { return nil }
        self = found
    }

    private static func parse(_ path: UnsafeBufferPointer<UInt8>) -> ObjectName? {
        let folder = "objects/".utf8
        let slash = folder.count + 2
        guard path.count > slash, path.starts(with: folder), path[slash] == UInt8(ascii: "/") else { return nil }
        return ObjectName(directory: Array(path[folder.count..<slash]), file: Array(path[(slash + 1)...]))
    }

    init?(directory: [UInt8], file: [UInt8]) {
        guard directory.count == 2, file.count > 63, file[62] == UInt8(ascii: "."),
            let kind = Kind.allCases.first(where: { file[63...].elementsEqual($0.suffix.utf8) }),
            let checksum = Checksum(hex: directory + file[..<62])
        else { return nil }
        self.init(checksum, kind)
    }

    /// Relative to the repository: `objects/ab/<62 hexadecimal digits>.<kind>`.
    public var path: String { "objects/\(checksum.hex.prefix(2))/\(fileName)" }

    /// Relative to its directory in `objects/`.
    var fileName: String { "\(checksum.hex.dropFirst(2)).\(kind.suffix)" }

    public var description: String { path }

    public static func < (left: ObjectName, right: ObjectName) -> Bool {
        left.checksum == right.checksum ? left.kind.rawValue < right.kind.rawValue : left.checksum < right.checksum
    }
}
