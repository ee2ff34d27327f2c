import FileTree
import Foundation
import Testing
import UpdateTree

/// A way to spoil a good update, and a word of the sentence that must follow.
struct Defect: CustomTestStringConvertible, Sendable {
    let name: String
    let message: String
    let spoil: @Sendable (String) throws -> Void

    init(_ name: String, _ message: String, _ spoil: @escaping @Sendable (String) throws -> Void) {
        self.name = name
        self.message = message
        self.spoil = spoil
    }

    var testDescription: String { name }

    private static func remove(_ path: String) -> @Sendable (String) throws -> Void {
        { try FileManager.default.removeItem(atPath: "\($0)/\(path)") }
    }

    private static func edit(_ old: String, _ new: String) -> @Sendable (String) throws -> Void {
        { try "\($0)/tuf/targets.json".edit(old, new) }
    }

    static let all: [Defect] = [
        Defect("a link to a file", "link or a device") { #expect(symlink("config", "\($0)/ostree_repo/linked") == 0) },
        Defect("a link to a directory outside", "link or a device") { #expect(symlink("/etc", "\($0)/apps/etc") == 0) },
        Defect("a dangling link", "link or a device") { #expect(symlink("nowhere", "\($0)/dangling") == 0) },
        Defect("a link in the place of a folder", "link or a device") {
            try FileManager.default.moveItem(atPath: "\($0)/tuf", toPath: "\($0)/real")
            #expect(symlink("real", "\($0)/tuf") == 0)
        },
        Defect("a FIFO", "link or a device") { #expect(mkfifo("\($0)/tuf/fifo", 0o600) == 0) },
        Defect("a name that is not UTF-8", "link or a device") {
            let name = Array("\($0)/".utf8) + [0xFF, 0]
            let number = name.withUnsafeBytes { creat($0.baseAddress!.assumingMemoryBound(to: CChar.self), 0o600) }
            #expect(number >= 0)
            close(number)
        },
        Defect("directories without end", "deeper than") {
            try FileManager.default.createDirectory(
                atPath: $0 + String(repeating: "/d", count: 20), withIntermediateDirectories: true)
        },
        Defect("no timestamp", "tuf/timestamp.json is missing", remove("tuf/timestamp.json")),
        Defect("no snapshot", "tuf/snapshot.json is missing", remove("tuf/snapshot.json")),
        Defect("no targets", "tuf/targets.json is missing", remove("tuf/targets.json")),
        Defect("no metadata at all", "tuf/timestamp.json is missing", remove("tuf")),
        Defect("no repository", "ostree_repo/config is missing", remove("ostree_repo")),
        Defect(
            "no repository configuration, which every client reads first", "ostree_repo/config is missing", remove("ostree_repo/config")),
        Defect("no objects", "commit that ostree_repo lacks", remove("ostree_repo/objects")),
        Defect("another commit", "commit that ostree_repo lacks", edit("e05ca51d", "e05ca51e")),
        Defect("no app blobs", "has no manifest", remove("apps/blobs")),
        Defect("another tag", "not main", edit(#"["main"]"#, #"["devel"]"#)),
        Defect("a tag that only looks the same", "not main", edit(#"["main"]"#, #"["m\u0430in"]"#)),
        Defect("no tag", "not main", edit(#"["main"]"#, "[]")),
        Defect("two hardware ids", "names 2 hardware ids", edit(#"["intel-corei7-64"]"#, #"["intel-corei7-64","arm"]"#)),
        Defect("no hardware id", "names 0 hardware ids", edit(#"["intel-corei7-64"]"#, "[]")),
        Defect("an app without digest", "not named by a digest", edit("shellhttpd@sha256:", "shellhttpd:")),
        Defect("an app named ..", "no app name", edit(#""shellhttpd":"#, #""..":"#)),
        Defect("no target", "names no target") {
            let text = #"{"signatures":[{}],"signed":{"_type":"Targets","version":1,"expires":"2036-01-01T00:00:00Z","targets":{}}}"#
            try text.write(toFile: "\($0)/tuf/targets.json", atomically: true, encoding: .utf8)
        },
        Defect("targets that cannot be read", "cannot be used") {
            try "{".write(toFile: "\($0)/tuf/targets.json", atomically: true, encoding: .utf8)
        },
        Defect("targets of another role", "cannot be used", edit(#""Targets""#, #""Snapshot""#)),
        Defect("targets that are too long", "cannot be used") {
            try Data(count: 9 << 20).write(to: URL(fileURLWithPath: "\($0)/tuf/targets.json"))
        },
        Defect("a directory in the place of the targets", "tuf/targets.json is missing") {
            try FileManager.default.removeItem(atPath: "\($0)/tuf/targets.json")
            try FileManager.default.createDirectory(atPath: "\($0)/tuf/targets.json", withIntermediateDirectories: true)
        },
    ]
}

@Suite struct ImportTests {
    private func refusal(_ body: () throws -> Update) -> UpdateTreeError? {
        do {
            _ = try body()
            return nil
        } catch {
            return error as? UpdateTreeError
        }
    }

    @Test("an update that a device could not accept is refused and leaves nothing", arguments: Defect.all)
    func refused(defect: Defect) throws {
        let scratch = try Scratch()
        let source = try scratch.copyOfSample()
        try defect.spoil(source)
        let key = try Scratch.key("ci/main/43")
        let error = refusal { try UpdateImport(catalogue: scratch.catalogue).run(source: source, key: key) }
        #expect(error?.code == .sourceInvalid || error?.code == .appNameInvalid)
        #expect(error?.message.contains(defect.message) == true, "\(error?.message ?? "not refused")")
        #expect(scratch.everything == ["ci", "prod"])
    }

    @Test("an update of another tag cannot be imported under this one")
    func wrongTag() throws {
        let scratch = try Scratch()
        let error = refusal {
            try UpdateImport(catalogue: scratch.catalogue).run(
                source: "\(Scratch.samples)/prod/prod/40", key: try Scratch.key("prod/main/40"))
        }
        #expect(error?.code == .sourceInvalid)
        #expect(scratch.everything == ["ci", "prod"])
    }

    @Test("a source that is absent or a file is refused", arguments: ["absent", "file"])
    func absent(name: String) throws {
        let scratch = try Scratch()
        try "x".write(toFile: "\(scratch.path)/file", atomically: true, encoding: .utf8)
        let error = refusal {
            try UpdateImport(catalogue: scratch.catalogue).run(source: "\(scratch.path)/\(name)", key: try Scratch.key("ci/main/1"))
        }
        #expect(error?.code == .sourceInvalid)
        #expect(scratch.everything == ["ci", "prod"])
    }

    @Test("a data directory cannot be imported into itself")
    func intoItself() throws {
        let scratch = try Scratch()
        let error = refusal { try UpdateImport(catalogue: scratch.catalogue).run(source: scratch.path, key: try Scratch.key("ci/main/1")) }
        #expect(error?.code == .sourceInvalid)
        #expect(scratch.everything == ["ci", "prod"])
    }

    @Test("a name that is taken refuses, and the update that has it stays as it is")
    func taken() throws {
        let scratch = try Scratch()
        let key = try Scratch.key("ci/main/43")
        let present = try scratch.catalogue.root.directory("ci").makeDirectory("main").makeDirectory("43")
        try present.replace("note", with: [65])
        let error = refusal { try UpdateImport(catalogue: scratch.catalogue).run(source: "\(Scratch.samples)/ci/main/43", key: key) }
        #expect(error?.code == .updateExists)
        #expect(scratch.everything == ["ci", "ci/main", "ci/main/43", "ci/main/43/note", "prod"])
    }

    @Test("of many imports under one name exactly one wins, and the others leave nothing")
    func race() async throws {
        let scratch = try Scratch()
        let catalogue = scratch.catalogue
        let key = try Scratch.key("ci/main/43")
        let won = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 {
                group.addTask { (try? UpdateImport(catalogue: catalogue).run(source: "\(Scratch.samples)/ci/main/43", key: key)) != nil }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(won == 1)
        #expect(try catalogue.update(key).problem == nil)
        #expect(!scratch.everything.contains { $0.hasPrefix(".") })
    }

    @Test("the sample updates are imported byte for byte", arguments: ["ci/main/42", "ci/main/43", "prod/prod/40"])
    func sample(path: String) throws {
        let scratch = try Scratch()
        let update = try UpdateImport(catalogue: scratch.catalogue).run(source: "\(Scratch.samples)/\(path)", key: try Scratch.key(path))
        #expect(update.problem == nil && update.hasRepository && update.targets.count == 1)
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
