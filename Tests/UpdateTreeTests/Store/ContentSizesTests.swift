import Foundation
import Testing

@testable import UpdateTree

@Suite("Sizes of what devices are sent")
struct ContentSizesTests {
    @Test("an update that was not checked has no known size")
    func unchecked() throws {
        let fixture = try StoreFixture()
        try fixture.copyByHand("ci/main/43", as: "ci/main/43")
        #expect(try ContentSizes(of: StoreFixture.key("ci/main/43"), in: fixture.library).bytes(from: nil) == nil)
    }

    @Test("a device whose target is here is sent what its update lacks, any other all of it")
    func difference() throws {
        let fixture = try StoreFixture()
        for update in ["ci/main/42", "ci/main/43"] { try fixture.importSample(update) }
        let (old, new) = (try StoreFixture.key("ci/main/42"), try StoreFixture.key("ci/main/43"))
        let sizes = try ContentSizes(of: new, in: fixture.library)
        let all = try #require(sizes.bytes(from: nil))
        #expect(sizes.bytes(from: "stranger") == all)
        let target = try #require(fixture.library.targetNames(of: old).first)
        let some = try #require(sizes.bytes(from: target))
        #expect(some > 0 && some < all, "\(some) of \(all)")
        // Counted another way: the files of the one tree that the other has not.
        #expect(try some == Self.bytes(of: "\(fixture.path)/updates/\(new.path)", without: "\(fixture.path)/updates/\(old.path)"))
    }

    private static func bytes(of tree: String, without other: String) throws -> Int64 {
        var sum: Int64 = 0
        for folder in ["ostree_repo/objects", "apps/blobs"] {
            for path in FileManager.default.enumerator(atPath: "\(tree)/\(folder)")?.allObjects as? [String] ?? [] {
                let attributes = try FileManager.default.attributesOfItem(atPath: "\(tree)/\(folder)/\(path)")
                guard attributes[.type] as? FileAttributeType == .typeRegular else { continue }
                if FileManager.default.fileExists(atPath: "\(other)/\(folder)/\(path)") { continue }
                sum += (attributes[.size] as? NSNumber)?.int64Value ?? 0
            }
        }
        return sum
    }
}
