import Fleet
import Foundation

/// One line of a rollout's `decisions`: compact JSON.
enum NoteLine {
    static let fileName = "decisions"

    private struct Document: Codable {
        let at: String
        let what: String
        let because: String
    }

    static func encode(_ note: RolloutNote) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let at = Date(timeIntervalSince1970: TimeInterval(note.at)).formatted(.iso8601)
        return try Array(encoder.encode(Document(at: at, what: note.what, because: note.because))) + [UInt8(ascii: "\n")]
    }

    /// Nil for what is no note.
    static func decode(_ line: some Sequence<UInt8>) -> RolloutNote? {
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(line)),
            let at = try? Date(document.at, strategy: .iso8601)
        else { return nil }
        return RolloutNote(at: Int64(at.timeIntervalSince1970), what: document.what, because: document.because)
    }
}
