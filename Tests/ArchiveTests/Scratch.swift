import Archive
import FileTree
import Foundation

/// A directory of one test with a `target` to unpack into; it and all it holds is gone when the test lets go.
final class Scratch {
    let path: String
    let target: Directory

    init() throws {
        path = NSTemporaryDirectory() + "otaserve-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        target = try Directory.make(path: path + "/target")
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// What lies beside the target, where nothing may appear.
    var beside: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path).filter { $0 != "target" }) ?? [] }

    /// All paths beneath the target with the content of the files.
    var unpacked: [String: Data?] { Self.contents(of: path + "/target") }

    static func contents(of folder: String) -> [String: Data?] {
        var found: [String: Data?] = [:]
        for case let name as String in FileManager.default.enumerator(atPath: folder) ?? .init() {
            // Percent-encoded: as strings, names that only look the same would be one key.
            let key = name.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? name
            found.updateValue(FileManager.default.contents(atPath: "\(folder)/\(name)"), forKey: key)
        }
        return found
    }

    /// Runs a program of the system in this directory.
    func run(_ command: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-ec", command]
        process.currentDirectoryURL = URL(fileURLWithPath: path)
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed(command: command) }
    }

    struct Failed: Error { let command: String }
}
