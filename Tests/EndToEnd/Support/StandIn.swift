import Foundation

/// A Python program of the tests that writes a file as soon as it serves.
final class StandIn: Sendable {
    /// What it wrote: its port, where it has one.
    let greeting: String
    private let process: Process

    struct Silent: Error { let script: String }

    init(_ script: String, ready: String, _ arguments: String...) async throws {
        try? FileManager.default.removeItem(atPath: ready)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "\(Binaries.support)/\(script)"] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(["READY": ready]) { $1 }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        self.process = process
        guard await eventually(within: 60, { FileManager.default.fileExists(atPath: ready) }) else { throw Silent(script: script) }
        greeting = try String(contentsOfFile: ready, encoding: .utf8)
    }

    deinit { stop() }

    /// A child that is started from the concurrency pool has the other signals blocked.
    func stop() { if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) } }

    func kill() async {
        stop()
        _ = await Tool.end(of: process)
    }
}
