import Foundation
import Testing

/// python-tuf, the reference implementation.
enum PythonTUF {
    /// From OTASERVE_PYTHON, or the environment that scripts/install-python-packages makes in the package.
    static func interpreter() throws -> URL {
        if let path = ProcessInfo.processInfo.environment["OTASERVE_PYTHON"] { return URL(fileURLWithPath: path) }
        var folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        while folder.path != "/" {
            let candidate = folder.appendingPathComponent(".build/python/bin/python")
            if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
            folder.deleteLastPathComponent()
        }
        throw Missing()
    }

    struct Missing: Error, CustomStringConvertible {
        let description = "python-tuf is missing: run scripts/install-python-packages"
    }

    /// Runs a script that lies beside this file.
    static func run(_ script: String, _ arguments: String...) throws {
        let process = Process()
        process.executableURL = try interpreter()
        process.arguments = [URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(script).path] + arguments
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(script) failed")
    }
}
