import Foundation
import TUF
import Testing

/// A folder of `Hostile`: what it replaces in a good repository, and what a client must say to it.
struct HostileCase: CustomTestStringConvertible, Sendable {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Hostile")

    let slug: String
    let name: String

    var testDescription: String { "\(slug)/\(name)" }

    static let all: [HostileCase] = {
        func folders(_ url: URL) -> [String] {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
            return names.sorted().filter { name in
                var isDirectory: ObjCBool = false
                return FileManager.default.fileExists(atPath: url.appendingPathComponent(name).path, isDirectory: &isDirectory)
                    && isDirectory.boolValue
            }
        }
        return folders(folder).filter { $0 != "repositories" }.flatMap { slug in
            folders(folder.appendingPathComponent(slug)).map { HostileCase(slug: slug, name: $0) }
        }
    }()

    private func note(_ files: [String: [UInt8]], _ name: String) -> String? {
        files[name].map { String(decoding: $0.dropLast(), as: UTF8.self) }
    }

    /// What the case says: the files it serves and those it serves afterwards.
    func load() throws -> (first: [String: [UInt8]], hostile: [String: [UInt8]], next: [String: [UInt8]], refused: String, target: String) {
        let files = try ServedFiles.read(Self.folder.appendingPathComponent(slug).appendingPathComponent(name))
        let repositories = Self.folder.appendingPathComponent("repositories/\(note(files, "profile") ?? "standard")")
        let first = try ServedFiles.read(repositories.appendingPathComponent("first"))
        var hostile = first
        var next = try ServedFiles.read(repositories.appendingPathComponent("next"))
        for (path, bytes) in files where !["refused", "profile", "target", "gone"].contains(path) {
            if path.hasPrefix("next/") { next[String(path.dropFirst(5))] = bytes } else { hostile[path] = bytes }
        }
        for path in note(files, "gone")?.split(separator: "\n") ?? [] { hostile[String(path)] = nil }
        return (first, hostile, next, try #require(note(files, "refused")), note(files, "target") ?? "team/a.txt")
    }
}

@Suite struct HostileMetadataTests {
    /// The generator's NOW.
    private static let now = MetadataTime(seconds: 1_767_225_600)

    private func follow(_ files: ServedFiles, _ store: TemporaryDirectory, _ downloads: TemporaryDirectory, target: String) async throws {
        var updater = Updater(store: MetadataStore(store.directory), repository: files)
        try await updater.refresh(now: Self.now)
        let found = try await updater.target(named: target)
        try await TargetDownload(to: downloads.directory, from: files, hasHashedNames: false).fetch(found)
    }

    @Test("hostile metadata are refused with their own error, where they are, and cost nothing", arguments: HostileCase.all)
    func refused(hostile: HostileCase) async throws {
        let (first, served, next, refused, target) = try hostile.load()
        let store = try TemporaryDirectory()
        let downloads = try TemporaryDirectory()
        let files = ServedFiles(first)
        try Updater.initialize(MetadataStore(store.directory), with: try #require(first["1.root.json"]), now: Self.now)
        try await follow(files, store, TemporaryDirectory(), target: "team/a.txt")
        let before = try store.contents()
        _ = files.takeRequests()

        files.files = served
        let code = await #expect(throws: TUFError.self) { try await follow(files, store, downloads, target: target) }?.code
        #expect(code?.rawValue == hostile.slug)
        if refused != "-" { #expect(files.takeRequests().last == refused) }

        // What was verified before the refusal is stored as it came, all else is what it was.
        for (name, bytes) in try store.contents() where name.hasSuffix(".json") {
            let new = name == "root.json" ? served["2.root.json"] : served[name]
            #expect(bytes == before[name] || (name != refused && "2.\(name)" != refused && bytes == new), "\(name) was changed")
        }
        #expect(try Set(store.contents().keys.filter { $0.hasSuffix(".json") }) == Set(before.keys.filter { $0.hasSuffix(".json") }))
        #expect(try downloads.contents().isEmpty)

        files.files = next
        try await follow(files, store, downloads, target: "team/a.txt")
        #expect(try store.contents()["timestamp.json"] == next["timestamp.json"])
        #expect(try downloads.contents() == ["team%2Fa.txt": try #require(next["team/a.txt"])])
    }

    @Test("there are cases of every rule")
    func table() {
        #expect(HostileCase.all.count > 150)
        #expect(HostileCase.all.allSatisfy { TUFError.Code(rawValue: $0.slug) != nil })
    }
}
