import FileTree

/// An archive repository on disk.
///
///     let repository = try Repository(try update.directory("ostree_repo"))
///     let commit = try repository.commit(checksum)
///     let release = try repository.readFile("etc/os-release", in: commit, limit: 64 << 10)
///
/// What is read is compared with its checksum. Whether everything is there: `ClosureCheck`.
public struct Repository: Sendable {
    public let directory: Directory
    let objects: Directory

    /// Throws unless `directory` holds an archive repository.
    public init(_ directory: Directory) throws(OSTreeError) {
        let config: [UInt8]
        do throws(FileTreeError) {
            config = try directory.contents(of: "config", limit: RepositoryConfig.largest)
        } catch {
            switch error.code {
            case .notFound:
                throw OSTreeError(.configMissing, "there is no config in \(directory.path); copy the whole repository")
            case .tooLarge, .notPlain: throw OSTreeError(.configInvalid, error.message)
            default: throw OSTreeError(.unreadable, error.message)
            }
        }
        _ = try RepositoryConfig(config)
        self.directory = directory
        do throws(FileTreeError) {
            objects = try directory.directory("objects")
        } catch {
            throw OSTreeError(.unreadable, "\(error.message); copy the whole repository")
        }
    }

    /// The commit that `checksum` names.
    public func commit(_ checksum: Checksum) throws(OSTreeError) -> Commit {
        try Commit(try metadata(ObjectName(checksum, .commit)), checksum: checksum)
    }

    /// Opens an object: `.objectMissing`, `.objectNotPlain` or `.objectUnreadable`.
    func open(_ name: ObjectName) throws(OSTreeError) -> Descriptor {
        do throws(FileTreeError) {
            return try objects.openFile(String(name.path.dropFirst("objects/".count)))
        } catch {
            throw OSTreeError(opening: error)
        }
    }

    /// The `.commitmeta` of a commit: signatures. Nothing names its bytes by a digest.
    func detachedMetadata(_ commit: Checksum) throws(OSTreeError) -> [UInt8] {
        do throws(FileTreeError) {
            return try objects.contents(
                of: "\(commit.hex.prefix(2))/\(commit.hex.dropFirst(2)).commitmeta", limit: ObjectCheck.largestMetadata)
        } catch {
            if error.code == .tooLarge { throw OSTreeError(.objectTooLarge, error.message) }
            throw OSTreeError(opening: error)
        }
    }

    func metadata(_ name: ObjectName, isKnown: Bool = false) throws(OSTreeError) -> [UInt8] {
        try ObjectCheck.metadata(name, try open(name), isKnown: isKnown)
    }
}

extension OSTreeError {
    /// Why an object does not open.
    init(opening error: FileTreeError) {
        switch error.code {
        case .notFound: self.init(.objectMissing, "it is absent")
        case .notPlain: self.init(.objectNotPlain, "it is not a plain file")
        default: self.init(.objectUnreadable, error.message)
        }
    }
}
