import Foundation

/// `curl` with one client's certificate against one server.
struct Curl: Sendable {
    struct Answer {
        /// 0 when there was none.
        let status: Int
        /// Names in lower case.
        let headers: [String: String]
        let body: Data

        var text: String { String(decoding: body, as: UTF8.self) }
        var json: [String: Any] { (try? JSONSerialization.jsonObject(with: body)) as? [String: Any] ?? [:] }
        var slug: String? { json["slug"] as? String }
    }

    let url: String
    let root: String
    /// Holds client.pem and pkey.pem; nil for a client without a certificate.
    let credentials: String?

    func get(_ path: String, _ options: String...) async throws -> Answer { try await run(path, options) }

    func head(_ path: String) async throws -> Answer { try await run(path, ["--head"]) }

    func post(_ path: String, file: String, _ options: String...) async throws -> Answer {
        try await run(path, ["-X", "POST", "--data-binary", "@\(file)"] + options)
    }

    func post(_ path: String, body: String, _ options: String...) async throws -> Answer {
        try await run(path, ["-X", "POST", "-H", "Content-Type: application/json", "--data-binary", body] + options)
    }

    private func run(_ path: String, _ options: [String]) async throws -> Answer {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("curl-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            [
                "curl", "-sS", "--path-as-is", "--max-time", "60", "--cacert", root, "-D", "\(folder)/head", "-o", "\(folder)/body",
            ] + (credentials.map { ["--cert", "\($0)/client.pem", "--key", "\($0)/pkey.pem"] } ?? []) + options + [url + path]
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                process.waitUntilExit()
                continuation.resume()
            }
        }
        // The last block: those before it are interim answers.
        let head = (try? String(contentsOfFile: "\(folder)/head", encoding: .utf8)) ?? ""
        let lines = (head.components(separatedBy: "\r\n\r\n").last { !$0.isEmpty } ?? "").components(separatedBy: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return Answer(status: status, headers: headers, body: FileManager.default.contents(atPath: "\(folder)/body") ?? Data())
    }
}
