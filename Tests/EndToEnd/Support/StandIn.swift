import Foundation

/// A Python program of the tests that says in its first line that it is ready.
final class StandIn: Sendable {
    /// Its first line.
    let greeting: String
    private let process: Process

    init(_ script: String, _ arguments: String...) async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "\(Binaries.support)/\(script)"] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        self.process = process
        let handle = output.fileHandleForReading
        greeting = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let line = String(decoding: handle.availableData, as: UTF8.self)
                try? handle.close()
                continuation.resume(returning: line.trimmingCharacters(in: .whitespacesAndNewlines))
            }
        }
    }

    func stop() { process.terminate() }

    func kill() async {
        Foundation.kill(process.processIdentifier, SIGKILL)
        _ = await Tool.end(of: process)
    }
}
