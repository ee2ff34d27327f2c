import FileTree

/// Puts the files and directories of an archive beneath an empty, private directory, and nothing anywhere else.
///
///     let unpacked = try Unpacking(into: directory).run(DescriptorSource(file))
///
/// The first thing that is wrong ends it with an `ArchiveError`; what was made until then stays, and the caller removes
/// the directory. Files have the mode 0644 and directories 0755, less the process's umask. Nothing is synced.
public struct Unpacking {
    /// Whether the caller has made this file itself, because its content is already known, as `name` in `parent`;
    /// the archive's bytes are then passed over.
    public typealias Place =
        (_ path: String, _ size: Int64, _ parent: Directory, _ name: String) throws(ArchiveError) -> Bool
    /// Throw `.stopped` from here to end it.
    public typealias Report = (UnpackProgress) throws(ArchiveError) -> Void

    private let target: Directory
    private let limits: UnpackLimits
    private let place: Place?
    private let report: Report

    public init(
        into target: Directory, limits: UnpackLimits = UnpackLimits(),
        place: Place? = nil,
        progress report: @escaping Report = { (_) throws(ArchiveError) in }
    ) {
        self.target = target
        self.limits = limits
        self.place = place
        self.report = report
    }

    /// Unpacks the whole of `source`, and reports every few MiB and once at the end.
    public func run(_ source: any ByteSource) throws(ArchiveError) -> Unpacked {
        try refuseUsedTarget()
        var run = UnpackRun(reader: try ArchiveReader(source, limits: limits), target: target, limits: limits)
        return try run.finish(place: place, report: report)
    }

    /// The target's own names are the memory of which paths came already; a stranger's file would be taken for one.
    private func refuseUsedTarget() throws(ArchiveError) {
        let names: [String]
        do throws(FileTreeError) {
            names = try target.names()
        } catch {
            throw ArchiveError(writing: error)
        }
        guard names.isEmpty else {
            throw ArchiveError(.targetNotEmpty, "\(target.path) is not empty; unpack into a new directory")
        }
    }
}
