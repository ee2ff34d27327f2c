import FileTree
import Foundation

/// A directory of one test.
final class TemporaryDirectory {
    let directory: Directory

    init() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("tuf-\(UUID().uuidString)").path
        directory = try Directory.make(path: path)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory.path) }

    func contents() throws -> [String: [UInt8]] {
        var contents: [String: [UInt8]] = [:]
        for name in try directory.names() { contents[name] = try directory.contents(of: name, limit: 1 << 30) }
        return contents
    }
}
