import Foundation
import Testing

@Suite("Updates come in through the API")
struct UploadTests {
    private static let path = "/v1/updates/ci/main/up"

    private static func tar(_ update: String, in server: TestServer) async throws -> String {
        let file = "\(server.datadir)/\(update).tar"
        try await Tool.check(["tar", "-C", "\(Binaries.samples)/ci/main/\(update)", "-cf", file, "."])
        return file
    }

    /// A part of `file` that is sent as it is, streamed, without a length when `isChunked`.
    private static func post(
        _ server: TestServer, _ path: String = path, file: String, headers: [String] = [], isChunked: Bool = false, token: String? = nil
    ) async throws -> Answer {
        let all = ["Authorization: Bearer \(token ?? server.token)"] + headers + (isChunked ? ["Transfer-Encoding: chunked"] : [])
        return try await Answer.of(
            curl: ["-X", "POST", "-T", file, "-H", "Expect:"] + all.flatMap { ["-H", $0] } + ["\(server.admin)\(path)"])
    }

    private static func part(_ file: String, from start: Int, count: Int? = nil) throws -> String {
        let bytes = try #require(FileManager.default.contents(atPath: file))
        let part = "\(file).\(start)-\(count ?? bytes.count)"
        try bytes.dropFirst(start).prefix(count ?? bytes.count).write(to: URL(fileURLWithPath: part))
        return part
    }

    private static func expectNothingKept(_ server: TestServer, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(server.names("uploads").isEmpty, sourceLocation: sourceLocation)
        #expect(server.names("updates") == ["ci", "prod"], sourceLocation: sourceLocation)
    }

    @Test("A streamed archive is checked and served at once, and nothing of the upload stays", arguments: [true, false])
    func streamed(isChunked: Bool) async throws {
        let server = try await TestServer.start(serve: "verified")
        defer { server.stop() }
        let answer = try await Self.post(server, file: Self.tar("42", in: server), isChunked: isChunked)
        #expect(answer.status == 201, "\(answer)")
        #expect(answer.headers["location"] == Self.path)
        #expect(answer.json["accepted"] as? Bool == true && answer.json["name"] as? String == "up")
        #expect(answer.json["targets"] as? [String] == ["intel-corei7-64-lmp-42"])
        #expect(answer.json["sharedFiles"] as? Int ?? 0 > 0)
        Self.expectNothingKept(server)
        #expect(try await Tool.run(["diff", "-r", server.update(), server.update("up")]).status == 0)
        let device = try await server.assignedDevice("one", update: "up")
        #expect(try await device.get("/repo/targets.json", tag: "main").status == 200)
        let again = try await Self.post(server, file: Self.tar("42", in: server))
        #expect(again.status == 409 && again.slug == "update-exists", "\(again)")
        Self.expectNothingKept(server)
    }

    @Test("An upload in parts goes on where it ended; who begins elsewhere is told where, also after the server was killed")
    func parts() async throws {
        let server = try await TestServer.start()
        defer { server.stop() }
        let file = try await Self.tar("42", in: server)
        let size = try #require(FileManager.default.contents(atPath: file)).count
        let id = "Upload-Id: release-42"
        let first = try await Self.post(server, file: Self.part(file, from: 0, count: 1000), headers: [id, "Upload-Complete: ?0"])
        #expect(first.status == 202 && first.headers["upload-offset"] == "1000", "\(first)")
        let status = try await server.api("GET", "/v1/uploads/release-42")
        #expect(status.status == 200 && status.headers["upload-offset"] == "1000")
        #expect(status.json["receivedBytes"] as? Int == 1000 && status.json["update"] as? String == "ci/main/up", "\(status.text)")
        for offset in [0, 999, 1001, size] {
            let rest = try Self.part(file, from: offset)
            let wrong = try await Self.post(server, file: rest, headers: [id, "Upload-Offset: \(offset)"])
            #expect(wrong.status == 409 && wrong.slug == "upload-offset-mismatch", "\(offset): \(wrong)")
            #expect(wrong.headers["upload-offset"] == "1000", "\(offset)")
        }
        for (header, value) in [("Upload-Offset", "-1"), ("Upload-Offset", "x"), ("Upload-Complete", "yes"), ("Upload-Id", "a/../b0000")] {
            let right = [id, "Upload-Offset: 1000"].filter { !$0.hasPrefix(header) }
            let wrong = try await Self.post(server, file: file, headers: right + ["\(header): \(value)"])
            #expect(wrong.status == 400 && wrong.slug == "upload-invalid", "\(header): \(wrong)")
        }
        let other = try await Self.post(server, "/v1/updates/ci/main/other", file: file, headers: [id, "Upload-Offset: 1000"])
        #expect(other.status == 400 && other.slug == "upload-invalid", "\(other)")

        await server.kill()
        try await server.launch()
        let last = try await Self.post(server, file: Self.part(file, from: 1000), headers: [id, "Upload-Offset: 1000"])
        #expect(last.status == 201, "\(last)")
        #expect(try await server.api("GET", "/v1/uploads/release-42").status == 404)
        Self.expectNothingKept(server)
    }

