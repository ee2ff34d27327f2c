import FileTree
import Fleet
import Foundation

@testable import Persistence

/// An audit log of one test. (The tests' `Scratch` is the other files' own.)
final class AuditWorld {
    let path: String
    let root: Directory
    let files: AuditFiles

    init() throws {
        path = (access("/dev/shm", W_OK) == 0 ? "/dev/shm" : NSTemporaryDirectory()) + "/otaserve-" + UUID().uuidString
        root = try Directory.make(path: path)
        files = try AuditFiles(dataDirectory: root)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// January and February 2026.
    static let january: Int64 = 1_767_300_000
    static let february: Int64 = 1_770_000_000

    func write(_ count: Int, at time: Int64 = january) async throws {
        for index in 0..<count { try await files.record(Self.entry(index, at: time)) }
    }

    static func entry(_ index: Int, at time: Int64 = january) -> AuditEntry {
        AuditEntry(time: time, actor: .local, action: "device-deny", subject: "d\(index)", outcome: "done")
    }

    func lines(_ name: String = "2026-01.jsonl") -> [String] {
        let data = FileManager.default.contents(atPath: "\(path)/audit/\(name)") ?? Data()
        return String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }

    func put(_ lines: [String], _ name: String = "2026-01.jsonl") throws {
        try put(text: lines.map { $0 + "\n" }.joined(), name)
    }

    func put(text: String, _ name: String = "2026-01.jsonl") throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/audit/\(name)"))
    }
}
