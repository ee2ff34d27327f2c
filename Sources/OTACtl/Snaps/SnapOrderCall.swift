import Foundation

/// Sends an order and says which one it became.
struct SnapOrderCall {
    let uuid: String
    let action: String
    var snap: String?
    var data: String?

    func run(_ client: AdminClient, as json: Bool) async throws {
        var body: [String: JSON] = ["action": .text(action)]
        if let snap { body["snap"] = .text(snap) }
        if let data { body["data"] = .text(data) }
        // A connection that breaks is no reason to order it twice: the command is not sent again by itself.
        let order = try await client.call(.POST, DevicesCommand.path(uuid, "snaps", "orders"), body: .object(body))
        if json { return try StandardOutput.json(order) }
        let what = ([action] + (snap.map { [$0] } ?? [])).map(Plain.line).joined(separator: " ")
        try StandardOutput.line("order \(order["id"].cell): \(what) on \(Plain.line(uuid))")
    }

    /// A JSON text of what is not nil.
    static func text(_ members: [String: JSON?]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(JSON.object(members.compactMapValues { $0 })), as: UTF8.self)
    }

    /// A file's text, or standard input's for `-`.
    static func read(_ file: String) throws(ControlError) -> String {
        let data = file == "-" ? try? FileHandle.standardInput.readToEnd() ?? Data() : FileManager.default.contents(atPath: file)
        guard let data, let text = String(data: data, encoding: .utf8) else {
            throw ControlError(.badData, "file-unreadable", "cannot read \(file) as text; check its path and mode")
        }
        return text
    }
}
