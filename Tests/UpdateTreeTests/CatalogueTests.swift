import FileTree
import Foundation
import Testing
import UpdateTree

@Suite struct CatalogueTests {
    @Test("hidden names, foreign names, files and links are not listed")
    func foreign() throws {
        let scratch = try Scratch()
        let root = scratch.catalogue.root
        let main = try root.directory("ci").makeDirectory("main")
        for name in [".hidden", "with space", "-dash"] { _ = try main.makeDirectory(name) }
        try main.replace("file", with: [1])
        try main.link("link", to: "../..")
        _ = try root.directory("ci").makeDirectory(".tag").makeDirectory("1")
        try root.directory("ci").link("linked", to: "main")
        _ = try root.makeDirectory("other").makeDirectory("main").makeDirectory("1")
        #expect(try scratch.catalogue.keys() == [])
        _ = try main.makeDirectory("1")
        #expect(try scratch.catalogue.keys() == [try Scratch.key("ci/main/1")])
        #expect(!scratch.catalogue.contains(try Scratch.key("ci/main/link")))
        #expect(!scratch.catalogue.contains(try Scratch.key("ci/linked/1")))
    }

    @Test("a directory that cannot be an update is listed with its problem")
    func problem() throws {
        let scratch = try Scratch()
        _ = try scratch.catalogue.root.directory("ci").makeDirectory("main").makeDirectory("1")
        let updates = try scratch.library.updates()
        #expect(updates.count == 1)
        #expect(updates[0].problem?.contains("tuf/targets.json") == true && updates[0].verification == .unchecked)
        #expect(updates[0].targets.isEmpty && !updates[0].hasRepository && updates[0].apps.isEmpty)
    }

    @Test("a directory that appears by a rename is listed at once")
    func appears() throws {
        let scratch = try Scratch()
        let source = try scratch.copyOfSample()
        #expect(try scratch.catalogue.keys() == [])
        let main = try scratch.catalogue.root.directory("ci").makeDirectory("main")
        #expect(rename(source, "\(scratch.path)/updates/ci/main/43") == 0)
        #expect(try scratch.library.updates().map(\.key) == [try Scratch.key("ci/main/43")])
        #expect(try main.names() == ["43"])
        let update = try scratch.library.update(try Scratch.key("ci/main/43"))
        #expect(update.problem == nil && update.hasRepository)
        #expect(update.apps.map(\.text) == ["shellhttpd"])
        #expect(update.targets.map(\.name) == ["intel-corei7-64-lmp-43"])
    }

    @Test("updates are listed in order of channel, tag and name")
    func order() throws {
        let scratch = try Scratch()
        for key in ["prod/a/1", "ci/main/43", "ci/main/42", "ci/devel/1"] {
            let parts = key.split(separator: "/").map(String.init)
            _ = try scratch.catalogue.root.directory(parts[0]).makeDirectory(parts[1]).makeDirectory(parts[2])
        }
        #expect(try scratch.catalogue.keys().map(\.path) == ["ci/devel/1", "ci/main/42", "ci/main/43", "prod/a/1"])
    }

    @Test("an update that is not there is unknown, and cannot be deleted")
    func unknown() throws {
        let scratch = try Scratch()
        let key = try Scratch.key("ci/main/1")
        #expect { try scratch.library.update(key) } throws: { ($0 as? UpdateTreeError)?.code == .updateUnknown }
        #expect { try scratch.library.delete(key) } throws: { ($0 as? UpdateTreeError)?.code == .updateUnknown }
    }

    @Test("deleting takes one update with all its bytes and leaves its neighbours")
    func delete() throws {
        let scratch = try Scratch()
        for name in ["42", "43"] {
            try scratch.ingest("\(Scratch.samples)/ci/main/\(name)", as: try Scratch.key("ci/main/\(name)"))
        }
        try scratch.library.delete(try Scratch.key("ci/main/42"))
        #expect(try scratch.catalogue.keys().map(\.path) == ["ci/main/43"])
        #expect(!scratch.everything.contains { $0.hasPrefix(".") || $0.contains("/42") })
    }

    @Test("what killed processes left in staging is removed, and nothing else")
    func collect() throws {
        let scratch = try Scratch()
        let root = scratch.catalogue.root
        let left = try root.makeDirectory(".staging-import-abc").makeDirectory("content").makeDirectory("tuf")
        try left.replace("targets.json", with: [1])
        _ = try root.makeDirectory(".staging-delete-def")
        _ = try root.directory("ci").makeDirectory("main").makeDirectory("1")
        #expect(try scratch.catalogue.keys().map(\.path) == ["ci/main/1"])
        try Staging.collect(in: root)
        #expect(scratch.everything == ["ci", "ci/main", "ci/main/1", "prod"])
    }
}
