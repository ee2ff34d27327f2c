import Foundation

/// An HTTP answer as `curl` saw it.
struct Answer {
    /// 0 when there was none: the connection or the handshake failed.
    let status: Int
    /// Names in lower case.
    let headers: [String: String]
    let body: Data
    /// "1.1" or "2".
    let version: String
    let curlStatus: Int32
    let errors: String

    var text: String { String(decoding: body, as: UTF8.self) }
    var json: [String: Any] { (try? JSONSerialization.jsonObject(with: body)) as? [String: Any] ?? [:] }
    /// The slug of a problem document.
    var slug: String? { json["slug"] as? String }

    static func of(curl options: [String]) async throws -> Answer {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("answer-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let outcome = try await Tool.run(
            ["curl", "-sS", "--max-time", "60", "-D", "\(folder)/head", "-o", "\(folder)/body", "-w", "%{http_code} %{http_version}"]
                + options)
        let words = outcome.text.split(separator: " ")
        let head = (try? String(contentsOfFile: "\(folder)/head", encoding: .utf8)) ?? ""
        var headers: [String: String] = [:]
        // The last block: blocks before it are interim answers.
        let blocks = head.components(separatedBy: "\r\n\r\n").filter { !$0.isEmpty }
        for line in (blocks.last ?? "").components(separatedBy: "\r\n").dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        return Answer(
            status: words.first.flatMap { Int($0) } ?? 0, headers: headers,
            body: FileManager.default.contents(atPath: "\(folder)/body") ?? Data(),
            version: words.count > 1 ? String(words[1]) : "", curlStatus: outcome.status, errors: outcome.errors)
    }
}
