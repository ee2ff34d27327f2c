import Foundation
import Testing

@Suite("Updates come in")
struct IngestTests {
    /// Imports `source`, which may be `-`: then `file` comes through a pipe.
    private static func importing(
        _ source: String, piping file: String, as name: String, _ server: TestServer
    ) async throws -> Tool.Outcome {
        try await Tool.run(
            (source == "-" ? ["bash", "-c", #"cat "$0" | "$@""#, file] : []) + [
                Binaries.otaserve, "--datadir", server.datadir, "updates", "import", source, "--channel", "ci", "--tag", "main", "--name",
                name,
            ])
    }

    @Test("A directory, a tar, a tar.gz, a tar.zst and standard input bring the same update in, byte for byte")
    func forms() async throws {
        let server = try await TestServer.dataDirectoryOnly()
        defer { server.stop() }
        let source = "\(Binaries.samples)/ci/main/42"
        let folder = "\(server.datadir)/archives"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        func tar(_ name: String, _ options: String..., of parts: String...) async throws -> String {
            try await Tool.check(["tar"] + options + ["-cf", "\(folder)/\(name)"] + parts)
            return "\(folder)/\(name)"
        }
        let plain = try await tar("a.tar", "-C", source, of: "tuf", "ostree_repo", "apps")
        var sources = [source, plain]
        sources.append(try await tar("b.tar", "-C", source, of: "."))
        sources.append(try await tar("c.tar", "-C", "\(Binaries.samples)/ci/main", of: "42"))
        sources.append(try await tar("d.tar", "-C", "\(Binaries.samples)/ci/main", of: "./42"))
        sources.append(try await tar("e.tar.gz", "-z", "-C", source, of: "tuf", "ostree_repo", "apps"))
        sources.append(try await tar("f.tar.zst", "--zstd", "-C", source, of: "apps", "ostree_repo", "tuf"))
        for (format, name) in [("pax", "g.tar"), ("ustar", "h.tar"), ("gnu", "i.tar")] {
            sources.append(try await tar(name, "--format=\(format)", "-C", "\(Binaries.samples)/ci/main", of: "42"))
        }
        let inventory = server.file("verdicts/ci/main/42/inventory")
        #expect(inventory?.isEmpty == false)
        for (number, source) in (sources + ["-"]).enumerated() {
            let outcome = try await Self.importing(source, piping: plain, as: "form\(number)", server)
            #expect(outcome.status == 0, "\(source): \(outcome.errors)")
            let difference = try await Tool.run(["diff", "-r", server.update(), server.update("form\(number)")])
            #expect(difference.status == 0, "\(source): \(difference.text)")
            #expect(server.file("verdicts/ci/main/form\(number)/inventory") == inventory, "\(source)")
        }
        // As it was at its source, and its bytes are there once.
        #expect(try await Tool.run(["diff", "-r", source, server.update()]).status == 0)
        let object = Sample.objects()[0]
        let inode = try await Tool.check(["stat", "-c", "%i %h", "\(server.update())/ostree_repo/\(object)"]).text
        for number in sources.indices {
            #expect(try await Tool.check(["stat", "-c", "%i %h", "\(server.update("form\(number)"))/ostree_repo/\(object)"]).text == inode)
        }
    }

    @Test("What is no archive, or one that is cut off, is refused with 65 and leaves nothing")
    func noArchives() async throws {
        let server = try await TestServer.dataDirectoryOnly()
        defer { server.stop() }
        let folder = "\(server.datadir)/archives"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let whole = "\(folder)/whole.tar"
        try await Tool.check(["tar", "-C", "\(Binaries.samples)/ci/main", "-cf", whole, "42"])
        let bytes = try #require(FileManager.default.contents(atPath: whole))
        try await Tool.check(["bash", "-c", "gzip -k $0 && zstd -q $0", whole])
        var broken: [(String, Data)] = [("empty", Data()), ("text", Data("no archive\n".utf8)), ("half", bytes.prefix(bytes.count / 2))]
        for kind in ["gz", "zst"] {
            let packed = try #require(FileManager.default.contents(atPath: "\(whole).\(kind)"))
            broken.append(("half.\(kind)", packed.prefix(packed.count / 2)))
        }
        for (name, bytes) in broken {
            try bytes.write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
            for source in ["\(folder)/\(name)", "-"] {
                let outcome = try await Self.importing(source, piping: "\(folder)/\(name)", as: "broken", server)
                #expect(outcome.status == 65, "\(name): \(outcome.errors)")
                #expect(server.names("updates") == ["ci", "prod"] && server.names("updates/ci/main") == ["42", "43"], "\(name)")
            }
        }
    }

    @Test("Content without metadata gets them from its os-release, and a device pulls the commit that they name")
    func withoutMetadata() async throws {
        let server = try await TestServer.start(trust: .own)
        defer { server.stop() }
        let tree = try await server.importBuilt("43")
        let targets = server.targets(of: "43")
        let target = try #require(targets["intel-corei7-64-lmp-43"], "\(targets.keys)")
        #expect((target["hashes"] as? [String: Any])?["sha256"] as? String == tree.commit)
        let custom = target["custom"] as? [String: Any] ?? [:]
        #expect(custom["version"] as? String == "43")
        #expect(custom["hardwareIds"] as? [String] == [BuiltTree.machine])
        #expect(custom["tags"] as? [String] == ["main"])
        #expect(try await server.listed("ci/main/43")["verification"] as? String == "accepted")

        let device = try await server.assignedDevice("one", update: "43")
        let answer = try await device.get("/repo/targets.json", tag: "main")
        let offered = (answer.json["signed"] as? [String: Any])?["targets"] as? [String: [String: Any]]
        let commit = try #require((offered?["intel-corei7-64-lmp-43"]?["hashes"] as? [String: Any])?["sha256"] as? String)
        let repository = try await device.pull(commit, into: "pulled")
        #expect(try await Tool.run(["ostree", "--repo=\(repository)", "fsck", "--quiet"]).status == 0)
        let release = try await Tool.check(["ostree", "--repo=\(repository)", "cat", commit, "/usr/lib/os-release"]).text
        #expect(release.contains("IMAGE_VERSION=\"43\""))
        for name in ["timestamp.json", "snapshot.json", "1.root.json"] {
            #expect(try await device.get("/repo/\(name)", tag: "main").status == 200, "\(name)")
        }
    }

    @Test("What the operator says of an image wins over its os-release; what neither says is asked for")
    func attributes() async throws {
        let server = try await TestServer.start(trust: .own)
        defer { server.stop() }
        let tree = try await BuiltTree.make(in: "\(server.datadir)/tree", version: "7")
        let digest = String(repeating: "a", count: 64)
        let noApp = try await server.tryOtaserve(
            "updates", "import", tree.folder, "--channel", "ci", "--tag", "main", "--name", "a", "--app",
            "web=registry/f/web@sha256:\(digest)")
        #expect(noApp.status == 65 && noApp.errors.contains(digest), "\(noApp.errors)")
        try await server.otaserve(
            "updates", "import", tree.folder, "--channel", "ci", "--tag", "devel", "--name", "a", "--image-name", "factory",
            "--image-version", "8.1", "--hardware-id", "raspberrypi4-64")
        let document = server.metadata("targets.json", of: "a", tag: "devel")
        let target = (document["targets"] as? [String: [String: Any]])?["factory-8.1"]?["custom"] as? [String: Any] ?? [:]
        #expect(target["hardwareIds"] as? [String] == ["raspberrypi4-64"])
        #expect(target["version"] as? String == "8.1" && target["tags"] as? [String] == ["devel"])

        let unnamed = try await BuiltTree.make(in: "\(server.datadir)/unnamed", version: nil, reference: "other")
        let refused = try await server.tryOtaserve("updates", "import", unnamed.folder, "--channel", "ci", "--tag", "main", "--name", "b")
        #expect(refused.status == 65 && refused.errors.contains("--image-version"), "\(refused.errors)")
        for (arguments, word) in [
            (["--image-version", "1", "--ref", "nowhere"], "nowhere"), (["--image-version", "1", "--hardware-id", "a b"], "hardware id"),
            (["--image-version", "../1"], "../1"),
        ] {
            let outcome = try await Tool.run(
                [
                    Binaries.otaserve, "--datadir", server.datadir, "updates", "import", unnamed.folder, "--channel", "ci", "--tag", "main",
                    "--name", "b",
                ] + arguments)
            #expect(outcome.status == 65 && outcome.errors.contains(word), "\(arguments): \(outcome.errors)")
        }
        #expect(server.names("updates") == ["ci", "prod"])
        #expect(server.names("updates/ci") == ["devel"])
    }

    @Test("Versions of generated metadata rise with every import, also after the newest update was deleted")
    func versions() async throws {
        let server = try await TestServer.start(trust: .own)
        defer { server.stop() }
        let files = ["targets.json", "snapshot.json", "timestamp.json"]
        var before = files.map { _ in 0 }
        for name in ["1", "2", "3"] {
            try await server.importBuilt(name)
            let versions = files.map { server.metadataVersion($0, of: name) }
            #expect(zip(versions, before).allSatisfy { $0 > $1 }, "\(name): \(versions) after \(before)")
            before = versions
        }
        for name in ["2", "3"] { try await server.otaserve("updates", "delete", "ci/main/\(name)") }
        let tree = try await BuiltTree.make(in: "\(server.datadir)/again", version: "2")
        try await server.otaserve("updates", "import", tree.folder, "--channel", "ci", "--tag", "main", "--name", "2")
        let versions = files.map { server.metadataVersion($0, of: "2") }
        #expect(zip(versions, before).allSatisfy { $0 > $1 }, "\(versions) after \(before)")
    }

    @Test("Without keys of its own a channel takes no content without metadata, and says what to do")
    func noKeys() async throws {
        let server = try await TestServer.dataDirectoryOnly()
        defer { server.stop() }
        let tree = try await BuiltTree.make(in: "\(server.datadir)/tree", version: "7")
        let outcome = try await server.tryOtaserve("updates", "import", tree.folder, "--channel", "ci", "--tag", "main", "--name", "7")
        #expect(outcome.status == 65 && outcome.errors.contains("update-description-missing"), "\(outcome.errors)")
        #expect(server.names("updates") == ["ci", "prod"] && server.names("updates/ci/main") == ["42", "43"])
    }
}
