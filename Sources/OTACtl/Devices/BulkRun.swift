import Foundation

/// Does one action to many devices: shows what would change, asks, and changes exactly as many.
struct BulkRun {
    let options: BulkOptions
    let isJSON: Bool
    let action: String
    /// What the action takes besides devices, such as `group`.
    var parameters: [String: JSON] = [:]

    private static let path = "/v1/devices/bulk"

    func run(_ client: AdminClient) async throws {
        var body = parameters
        body["action"] = .text(action)
        guard let filter = options.filter else {
            body["devices"] = .array(options.uuids.map(JSON.text))
            body["dryRun"] = .bool(options.dryRun)
            return try show(try await client.call(.POST, Self.path, body: .object(body)))
        }
        body["q"] = .text(filter)
        body["dryRun"] = .bool(true)
        let preview = try await client.call(.POST, Self.path, body: .object(body))
        guard !options.dryRun, preview["count"].integer != 0 else { return try show(preview) }
        if !options.yes { try confirm(preview) }
        body["dryRun"] = .bool(false)
        // The server refuses when it is another number by now.
        body["expect"] = preview["count"]
        try show(try await client.call(.POST, Self.path, body: .object(body)))
    }

    private func confirm(_ preview: JSON) throws(ControlError) {
        guard isatty(STDIN_FILENO) == 1 else {
            throw ControlError(
                .usage, "confirmation-missing",
                "\(action) would change \(preview["count"].cell) devices; look at them with --dry-run, and pass --yes to change them")
        }
        FileHandle.standardError.write(Data("\(Plain.text(Self.text(preview)))\nGo on? [y/N] ".utf8))
        guard let answer = readLine()?.lowercased(), answer == "y" || answer == "yes" else {
            throw ControlError(.failed, "not-confirmed", "nothing was changed")
        }
    }

    private func show(_ answer: JSON) throws(ControlError) {
        if isJSON { try StandardOutput.json(answer) } else { try StandardOutput.line(Plain.text(Self.text(answer))) }
    }

    private static func text(_ answer: JSON) -> String {
        let count = answer["count"].integer ?? 0
        let named = answer["devices"].array
        var lines = [
            "\(answer["action"].cell): \(count) of \(answer["matched"].cell) devices "
                + (answer["dryRun"] == .bool(true) ? "would change" : "changed")
        ]
        lines += named.map { "  \($0.cell)" }
        if count > named.count { lines.append("  and \(count - Int64(named.count)) more") }
        return lines.joined(separator: "\n")
    }
}
