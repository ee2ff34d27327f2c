import Foundation

/// What tests see of a data directory from outside: its files and its database.
extension TestServer {
    /// The content of a file below the data directory; nil when there is none.
    func file(_ path: String) -> String? {
        FileManager.default.contents(atPath: "\(datadir)/\(path)").map { String(decoding: $0, as: UTF8.self) }
    }

    func lines(_ path: String) -> [String] { file(path)?.split(separator: "\n").map(String.init) ?? [] }

    /// All names in a directory below the data directory, hidden ones too.
    func names(_ path: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "\(datadir)/\(path)")) ?? []).sorted()
    }

    /// The document in a file; nil when it is none.
    func document(_ path: String) -> Any? {
        FileManager.default.contents(atPath: "\(datadir)/\(path)").flatMap { try? JSONSerialization.jsonObject(with: $0) }
    }

    /// Rows of a query by `sqlite3`, columns joined by `|`.
    func rows(_ query: String) async throws -> [String] {
        try await Tool.check(["sqlite3", "-cmd", ".timeout 5000", "\(datadir)/db.sqlite", query]).lines
    }

    static let hasSQLite = FileManager.default.isExecutableFile(atPath: "/usr/bin/sqlite3")

    /// Makes devices known before their first contact.
    func preregister(_ devices: [String], isProd: Bool = false, tag: String? = "main") async throws {
        let body: [String: Any] = ["devices": devices, "isProd": isProd, "tag": tag ?? NSNull()]
        let text = String(decoding: try JSONSerialization.data(withJSONObject: body), as: UTF8.self)
        let answer = try await api("POST", "/v1/devices/preregister", body: text)
        guard answer.status == 200 else { throw Unexpected(answer: answer) }
    }

    /// The update names of all devices, as the server tells them.
    func assignments() async throws -> [String: String] {
        var found: [String: String] = [:]
        var cursor: String?
        repeat {
            let answer = try await api("GET", "/v1/devices?limit=1000" + (cursor.map { "&cursor=\($0)" } ?? ""))
            guard answer.status == 200, let devices = answer.json["devices"] as? [[String: Any]] else {
                throw Unexpected(answer: answer)
            }
            for device in devices { found[device["uuid"] as? String ?? ""] = device["updateName"] as? String ?? "" }
            cursor = answer.json["nextCursor"] as? String
        } while cursor != nil
        return found
    }

    /// A data directory whose server has stopped.
    static func dataDirectoryOnly() async throws -> TestServer {
        let server = try await start()
        _ = await server.terminate()
        return server
    }

    /// `otactl …` with any token and any server, whatever it ends with.
    func tryOtactl(_ arguments: String..., token: String? = nil, server: String? = nil) async throws -> Tool.Outcome {
        try await Tool.run(
            [Binaries.otactl] + arguments, environment: ["OTACTL_SERVER": server ?? admin, "OTACTL_TOKEN": token ?? self.token])
    }

    /// `otaserve serve` that is expected to end by itself; killed after 20 seconds.
    func serveOnce(_ arguments: String..., environment: [String: String] = [:]) async throws -> Tool.Outcome {
        try await Tool.run(
            ["timeout", "-s", "KILL", "20", Binaries.otaserve, "--datadir", datadir, "serve"]
                + (arguments.contains("--gateway-address") ? [] : ["--gateway-address", "127.0.0.1:0"])
                + (arguments.contains("--admin-address") ? [] : ["--admin-address", "127.0.0.1:0"]) + arguments,
            environment: environment)
    }
}
