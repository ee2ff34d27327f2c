import Foundation

/// OpenSSL's command line: the independent judge.
enum OpenSSL {
    struct Answer {
        let succeeded: Bool
        /// Standard output and standard error, one after the other.
        let text: String
    }

    struct Failure: Error {
        let command: String
        let text: String
    }

    static let isAvailable = (try? run(["version"]).succeeded) ?? false

    static func run(_ arguments: [String], in directory: String? = nil) throws -> Answer {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Answer(succeeded: process.terminationStatus == 0, text: String(decoding: output, as: UTF8.self))
    }

    /// Runs a command that must succeed; words are separated by single spaces.
    @discardableResult
    static func make(_ command: String, in directory: TemporaryDirectory) throws -> String {
        let answer = try run(command.split(separator: " ").map(String.init), in: directory.path)
        guard answer.succeeded else { throw Failure(command: command, text: answer.text) }
        return answer.text
    }
}
