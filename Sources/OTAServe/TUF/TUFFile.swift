import FileTree
import Foundation
import TUF

/// Files named on the command line.
enum TUFFile {
    /// Bytes of one file; metadata have 8 MiB at most.
    private static let largest = 16 << 20

    static func content(_ path: String) throws -> [UInt8] {
        let url = URL(fileURLWithPath: path)
        return try Directory(path: url.deletingLastPathComponent().path).contents(of: url.lastPathComponent, limit: largest)
    }

    static func write(_ bytes: [UInt8], to path: String) throws {
        let url = URL(fileURLWithPath: path)
        try Directory(path: url.deletingLastPathComponent().path).replace(url.lastPathComponent, with: bytes)
    }

    /// The files at `paths`; of a directory those that lie in it. By file name, in the order given.
    static func all(_ paths: [String]) throws -> [(name: String, bytes: [UInt8])] {
        var files: [(name: String, bytes: [UInt8])] = []
        for path in paths {
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue else {
                files.append((URL(fileURLWithPath: path).lastPathComponent, try content(path)))
                continue
            }
            let folder = try Directory(path: path)
            for name in try folder.names() where !name.hasPrefix(".") && folder.status(name)?.kind == .file {
                files.append((name, try folder.contents(of: name, limit: largest)))
            }
        }
        return files
    }
}
