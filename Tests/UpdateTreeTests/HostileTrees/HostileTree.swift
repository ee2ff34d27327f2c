import TUF
import Testing

@testable import UpdateTree

/// One defect of an update tree, and what an import must say about it.
struct HostileTree: Sendable, CustomTestStringConvertible {
    enum Outcome: Sendable, Equatable {
        /// A fatal finding with this slug.
        case refused(String)
        /// It is not even copied.
        case unreadable(UpdateTreeError.Code)
        /// Accepted, and told.
        case warned(String)
        case accepted
    }

    let name: String
    let outcome: Outcome
    let key: String
    let now: MetadataTime
    /// Whether the metadata are signed with keys of the test, for defects that signatures would hide.
    let isSignedHere: Bool
    let spoil: @Sendable (TreeDraft) throws -> Void

    init(
        _ name: String, _ outcome: Outcome, as key: String = "ci/main/43", now: Int64 = StoreFixture.now.seconds,
        isSignedHere: Bool = false, _ spoil: @escaping @Sendable (TreeDraft) throws -> Void
    ) {
        self.name = name
        self.outcome = outcome
        self.key = key
        self.now = MetadataTime(seconds: now)
        self.isSignedHere = isSignedHere
        self.spoil = spoil
    }

    /// Signed with keys of the test.
    static func signed(
        _ name: String, _ outcome: Outcome, _ change: @escaping @Sendable (inout SignedImage, TreeDraft) throws -> Void
    ) -> HostileTree {
        HostileTree(name, outcome, isSignedHere: true) { draft in try draft.sign { image in try change(&image, draft) } }
    }

    var testDescription: String { name }

    static let all = parts + metadata + signedMetadata + objects + blobs + kinds + paths + harmless
}
