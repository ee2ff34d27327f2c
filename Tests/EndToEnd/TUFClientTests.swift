import Foundation
import Testing

@Suite("tuf-client follows repositories that python-tuf made")
struct TUFClientTests {
    /// A client's two directories, and where it goes.
    private final class Client: Sendable {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tuf-client-\(UUID().uuidString)").path
        let server: TUFServer
        let repository: String

        init(_ server: TUFServer, _ repository: String) async throws {
            self.server = server
            self.repository = repository
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let name = repository.split(separator: "/").last.map(String.init) ?? ""
            let made = try await run("--metadata-dir", "\(folder)/metadata", "init", "\(server.folder)/\(name)/root.json")
            try #require(made.status == 0, "\(made.errors)")
            _ = server.takeRequests()
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }

        func run(_ arguments: String...) async throws -> Tool.Outcome { try await run(arguments) }
        func run(_ arguments: [String]) async throws -> Tool.Outcome {
            try await Tool.run(["\(Binaries.folder)/tuf-client"] + arguments, environment: ["TZ": "Pacific/Chatham"])
        }

        var place: [String] { ["--metadata-url", "\(server.address)/\(repository)/metadata", "--metadata-dir", "\(folder)/metadata"] }

        func refresh() async throws -> Tool.Outcome { try await run(place + ["refresh"]) }

        func download(_ names: [String]) async throws -> Tool.Outcome {
            let options = ["--target-dir", "\(folder)/targets", "--target-base-url", "\(server.address)/\(repository)/targets/"]
            return try await run(place + names.flatMap { ["--target-name", $0] } + options + ["download"])
        }

        func names(_ directory: String) -> [String] {
            ((try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(directory)")) ?? []).sorted()
        }

        func file(_ path: String) -> Data? { FileManager.default.contents(atPath: "\(folder)/\(path)") }
    }

    @Test("every repository is followed, and each of its targets fetched once")
    func repositories() async throws {
        let server = try await TUFServer()
        for name in try FileManager.default.contentsOfDirectory(atPath: server.folder).sorted() where name != "requests" {
            let client = try await Client(server, name)
            let targets = String(decoding: try server.file("\(name)/expected"), as: UTF8.self).split(separator: "\n").map(String.init)
            let outcome = try await client.download(targets)
            #expect(outcome.status == 0, "\(name): \(outcome.errors)")
            #expect(outcome.errors == "" && outcome.text == "")
            #expect(client.names("targets").count == targets.count, "\(name)")
            let requests = server.takeRequests()
            #expect(Set(requests).count == requests.count && requests.allSatisfy { $0.hasPrefix("GET ") }, "\(name)")
            #expect(try await client.download(targets).status == 0)
            let again = server.takeRequests()
            #expect(again.count == 2 && again[0].hasSuffix(".root.json") && again[1].hasSuffix("/timestamp.json"), "\(name): \(again)")
        }
    }

    @Test("the store holds the files as they were served, and a target's slashes are escaped in its file's name")
    func files() async throws {
        let server = try await TUFServer("ed25519-consistent")
        let client = try await Client(server, "ed25519-consistent")
        #expect(try await client.refresh().status == 0)
        #expect(
            server.takeRequests().map { $0.split(separator: "/").last.map(String.init) ?? "" }
                == ["2.root.json", "timestamp.json", "1.snapshot.json", "1.targets.json"])
        for (stored, served) in [("root", "1.root"), ("timestamp", "timestamp"), ("snapshot", "1.snapshot"), ("targets", "1.targets")] {
            #expect(client.file("metadata/\(stored).json") == (try server.file("ed25519-consistent/metadata/\(served).json")))
        }
        #expect(client.names("metadata").filter { $0.hasSuffix(".json") }.count == 4)
        #expect(try await client.download(["deep/folder/file.bin"]).status == 0)
        #expect(client.names("targets") == ["deep%2Ffolder%2Ffile.bin"])
        #expect(client.file("targets/deep%2Ffolder%2Ffile.bin")?.count == 128_000)
    }

    @Test("a list of targets ends at the first that fails")
    func stops() async throws {
        let server = try await TUFServer("delegations-consistent")
        let client = try await Client(server, "delegations-consistent")
        let outcome = try await client.download(["README.md", "nothing", "docs/guide-12.txt"])
        #expect(outcome.status == 1)
        #expect(outcome.errors.hasPrefix("tuf-client: target-unknown: ") && outcome.errors.filter { $0 == "\n" }.count == 1)
        #expect(client.names("targets") == ["README.md"])
    }

    @Test("redirects, failing servers and files without end are refused, and the store stays as it was")
    func hostileServers() async throws {
        let server = try await TUFServer("rsa-plain")
        for (way, slug) in [("redirect", "fetch-failed"), ("broken", "fetch-failed"), ("endless", "fetch-too-large")] {
            let client = try await Client(server, "\(way)/rsa-plain")
            let outcome = try await client.refresh()
            #expect(outcome.status == 1)
            #expect(outcome.errors.hasPrefix("tuf-client: \(slug): "), "\(way): \(outcome.errors)")
            #expect(client.names("metadata").filter { $0.hasSuffix(".json") } == ["root.json"])
            // Not asked again, and not followed elsewhere.
            #expect(server.takeRequests().filter { $0.hasPrefix("GET") }.count == (way == "endless" ? 2 : 1), "\(way)")
        }
    }

    @Test("escapes in addresses go to the server as they are")
    func escapes() async throws {
        let server = try await TUFServer("ecdsa-plain")
        let client = try await Client(server, "ecdsa-plain")
        let url = "\(server.address)/%65cdsa-plain/../ecdsa%2Dplain/metadata"
        _ = try await client.run("--metadata-url", url, "--metadata-dir", "\(client.folder)/metadata", "refresh")
        #expect(server.takeRequests().first?.contains("%65cdsa-plain/") == true)
    }

    @Test("whatever goes wrong, the exit code is 1 and the reason one line on standard error")
    func failures() async throws {
        let server = try await TUFServer("ed25519-plain")
        let client = try await Client(server, "ed25519-plain")
        let empty = "\(client.folder)/empty"
        for (arguments, slug) in [
            ([], "usage"), (["refresh"], "usage"), (["--metadata-dir", empty, "refresh"], "usage"), (["--bogus"], "usage"),
            (["--metadata-dir", empty, "init"], "usage"), (["--metadata-dir", empty, "explode"], "usage"),
            (client.place + ["download"], "usage"),
            (["--metadata-dir", empty, "init", "/nonexistent"], "metadata-storage-failed"),
            (["--metadata-dir", empty, "init", "\(server.folder)/ed25519-plain/metadata/targets.json"], "metadata-wrong-role"),
            (["--metadata-dir", empty, "--metadata-url", server.address, "refresh"], "root-missing"),
            (["--metadata-dir", "\(client.folder)/metadata", "--metadata-url", "http://127.0.0.1:1", "refresh"], "fetch-failed"),
            (["--metadata-dir", "\(client.folder)/metadata", "--metadata-url", "nowhere", "refresh"], "fetch-failed"),
        ] as [([String], String)] {
            let outcome = try await client.run(arguments)
            #expect(outcome.status == 1, "\(arguments)")
            #expect(outcome.errors.hasPrefix("tuf-client: \(slug): "), "\(arguments): \(outcome.errors)")
            #expect(outcome.text == "", "\(arguments)")
        }
        #expect(try await client.run("--help").status == 0)
    }
}
