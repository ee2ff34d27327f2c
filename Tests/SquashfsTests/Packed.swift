import FileTree
import Foundation

/// Images of the real mksquashfs.
enum Packed {
    static func image(_ files: [String: Data], _ options: [String]) throws -> [UInt8] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("squashfs-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for (path, content) in files {
            let file = folder.appendingPathComponent("tree/\(path)")
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try content.write(to: file)
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["mksquashfs", "\(folder.path)/tree", "\(folder.path)/image", "-no-xattrs", "-no-progress", "-quiet", "-processors", "1"]
            + options
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return Array(try Data(contentsOf: folder.appendingPathComponent("image")))
    }
}

/// A file that has lost its name.
enum MemoryFile {
    static func make(_ bytes: [UInt8]) -> Descriptor {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("squashfs-\(UUID().uuidString)").path
        let file = Descriptor(owning: open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600))
        unlink(path)
        try? file.write(bytes, at: 0)
        return file
    }
}
