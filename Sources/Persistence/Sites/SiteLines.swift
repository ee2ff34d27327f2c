import FileTree

/// The files of lines that a site's reports grow.
enum SiteLines {
    /// Bytes after which a file begins anew; the one before is kept under `.old`.
    static let longest: Int64 = 64 << 20

    /// Adds lines behind the first `length` bytes, and returns the new length. On the disk when it returns.
    ///
    /// What lies behind them was written by a process that was killed before it said so.
    static func append(_ lines: [String], to name: String, at length: Int64, in folder: Directory) throws -> Int64 {
        let file = try folder.openForWriting(name, mode: 0o600)
        let present = try file.status().size
        // Shorter: it began anew just before a kill, so nothing of it counts yet; or somebody removed lines.
        let beganAnew = present < length && folder.entry("\(name).old")?.size == length
        let end = beganAnew ? 0 : min(length, present)
        if present > end { try file.truncate(to: end) }
        guard !lines.isEmpty else { return end }
        if end > longest {
            try folder.remove("\(name).old")
            try folder.move(name, to: folder, as: "\(name).old")
            let file = try folder.create(name, mode: 0o600)
            return try write(lines, to: file, at: 0, in: folder)
        }
        return try write(lines, to: file, at: end, in: folder)
    }

    private static func write(_ lines: [String], to file: Descriptor, at end: Int64, in folder: Directory) throws -> Int64 {
        let bytes = lines.flatMap { Array($0.utf8) + [UInt8(ascii: "\n")] }
        try file.write(bytes, at: end)
        try file.sync()
        try folder.syncNames()
        return end + Int64(bytes.count)
    }
}
