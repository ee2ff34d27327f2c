import FileTree
import Foundation
import TUF
import Testing

@Suite struct PythonTUFTests {
    private static let now = MetadataTime(seconds: 1_767_225_600)

    @Test("repositories that python-tuf made are followed, and all their targets fetched")
    func repositories() async throws {
        let out = FileManager.default.temporaryDirectory.appendingPathComponent("tuf-interop-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: out) }
        try PythonTUF.run("make_repositories.py", out.path)
        let names = try FileManager.default.contentsOfDirectory(atPath: out.path).sorted()
        #expect(names.count == 10)
        for name in names { try await follow(out.appendingPathComponent(name)) }
    }

    private func follow(_ repository: URL) async throws {
        let name = repository.lastPathComponent
        let metadata = try ServedFiles(directory: repository.appendingPathComponent("metadata"))
        let targets = try ServedFiles(directory: repository.appendingPathComponent("targets"))
        let store = try TemporaryDirectory()
        let downloads = try TemporaryDirectory()
        let root = Array(try Data(contentsOf: repository.appendingPathComponent("root.json")))
        try Updater.initialize(MetadataStore(store.directory), with: root, now: Self.now)
        var updater = Updater(store: MetadataStore(store.directory), repository: metadata)
        try await updater.refresh(now: Self.now)
        let trusted = try #require(updater.trusted)
        let download = TargetDownload(to: downloads.directory, from: targets, hasHashedNames: trusted.root.hasConsistentSnapshots)
        let expected = try String(contentsOf: repository.appendingPathComponent("expected"), encoding: .utf8).split(separator: "\n")
        #expect(!expected.isEmpty)
        for target in expected { try await download.fetch(try await updater.target(named: String(target))) }
        #expect(try downloads.contents().count == expected.count, "\(name)")
        await #expect { try await updater.target(named: "nothing of the kind") } throws: { ($0 as? TUFError)?.code == .targetUnknown }
        _ = metadata.takeRequests()
        try await updater.refresh(now: Self.now)
        #expect(metadata.takeRequests() == ["\(trusted.root.version + 1).root.json", "timestamp.json"], "\(name)")
    }
}
