import Foundation
import Testing

@testable import OSTree

private typealias Writer = GVariantWriter

@Suite struct DeltaTests {
    /// A repository with two commits that ostree made, and a delta to the second.
    private func repository(_ options: String, from first: Bool = true) throws -> TestRepository {
        let repository = try TestRepository()
        var noise = SystemRandomNumberGenerator()
        let large = (0..<900_000).map { _ in UInt8.random(in: .min ... .max, using: &noise) }
        try repository.commit { tree in
            try Data("one".utf8).write(to: URL(filePath: tree + "/file"))
            try Data(large).write(to: URL(filePath: tree + "/large"))
        }
        let from = first ? "--from=\(repository.commit)" : ""
        try repository.commit { tree in
            try Data("two".utf8).write(to: URL(filePath: tree + "/file"))
            for number in 0..<3 { try Data(large[(300_000 * number)...].reversed()).write(to: URL(filePath: tree + "/large\(number)")) }
            try Data(count: 3 << 20).write(to: URL(filePath: tree + "/zeros"))
        }
        try run("sh", "-c", "ostree --repo=\(repository.root) static-delta generate \(from) \(options) --to=\(repository.commit)")
        try run("ostree", "--repo=\(repository.root)", "summary", "-u")
        return repository
    }

    private func paths(_ repository: TestRepository, _ suffix: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: repository.root).filter { $0.hasPrefix("delta") && $0.hasSuffix(suffix) }
    }

    static let options = [
        "", "--inline", "--empty", "--empty --inline", "--min-fallback-size=0", "--min-fallback-size=1", "--swap-endianness",
        "--set-endianness=B", "--disable-bsdiff", "--min-fallback-size=0 --max-chunk-size=1",
        "--empty --inline --min-fallback-size=0 --max-chunk-size=1 --swap-endianness",
    ]

    @Test("a delta that ostree made is right, listed or not", arguments: options)
    func sound(options: String) throws {
        let repository = try repository(options, from: !options.contains("--empty"))
        #expect(try paths(repository, "/superblock").count == 1 && paths(repository, ".index").count == 1)
        if options.contains("--max-chunk-size"), !options.contains("--inline") { #expect(try paths(repository, "/1").count == 1) }
        #expect(try repository.report().findings == [])
        try repository.remove("delta-indexes")
        #expect(try repository.report().findings == [])
        // Without a summary devices ask for a delta by its name.
        try repository.remove("summary")
        #expect(try repository.report().findings == [])
    }

    @Test("a delta that only an index lists is used")
    func indexed() throws {
        let repository = try repository("")
        try run("ostree", "--repo=\(repository.root)", "config", "set", "core.no-deltas-in-summary", "true")
        try run("ostree", "--repo=\(repository.root)", "summary", "-u")
        #expect(try !Data(repository.bytes("summary")).contains("ostree.static-deltas".utf8))
        #expect(try repository.report().findings == [])
        try repository.remove("delta-indexes")
        #expect(try repository.report().findings.map(\.code) == [.deltaUnused])
    }

    @Test("what ostree refuses to apply is refused, and the repository is not blamed for more", arguments: ["", "--inline"])
    func refused(options: String) throws {
        let repository = try repository("--min-fallback-size=0 \(options)")
        let superblock = try #require(try paths(repository, "/superblock").first)
        let directory = String(superblock.dropLast("/superblock".count))
        func apply() throws -> Int32 {
            let target = repository.root + ".target"
            defer { try? FileManager.default.removeItem(atPath: target) }
            let parent = try #require(try repository.repository().commit(try repository.checksum()).parent)
            try run("ostree", "--repo=\(target)", "init", "--mode=bare-user")
            try run("ostree", "--repo=\(target)", "pull-local", repository.root, parent.hex)
            return try run("ostree", "--repo=\(target)", "static-delta", "apply-offline", repository.url(directory).path, expecting: nil)
                .status
        }
        #expect(try apply() == 0)
        try repository.remove("summary")
        try repository.remove("delta-indexes")
        let damaged = options.isEmpty ? directory + "/0" : superblock
        // In the middle of the compressed bytes, whichever file has them.
        try repository.alter(damaged) { $0[$0.count / 2] ^= 1 }
        #expect(try apply() != 0)
        let findings = try repository.report().findings
        #expect(findings.map(\.code) == [.deltaPartMismatch])
        #expect(findings.map(\.path) == [directory + "/0"])
    }

    @Test("deltas by hand are right: parts beside, inside, none, in either order of bytes, or in one that is not said")
    func drafts() throws {
        let changes: [(inout DeltaDraft) -> Void] = [
            { _ in }, { $0.isInline = true }, { $0.parts = [] }, { $0.endianness = nil },
            {
                $0.endianness = nil
                $0.isBigEndian = true
            },
            {
                $0.endianness = "B"
                $0.isBigEndian = true
            },
            { $0.fallbacks = [DeltaDraft.Fallback(kind: 4, checksum: $0.to)] },
            { $0.dependencies = [UInt8](repeating: 1, count: 128) },
            {
                $0.from = [UInt8](repeating: 2, count: 32)
                $0.name = DeltaName(from: Checksum($0.from), to: $0.name.to)
            },
        ]
        for (index, change) in changes.enumerated() {
            let repository = try TestRepository.small()
            try repository.delta(change)
            #expect(try repository.report().findings == [], "\(index)")
        }
    }

    @Test("a listed delta by hand is right, and the summary of a big-endian machine too")
    func listed() throws {
        let repository = try TestRepository.small()
        try repository.listedDelta()
        #expect(try repository.report().findings == [])
        let size = UInt64(try repository.bytes(ObjectName(try repository.checksum(), .commit).path).count)
        try repository.remove("deltas")
        try repository.remove("delta-indexes")
        try repository.summary(size: Writer.uint64(size))
        #expect(try repository.report().findings == [])
        try repository.write([], at: "summary.sig")
        #expect(try repository.report().findings == [])
    }

    @Test("what is read of deltas and summary is counted")
    func counted() throws {
        let repository = try TestRepository.small()
        let before = try repository.report().bytesRead
        try repository.listedDelta()
        let all = try FileManager.default.subpathsOfDirectory(atPath: repository.root)
            .filter { path in path.hasPrefix("delta") && (try? repository.bytes(path)) != nil }
        let added = try (all + ["summary"]).reduce(0) { try $0 + repository.bytes($1).count }
        #expect(try repository.report().bytesRead == before + Int64(added))
    }

    @Test("a check that is stopped among the deltas blames nothing")
    func cancelled() throws {
        let repository = try TestRepository.small()
        try repository.listedDelta { $0.superblock[0] ^= 1 }
        let check = ClosureCheck(repository: try repository.repository(), workers: 1, isCancelled: { true })
        #expect(check.run(commits: [try repository.checksum()]).findings == [])
    }
}
