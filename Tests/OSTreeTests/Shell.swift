import Foundation
import Testing

/// Runs a program and waits for it.
@discardableResult
func run(_ words: String..., expecting expected: Int32? = 0, in directory: String? = nil) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["LC_ALL=C"] + words
    if let directory { process.currentDirectoryURL = URL(filePath: directory) }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let text = String(decoding: bytes, as: UTF8.self)
    if let expected { #expect(process.terminationStatus == expected, "\(words): \(text)") }
    return (process.terminationStatus, text)
}
