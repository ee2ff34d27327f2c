import Foundation
import Snaps
import Testing

@testable import SoftwareAgent

@Suite("Files on their way to snapd")
struct SnapFilesTests {
    /// Sends `text` from the first byte, whatever was asked for.
    private struct Sender: UpdateServer {
        let text: String

        func heartbeat(_ heartbeat: Heartbeat) async throws(SoftwareAgentError) -> SnapRequests { SnapRequests([]) }
        func deliver(_ answer: [UInt8]) async throws(SoftwareAgentError) -> SnapRequests { SnapRequests([]) }
        func fetch(
            _ path: String, from offset: Int64, receive: @Sendable ([UInt8], Int64) throws(SoftwareAgentError) -> Bool
        ) async throws(SoftwareAgentError) {
            for (place, byte) in text.utf8.enumerated() {
                guard try receive([byte], Int64(place)) else { return }
            }
        }
    }

    private func inFiles(_ body: (SnapFiles, AgentStore) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("sf-\(UUID().uuidString.prefix(8))").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let store = try AgentStore(path: path)
        try await body(SnapFiles(in: store.directory), store)
    }

    private func snap(size: Int64) throws -> RequiredSnap {
        let text = #"{"name":"a","source":"update","size":\#(size),"sha3-384":"\#(String(repeating: "D", count: 64))"}"#
        return try JSONDecoder().decode(RequiredSnap.self, from: Data(text.utf8))
    }

    @Test("a size that no snap has is refused before anything is fetched", arguments: [0, -1, .min, .max, 1 << 40 + 1] as [Int64])
    func sizes(size: Int64) async throws {
        try await inFiles { files, _ in
            let snap = try snap(size: size)
            let error = await #expect(throws: SoftwareAgentError.self) { try await files.fetch(snap, from: Sender(text: "x")) { true } }
            #expect(error?.code == .orderInvalid)
            #expect(try files.directory.names().isEmpty)
        }
    }

    @Test("a file that ends before its size is one that changed, and is not fetched again at once")
    func short() async throws {
        try await inFiles { files, _ in
            let snap = try snap(size: 10)
            let error = await #expect(throws: SoftwareAgentError.self) { try await files.fetch(snap, from: Sender(text: "short")) { true } }
            #expect(error?.code == .snapChanged)
            #expect(error?.message.contains("is shorter than 10 bytes") == true)
        }
    }

    @Test("a download that was stopped goes on later; one that begins from its first byte each time does not")
    func stopped() async throws {
        try await inFiles { files, _ in
            let snap = try snap(size: 10)
            #expect(try await files.fetch(snap, from: Sender(text: "0123456789")) { false } == false)
            let error = await #expect(throws: SoftwareAgentError.self) {
                try await files.fetch(snap, from: Sender(text: "0123456789")) { false }
            }
            #expect(error?.code == .snapChanged)
        }
    }

    @Test("a state that is too large is moved aside as damaged")
    func largeState() async throws {
        try await inFiles { _, store in
            let path = store.directory.path + "/state.json"
            try Data().write(to: URL(filePath: path))
            let file = try #require(FileHandle(forWritingAtPath: path))
            try file.truncate(atOffset: UInt64(AgentStore.largest) + 1)
            let (record, damage) = try store.load()
            #expect(record == AgentRecord())
            #expect(damage?.code == .stateInvalid)
            #expect(try store.directory.names().contains("state.json.damaged"))
            #expect(try !store.directory.names().contains("state.json"))
        }
    }
}
