import Foundation
import Testing

@Suite("Uploads that are refused")
struct UploadRefusalTests {
    private static let path = "/v1/updates/ci/main/up"

    private static func post(
        _ server: TestServer, _ path: String = path, file: String, headers: [String] = [], token: String? = nil
    ) async throws -> Answer {
        try await Answer.of(
            curl: ["-X", "POST", "-T", file, "-H", "Expect:", "-H", "Authorization: Bearer \(token ?? server.token)"]
                + headers.flatMap { ["-H", $0] } + ["\(server.admin)\(path)"])
    }

    private static func expectNothingKept(_ server: TestServer, sourceLocation: SourceLocation = #_sourceLocation) async {
        await expectEventually(sourceLocation: sourceLocation) { server.names("uploads").isEmpty }
        #expect(server.names("updates") == ["ci", "prod"], sourceLocation: sourceLocation)
        #expect(!FileManager.default.fileExists(atPath: server.update("up")), sourceLocation: sourceLocation)
    }

    @Test("Beyond upload-limit the answer is 413 and nothing is kept, with a length and without, in one part and in several")
    func tooLong() async throws {
        let server = try await TestServer.start(configuration: "upload-limit: 100000")
        defer { server.stop() }
        let file = "\(server.datadir)/long"
        try Data(repeating: 7, count: 300_000).write(to: URL(fileURLWithPath: file))
        let chunked = "Transfer-Encoding: chunked"
        for headers in [[], [chunked], ["Upload-Id: too-long-1"], ["Upload-Id: too-long-2", chunked]] {
            let answer = try await Self.post(server, file: file, headers: headers)
            #expect(answer.status == 413 && answer.slug == "upload-too-large", "\(headers): \(answer)")
            await Self.expectNothingKept(server)
        }
        let half = "\(server.datadir)/half"
        try Data(repeating: 7, count: 60_000).write(to: URL(fileURLWithPath: half))
        let id = "Upload-Id: in-two-parts"
        #expect(try await Self.post(server, file: half, headers: [id, "Upload-Complete: ?0"]).status == 202)
        let answer = try await Self.post(server, file: half, headers: [id, "Upload-Offset: 60000"])
        #expect(answer.status == 413, "\(answer)")
        await Self.expectNothingKept(server)
    }

    @Test("A refused update is answered with 422 and every finding; what is no archive with its problem")
    func refused() async throws {
        let server = try await TestServer.start()
        defer { server.stop() }
        let copy = "\(server.datadir)/copy"
        try await Tool.check(["cp", "-r", "\(Binaries.samples)/ci/main/42", copy])
        let object = try #require(Sample.objects().first { $0.hasSuffix(".dirtree") })
        let blob = try Sample.blobs()[0]
        // The store has the right copies: names that are absent from the archive are absent.
        for path in ["ostree_repo/\(object)", "apps/blobs/sha256/\(blob)"] {
            try FileManager.default.removeItem(atPath: "\(copy)/\(path)")
        }
        let file = "\(copy).tar"
        try await Tool.check(["tar", "-C", copy, "-cf", file, "tuf", "ostree_repo", "apps"])
        let answer = try await Self.post(server, file: file)
        #expect(answer.status == 422, "\(answer)")
        #expect(answer.json["accepted"] as? Bool == false)
        let findings = answer.json["findings"] as? [[String: Any]] ?? []
        for path in [object, blob] {
            let finding = findings.first { ($0["path"] as? String)?.contains(path) == true }
            #expect(finding?["severity"] as? String == "fatal", "\(path): \(answer.text)")
            #expect((finding?["message"] as? String)?.isEmpty == false, "\(path): \(answer.text)")
        }
        await Self.expectNothingKept(server)

        try Data("no archive\n".utf8).write(to: URL(fileURLWithPath: file))
        for headers in [[], ["Upload-Id: no-archive"]] {
            let none = try await Self.post(server, file: file, headers: headers)
            #expect(none.status == 422 && none.slug == "update-archive-refused", "\(none)")
            await Self.expectNothingKept(server)
        }
        let empty = try await server.api("POST", Self.path)
        #expect(empty.status == 422, "\(empty)")
        await Self.expectNothingKept(server)
    }

    @Test("Only a token with updates:write brings updates in; names that no device asks for are refused before anything is read")
    func scopes() async throws {
        let server = try await SharedServer.get()
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("upload-\(UUID().uuidString)").path
        try Data(repeating: 0, count: 1 << 20).write(to: URL(fileURLWithPath: file))
        defer { try? FileManager.default.removeItem(atPath: file) }
        func token(_ scope: String) async throws -> String {
            try await server.otaserve("token", "create", "--scope", scope, "--expires", "1d")
                .trimmingCharacters(in: .whitespacesAndNewlines)
        }
        for scope in ["read", "devices:write", "rollouts:write"] {
            let answer = try await Self.post(server, file: file, token: try await token(scope))
            #expect(answer.status == 403 && answer.slug == "scope-missing", "\(scope): \(answer)")
        }
        #expect(try await Self.post(server, file: file, token: "ota_nobody").status == 401)
        let writer = try await token("updates:write")
        #expect(try await Self.post(server, "/v1/updates/ci/main/.up", file: file, token: writer).status == 400)
        #expect(try await Self.post(server, "/v1/updates/beta/main/up", file: file, token: writer).status == 400)
        // Without updates:read nobody may ask how far an upload is.
        #expect(try await server.api("GET", "/v1/uploads/an-upload-0", token: token("devices:read")).status == 403)
        #expect(try await server.api("GET", "/v1/uploads/an-upload-0").status == 404)
        #expect(server.names("uploads").isEmpty)
    }

    @Test("A second request for an upload that is being sent is answered with 503, and the first goes on")
    func twoAtOnce() async throws {
        let server = try await TestServer.start(trust: .own)
        defer { server.stop() }
        let tree = try await BuiltTree.make(in: "\(server.datadir)/tree", version: "1", bytes: 1 << 20)
        let file = try await tree.archive()
        // Comes through a pipe that the test keeps open.
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "curl", "-sS", "-X", "POST", "-T", "-", "-H", "Authorization: Bearer \(server.token)", "-H", "Upload-Id: being-sent",
            "\(server.admin)\(Self.path)",
        ]
        process.standardInput = pipe
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let bytes = try #require(FileManager.default.contents(atPath: file))
        try pipe.fileHandleForWriting.write(contentsOf: bytes.prefix(50_000))
        try await expectEventually {
            try await server.api("GET", "/v1/uploads/being-sent").json["receivedBytes"] as? Int ?? 0 > 0
        }
        let second = try await Self.post(server, file: file, headers: ["Upload-Id: being-sent", "Upload-Complete: ?0"])
        #expect(second.status == 503 && second.slug == "upload-busy", "\(second)")
        try pipe.fileHandleForWriting.write(contentsOf: bytes.dropFirst(50_000))
        try pipe.fileHandleForWriting.close()
        #expect(await Tool.end(of: process) == 0)
        #expect(try await server.api("GET", "/v1/updates/ci/main/up").json["verified"] as? Bool == true)
        #expect(server.names("uploads").isEmpty)
    }
}
