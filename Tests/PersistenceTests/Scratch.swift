import DeviceAuth
import FileTree
import Fleet
import Foundation
import UpdateTree

/// The data directory of one test.
final class Scratch {
    let path: String
    let root: Directory

    init() throws {
        path = Self.parent + "/otaserve-" + UUID().uuidString
        root = try Directory.make(path: path)
    }

    /// A copy of another one, as it lies on the disk now.
    init(copying other: Scratch) throws {
        path = Self.parent + "/otaserve-" + UUID().uuidString
        try FileManager.default.copyItem(atPath: other.path, toPath: path)
        root = try Directory(path: path)
    }

    /// In memory where there is some: hundreds of syncs on a real disk take minutes.
    private static let parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : NSTemporaryDirectory()

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func bytes(_ name: String) -> [UInt8] { FileManager.default.contents(atPath: "\(path)/\(name)").map { Array($0) } ?? [] }
    func text(_ name: String) -> String { String(decoding: bytes(name), as: UTF8.self) }
    func put(_ bytes: some Sequence<UInt8>, at name: String) throws { try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)")) }

    /// Every plain file that is not the journal, with its content.
    func everything() throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for case let name as String in FileManager.default.enumerator(atPath: path) ?? .init() {
            guard root.status(name)?.kind == .file, name != "journal.log" else { continue }
            files[name] = bytes(name)
        }
        return files
    }
}

func id(_ text: String) throws -> DeviceID { try DeviceID(text) }

func state(_ name: String, tag: String? = "main") throws -> DeviceState {
    DeviceState(
        id: try id(name), key: try KeyFingerprint(hex: String(repeating: "a", count: 64)), channel: .ci, createdAt: 100,
        tag: try tag.map { try UpdateTree.Tag($0) })
}

extension Scratch {
    /// The lines of a rollout's events, but for the marks of time.
    func rolloutLines(_ rollout: RolloutID) -> [String] {
        text("rollouts/\(rollout)/events").split(separator: "\n").map(String.init).filter { !$0.hasPrefix("AT: ") }
    }
}

func event(_ id: String, correlation: String = "43-x", details: String = "") throws -> DeviceEvent {
    let object: [[String: Any]] = [
        ["id": id, "eventType": ["id": "EcuDownloadStarted", "version": 1], "event": ["correlationId": correlation, "details": details]]
    ]
    let batch = try EventBatch(parsing: Array(JSONSerialization.data(withJSONObject: object)))
    guard let event = batch.events.first else { throw CocoaError(.coderInvalidValue) }
    return event
}

func entry(_ id: String, correlation: String = "43-x", details: String = "", rollout: RolloutID? = nil) throws -> EventEntry {
    EventEntry(
        event: try event(id, correlation: correlation, details: details),
        line: try rollout.map { rollout in
            guard let line = RolloutLine("DEVICE_STATUS: device Line\(id)") else { throw CocoaError(.coderInvalidValue) }
            return (rollout, line)
        })
}

/// The ids of the events in a file of them.
func eventIDs(_ text: String) throws -> [String] {
    try text.split(separator: "\n").map { try JSONDecoder().decode(DeviceEvent.self, from: Data($0.utf8)).id }
}
