import Foundation
import Snaps
import Testing

@testable import UpdateTree

/// An update that carries snaps.
@Suite("Snaps of an update")
struct SnapUpdateTests {
    static let samples = "\(Scratch.samples)/../snaps"

    private func update(_ scratch: Scratch) throws -> String {
        let source = try scratch.copyOfSample()
        try FileManager.default.copyItem(atPath: Self.samples, toPath: "\(source)/snaps")
        return source
    }

    struct Defect: Sendable, CustomTestStringConvertible {
        let name: String
        let slug: String
        let path: String
        let make: @Sendable (String) throws -> Void
        var testDescription: String { name }
    }

    static let defects: [Defect] = [
        Defect(name: "no index", slug: "update-part-missing", path: "snaps/index.json") {
            try FileManager.default.removeItem(atPath: "\($0)/index.json")
        },
        Defect(name: "an index that is no JSON", slug: "snap-index-invalid", path: "snaps/index.json") {
            try "{".write(toFile: "\($0)/index.json", atomically: false, encoding: .utf8)
        },
        Defect(name: "no file", slug: "update-part-missing", path: "snaps/testbase_1.snap") {
            try FileManager.default.removeItem(atPath: "\($0)/testbase_1.snap")
        },
        Defect(name: "no assertions", slug: "update-part-missing", path: "snaps/testbase_1.assert") {
            try FileManager.default.removeItem(atPath: "\($0)/testbase_1.assert")
        },
        Defect(name: "another size", slug: "snap-differs", path: "snaps/testbase_1.snap") {
            try Data(count: 5).write(to: URL(fileURLWithPath: "\($0)/testbase_1.snap"))
        },
        Defect(name: "other bytes", slug: "snap-differs", path: "snaps/testbase_1.snap") {
            try Data(count: 4096).write(to: URL(fileURLWithPath: "\($0)/testbase_1.snap"))
        },
        Defect(name: "assertions of another snap", slug: "snap-assertion-mismatch", path: "snaps/testbase_1.assert") {
            try FileManager.default.removeItem(atPath: "\($0)/testbase_1.assert")
            try FileManager.default.copyItem(atPath: "\($0)/snapd_1.assert", toPath: "\($0)/testbase_1.assert")
        },
        Defect(name: "an index that says another type", slug: "snap-differs", path: "snaps/testbase_1.snap") {
            try "\($0)/index.json".edit(#""type": "base""#, #""type": "app""#)
        },
        Defect(name: "an index that hides classic confinement", slug: "snap-differs", path: "snaps/classic-tool_1.snap") {
            try "\($0)/index.json".edit(#""classic": true"#, #""classic": false"#)
        },
        Defect(name: "no base", slug: "snap-prerequisite-missing", path: "snaps/classic-tool_1.snap") {
            let index = try SnapIndex(parsing: Array(Data(contentsOf: URL(fileURLWithPath: "\($0)/index.json"))))
            let without = try SnapIndex(snaps: index.snaps.filter { $0.kind != .base }, present: [])
            try Data(without.json).write(to: URL(fileURLWithPath: "\($0)/index.json"))
        },
    ]

    @Test("an update is refused as a whole for one defect of its snaps", arguments: defects)
    func refused(defect: Defect) throws {
        let scratch = try Scratch()
        let source = try update(scratch)
        try defect.make("\(source)/snaps")
        let report = try scratch.ingest(source, as: try Scratch.key("ci/main/43"))
        #expect(!report.isAccepted)
        #expect(report.findings.contains { $0.isFatal && $0.slug == defect.slug && $0.path == defect.path }, "\(report.findings)")
    }

    @Test("a file that the index does not name, and assertions that miss something, are warnings")
    func warnings() throws {
        let scratch = try Scratch()
        let source = try update(scratch)
        try "x".write(toFile: "\(source)/snaps/notes", atomically: false, encoding: .utf8)
        let file = "\(source)/snaps/snapd_1.assert"
        let parts = try String(contentsOfFile: file, encoding: .utf8).components(separatedBy: "\n\ntype: ")
        try ("type: " + parts[1...].joined(separator: "\n\ntype: ")).write(toFile: file, atomically: false, encoding: .utf8)
        let report = try scratch.ingest(source, as: try Scratch.key("ci/main/43"))
        #expect(report.isAccepted)
        #expect(report.findings.contains { !$0.isFatal && $0.path == "snaps/notes" })
        let finding = try #require(report.findings.first { $0.slug == "snap-assertion-incomplete" })
        #expect(finding.message.contains("account-key"))
    }

    @Test("an accepted update brings its snaps along, and the catalogue shows them until the update goes")
    func accepted() throws {
        let scratch = try Scratch()
        let key = try Scratch.key("ci/main/43")
        #expect(try scratch.ingest(try update(scratch), as: key).isAccepted)
        let place = "\(scratch.path)/updates/ci/main/43/snaps"
        #expect(FileManager.default.contentsEqual(atPath: place, andPath: Self.samples))

        var updates = UpdateSurvey(library: scratch.library)
        var survey = SnapSurvey(library: scratch.library)
        let catalogue = SnapCatalogue()
        catalogue.publish(survey.look(updates: try updates.look(thorough: true).accepted).shelves)
        #expect(catalogue.shelf(of: key).snaps.map(\.fileName).contains("hello-offline_2"))
        let generation = catalogue.generation
        catalogue.publish(survey.look(updates: [key]).shelves)
        #expect(catalogue.generation == generation)
        catalogue.publish(survey.look(updates: []).shelves)
        #expect(catalogue.shelf(of: key).snaps.isEmpty)
        #expect(catalogue.generation > generation)
    }

    @Test("an index that is written over takes the update out of what is accepted")
    func changed() throws {
        let scratch = try Scratch()
        let key = try Scratch.key("ci/main/43")
        #expect(try scratch.ingest(try update(scratch), as: key).isAccepted)
        var survey = UpdateSurvey(library: scratch.library)
        #expect(try survey.look(thorough: true).accepted == [key])
        // In place, so that no directory's time moves.
        let file = FileHandle(forWritingAtPath: "\(scratch.path)/updates/ci/main/43/snaps/index.json")
        try file?.write(contentsOf: Data("{ ".utf8))
        try file?.close()
        #expect(try survey.look(thorough: false).accepted.isEmpty)
    }
}
