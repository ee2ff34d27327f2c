import Foundation

/// Runs a program to its end and keeps what it printed.
struct Tool {
    struct Outcome {
        let status: Int32
        let output: Data
        let errors: String

        var text: String { String(decoding: output, as: UTF8.self) }
        var lines: [String] { text.split(separator: "\n").map(String.init) }
    }

    struct Failure: Error, CustomStringConvertible {
        let command: [String]
        let outcome: Outcome
        var description: String {
            "\(command.joined(separator: " ")) ended with \(outcome.status): \(outcome.errors)\(outcome.text.prefix(2000))"
        }
    }

    /// Runs `command` (looked up in PATH) and returns whatever its status is.
    static func run(
        _ command: [String], input: Data? = nil, environment: [String: String] = [:], directory: String? = nil
    ) async throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
        let output = Pipe()
        let errors = Pipe()
        process.standardOutput = output
        process.standardError = errors
        let inputPipe = input == nil ? nil : Pipe()
        process.standardInput = inputPipe ?? FileHandle.nullDevice
        try process.run()
        if let input, let inputPipe {
            // On a thread of its own: a program that answers before it has read everything must not block us.
            Thread.detachNewThread {
                try? inputPipe.fileHandleForWriting.write(contentsOf: input)
                try? inputPipe.fileHandleForWriting.close()
            }
        }
        async let text = Self.drain(errors)
        let data = await Self.drain(output)
        let outcome = Outcome(status: await Self.end(of: process), output: data, errors: String(decoding: await text, as: UTF8.self))
        return outcome
    }

    /// Runs `command` and throws unless it ends with 0.
    @discardableResult
    static func check(
        _ command: [String], input: Data? = nil, environment: [String: String] = [:], directory: String? = nil
    ) async throws -> Outcome {
        let outcome = try await run(command, input: input, environment: environment, directory: directory)
        guard outcome.status == 0 else { throw Failure(command: command, outcome: outcome) }
        return outcome
    }

    /// Off the cooperative pool: reading a pipe blocks.
    private static func drain(_ pipe: Pipe) async -> Data {
        await withCheckedContinuation { continuation in
            let handle = pipe.fileHandleForReading
            Thread.detachNewThread {
                let data = (try? handle.readToEnd()) ?? Data()
                // At once: Foundation cannot start processes once a descriptor's number has grown too large.
                try? handle.close()
                continuation.resume(returning: data)
            }
        }
    }

    static func end(of process: Process) async -> Int32 {
        // Not `waitUntilExit`: it spins on a thread without a run loop's sources.
        while process.isRunning { try? await Task.sleep(for: .milliseconds(2)) }
        return process.terminationStatus
    }
}
