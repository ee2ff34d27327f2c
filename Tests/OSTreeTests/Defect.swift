import Testing

@testable import OSTree

/// One defect in a repository that was right before.
struct Defect: Sendable, CustomTestStringConvertible {
    let title: String
    let codes: [OSTreeError.Code]
    let make: @Sendable (TestRepository) throws -> Void

    init(_ title: String, _ codes: OSTreeError.Code..., make: @escaping @Sendable (TestRepository) throws -> Void) {
        self.title = title
        self.codes = codes
        self.make = make
    }

    var testDescription: String { title }

    static let all: [Defect] = files + objects + repositories + metadata + deltas + superblocks + listings + strays + summaries
}
