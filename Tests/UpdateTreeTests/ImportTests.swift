import FileTree
import Foundation
import Testing
import UpdateTree

@Suite struct ImportTests {
    private func refusal(_ body: () throws -> UpdateReport) -> UpdateTreeError? {
        do {
            _ = try body()
            return nil
        } catch {
            return error as? UpdateTreeError
        }
    }

    @Test("an update of another tag cannot be imported under this one")
    func wrongTag() throws {
        let scratch = try Scratch()
        let report = try scratch.ingest("\(Scratch.samples)/prod/prod/40", as: try Scratch.key("prod/main/40"))
        #expect(report.findings.contains { $0.slug == "target-tag-missing" && $0.isFatal })
        #expect(scratch.everything == ["ci", "prod"])
    }

    @Test("a channel that trusts no root takes no update, and says how to begin")
    func noTrust() throws {
        let scratch = try Scratch(trusting: [.prod])
        let report = try scratch.ingest("\(Scratch.samples)/ci/main/43", as: try Scratch.key("ci/main/43"))
        let finding = try #require(report.findings.first { $0.slug == "trust-missing" })
        #expect(finding.message.contains("tuf import-fleet"))
        #expect(scratch.everything == ["ci", "prod"])
    }

    @Test("the root that an accepted update brings is trusted from then on")
    func newRoot() throws {
        let scratch = try Scratch()
        #expect(try scratch.library.trust(of: .ci).newest().version == 2)
        try scratch.ingest("\(Scratch.samples)/ci/main/43", as: try Scratch.key("ci/main/43"))
        #expect(try scratch.library.trust(of: .ci).newest().version == 3)
    }

    @Test("a source that is absent or a file is refused", arguments: ["absent", "file"])
    func absent(name: String) throws {
        let scratch = try Scratch()
        try "x".write(toFile: "\(scratch.path)/file", atomically: true, encoding: .utf8)
        let error = refusal {
            try scratch.ingest("\(scratch.path)/\(name)", as: try Scratch.key("ci/main/1"))
        }
        #expect(error?.code == .sourceInvalid)
        #expect(scratch.everything == ["ci", "prod"])
    }

    @Test("a data directory is no update, and importing it into itself ends")
    func intoItself() throws {
        let scratch = try Scratch()
        let report = try scratch.ingest(scratch.path, as: try Scratch.key("ci/main/1"))
        #expect(!report.isAccepted)
        #expect(scratch.everything == ["ci", "prod"])
    }

    @Test("a name that is taken refuses, and the update that has it stays as it is")
    func taken() throws {
        let scratch = try Scratch()
        let key = try Scratch.key("ci/main/43")
        let present = try scratch.catalogue.root.directory("ci").makeDirectory("main").makeDirectory("43")
        try present.replace("note", with: [65])
        let error = refusal { try scratch.ingest("\(Scratch.samples)/ci/main/43", as: key) }
        #expect(error?.code == .updateExists)
        #expect(scratch.everything == ["ci", "ci/main", "ci/main/43", "ci/main/43/note", "prod"])
    }

    @Test("of many imports under one name exactly one wins, and the others leave nothing")
    func race() async throws {
        let scratch = try Scratch()
        let library = scratch.library
        let key = try Scratch.key("ci/main/43")
        let won = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let ingest = UpdateIngest(library: library, settings: VerificationSettings(workers: 2))
                    let report = try? ingest.run(.directory(path: "\(Scratch.samples)/ci/main/43"), as: key, now: Scratch.now)
                    return report?.isAccepted == true
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(won == 1)
        #expect(try library.update(key).verification == .accepted)
        #expect(!scratch.everything.contains { $0.hasPrefix(".") })
    }

    @Test("the sample updates are imported byte for byte", arguments: ["ci/main/42", "ci/main/43", "prod/prod/40"])
    func sample(path: String) throws {
        let scratch = try Scratch()
        #expect(try scratch.ingest("\(Scratch.samples)/\(path)", as: try Scratch.key(path)).isAccepted)
        let update = try scratch.library.update(try Scratch.key(path))
        #expect(update.verification == .accepted && update.problem == nil && update.hasRepository && update.targets.count == 1)
        let files = try #require(FileManager.default.enumerator(atPath: "\(Scratch.samples)/\(path)")?.allObjects as? [String])
        for file in files {
            #expect(
                FileManager.default.contents(atPath: "\(Scratch.samples)/\(path)/\(file)")
                    == FileManager.default.contents(atPath: "\(scratch.path)/updates/\(path)/\(file)"))
        }
        #expect(try scratch.catalogue.keys().map(\.path) == [path])
        #expect(!scratch.everything.contains { $0.hasPrefix(".") })
    }
}
