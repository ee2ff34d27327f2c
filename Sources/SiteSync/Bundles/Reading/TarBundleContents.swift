import Archive
import FileTree

/// A bundle that is one tar file: read where it lies, nothing is unpacked.
struct TarBundleContents: BundleContents {
    private let tar: Descriptor
    private let index: TarIndex
    let sizes: [String: Int64]

    init(_ tar: Descriptor) throws {
        self.tar = tar
        do {
            index = try TarIndex(tar)
        } catch {
            throw Self.error(error)
        }
        sizes = index.files.mapValues(\.size)
    }

    func file(_ path: String) throws -> BundleFile? {
        index.files[path].map { BundleFile(file: tar, offset: $0.offset, size: $0.size) }
    }

    private static func error(_ error: ArchiveError) -> BundleError {
        switch error.code {
        case .truncated, .empty: BundleError(.incomplete, "\(error.message) (\(error.code.rawValue))")
        case .link, .device, .pipe, .sparse: BundleError(.fileNotPlain, error.message)
        case .readFailed: BundleError(.storage, error.message)
        default: BundleError(.malformed, "\(error.code.rawValue): \(error.message)")
        }
    }
}
