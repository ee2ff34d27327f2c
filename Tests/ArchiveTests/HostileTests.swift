import Archive
import FileTree
import Foundation
import Testing

/// The table is the directory `Hostile`: one archive for each defect, in the folder of the slug it must be refused with.
@Suite struct HostileTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let slug: String
        let name: String

        var testDescription: String { "\(slug)/\(name)" }
        var path: String { "\(HostileTests.folder)/\(slug)/\(name)" }
    }

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Hostile"

    static let cases: [Case] = names(folder).flatMap { slug in names("\(folder)/\(slug)").map { Case(slug: slug, name: $0) } }

    static func names(_ folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    /// Small enough that an archive of 4 KiB can be too much.
    static func limits(for slug: String) -> UnpackLimits {
        var limits = UnpackLimits()
        limits.mostEntries = 32
        limits.mostMembers = 8
        limits.mostFileBytes = 4 << 20
        limits.mostBytes = 8 << 20
        // What is this small and expands to too much does so by a high ratio: the one limit would hide the other.
        limits.ratioFrom = slug == ArchiveError.Code.tooLarge.rawValue ? .max : 1 << 20
        return limits
    }

    @Test("a hostile archive is refused for its own reason, and nothing appears outside the directory", arguments: cases)
    func refused(_ hostile: Case) throws {
        let scratch = try Scratch()
        let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: hostile.path)))
        let escaped = FileManager.default.fileExists(atPath: "/tmp/escaped")
        // In large pieces and in the smallest: what is refused does not depend on how it arrives.
        for step in [Int.max, 1] {
            let target = try scratch.target.makeDirectory("\(step)")
            let error = #expect(throws: ArchiveError.self) {
                try Unpacking(into: target, limits: Self.limits(for: hostile.slug)).run(MemorySource(bytes, step: step))
            }
            #expect(error?.code.rawValue == hostile.slug, "\(error?.message ?? "accepted")")
            #expect(error?.message.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } == true)
        }
        #expect(scratch.beside.isEmpty)
        #expect(try Set(scratch.target.names()) == ["\(Int.max)", "1"])
        #expect(FileManager.default.fileExists(atPath: "/tmp/escaped") == escaped)
        #expect(!scratch.unpacked.keys.contains { $0.contains("escaped") })
        for name in FileManager.default.enumerator(atPath: "\(scratch.path)/target")?.compactMap({ $0 as? String }) ?? [] {
            let kind = try FileManager.default.attributesOfItem(atPath: "\(scratch.path)/target/\(name)")[.type] as? FileAttributeType
            #expect(kind == .typeRegular || kind == .typeDirectory)
        }
    }

    @Test("the table holds every refusal that an archive can cause")
    func complete() {
        let ofTheMachine: Set<ArchiveError.Code> = [.targetNotEmpty, .readFailed, .writeFailed, .stopped]
        let ofArchives = Set(ArchiveError.Code.allCases).subtracting(ofTheMachine).map(\.rawValue)
        #expect(Set(Self.cases.map(\.slug)) == Set(ofArchives))
        #expect(Self.cases.count >= 20)
    }
}