    @Test("A connection that is cut keeps what came of a named upload and nothing of one without a name")
    func cut() async throws {
        let server = try await TestServer.start(trust: .own)
        defer { server.stop() }
        let tree = try await BuiltTree.make(in: "\(server.datadir)/tree", version: "1", bytes: 8 << 20)
        let file = try await tree.archive()
        for headers in [["Upload-Id: cut-in-the-middle"], []] {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments =
                ["curl", "-sS", "-X", "POST", "-T", file, "--limit-rate", "1M", "-H", "Expect:"]
                + (["Authorization: Bearer \(server.token)"] + headers).flatMap { ["-H", $0] } + ["\(server.admin)\(Self.path)"]
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            func received() -> Int {
                server.names("uploads").reduce(0) { sum, id in
                    let archive = try? FileManager.default.attributesOfItem(atPath: "\(server.datadir)/uploads/\(id)/archive")
                    return sum + (archive?[.size] as? Int ?? 0)
                }
            }
            await expectEventually { received() > 100_000 }
            Foundation.kill(process.processIdentifier, SIGKILL)
            _ = await Tool.end(of: process)
            guard !headers.isEmpty else {
                await expectEventually("an upload without a name stays") { server.names("uploads").isEmpty }
                continue
            }
            // The server may still be writing what had come; the upload is free when it takes the next part.
            var answer: Answer?
            try await expectEventually {
                let offset = received()
                let rest = try Self.part(file, from: offset)
                defer { try? FileManager.default.removeItem(atPath: rest) }
                answer = try await Self.post(server, file: rest, headers: headers + ["Upload-Offset: \(offset)"])
                return answer?.status != 503 && answer?.status != 409
            }
            #expect(answer?.status == 201, "\(String(describing: answer))")
            #expect(answer?.json["metadataGenerated"] as? Bool == true)
            try await server.otaserve("updates", "delete", "ci/main/up")
            Self.expectNothingKept(server)
        }
        Self.expectNothingKept(server)
    }

    @Test("While an upload is being checked its progress is told; when it is done nobody knows it any more")
    func progress() async throws {
        let server = try await TestServer.start()
        defer { server.stop() }
        let file = try await Self.tar("42", in: server)
        let hold = try CheckHold(server)
        async let answer = Self.post(server, file: file, headers: ["Upload-Id: being-checked"])
        let size = try #require(FileManager.default.contents(atPath: file)).count
        var told: [String: Any] = [:]
        try await expectEventually {
            told = try await server.api("GET", "/v1/uploads/being-checked").json
            return told["step"] is String
        }
        #expect(told["receivedBytes"] as? Int == size && told["update"] as? String == "ci/main/up", "\(told)")
        #expect(told["unit"] is String && told["done"] is Int, "\(told)")
        let isThere = FileManager.default.fileExists(atPath: server.update("up"))
        #expect(!isThere)
        hold.release()
        #expect(try await answer.status == 201)
        #expect(try await server.api("GET", "/v1/uploads/being-checked").slug == "upload-unknown")
        Self.expectNothingKept(server)
    }
}
