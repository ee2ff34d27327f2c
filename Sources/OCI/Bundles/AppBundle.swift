import Archive
import FileTree

/// The compressed tar with an app's compose file.
enum AppBundle {
    private static let composeNames: Set<String> = ["docker-compose.yml", "docker-compose.yaml"]

    /// A bundle holds a compose file and some configuration.
    private static var limits: UnpackLimits {
        var limits = UnpackLimits()
        limits.mostEntries = 100_000
        limits.mostBytes = 1 << 30
        limits.mostFileBytes = 1 << 30
        return limits
    }

    /// Reads up to the compose file, and no further: what is behind it is the device's business, and the digest holds
    /// it.
    static func composeFile(_ file: Descriptor) throws(OCIError) -> ComposeFile {
        do throws(ArchiveError) {
            var reader = try ArchiveReader(DescriptorSource(file), limits: limits)
            while let entry = try reader.next() {
                guard composeNames.contains(entry.path.text), case .file(let size) = entry.kind else { continue }
                guard size <= ComposeFile.largest else {
                    throw ArchiveError(.fileTooLarge, "the compose file has more than \(ComposeFile.largest) bytes")
                }
                return ComposeFile(try content(&reader, count: Int(size)))
            }
        } catch {
            switch error.code {
            case .readFailed: throw OCIError(.blobUnreadable, error.message)
            case .link, .device, .pipe, .sparse, .typeUnsupported:
                throw OCIError(.bundleUnread, "its images were not looked for: \(error.message), or put the compose file first")
            default: throw OCIError(.bundleInvalid, "it is not a bundle of an app: \(error.message)")
            }
        }
        throw OCIError(.composeMissing, "there is no docker-compose.yml in it")
    }

    private static func content(_ reader: inout ArchiveReader, count: Int) throws(ArchiveError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            // The standard library's closures rethrow untyped: the error travels in a result.
            let outcome = bytes.withUnsafeMutableBytes { buffer in
                Result { () throws(ArchiveError) in
                    try reader.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[done...]))
                }
            }
            let read = try outcome.get()
            guard read > 0 else { break }
            done += read
        }
        return bytes
    }
}
